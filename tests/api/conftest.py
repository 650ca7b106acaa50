"""A program of Acme, with whatever scopes a test wants."""

import json
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.test import Client

from organizations.api.flows import create_key
from organizations.api.models import ApiKey
from organizations.api.offered import ABILITIES
from organizations.tenancy import no_context, tenant
from tests.conftest import PASSWORD
from tests.limits.conftest import allow

__all__ = ["allow"]

KEYS = "/developers/keys/"
NEW = f"{KEYS}new/"
EVENTS = "/api/v1/events"
FORM = {"name": "Shop backend", "scopes": ["tasks.view"], "expires": "90"}


@dataclass
class Program:
    """Something that calls the API with a key."""

    text: str
    key: ApiKey | None = None
    client: Client = field(default_factory=Client)

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.text:
            given.setdefault("Authorization", f"Bearer {self.text}")
        data = body if isinstance(body, str | bytes) else json.dumps(body)
        sent = "" if body is None else data
        kind = given.pop("Content-Type", "application/json")
        return self.client.generic(method, path, sent, kind, headers=given)

    def get(self, path: str, **headers: str) -> Any:
        return self.call("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.call("POST", path, body, **headers)


def make_key(organization, person, scopes=ABILITIES, expires_at=None, name="Robot"):
    """Make a key as somebody would."""
    with no_context(), tenant(organization, person):
        return create_key(name=name, scopes=scopes, expires_at=expires_at, by=person)


@pytest.fixture
def program(cast):
    """A program of Acme that may do whatever a key can be given."""
    key, text = make_key(cast.acme, cast.alice)
    return Program(text, key)


@pytest.fixture
def reload(cast):
    """Return a call that reads a key again."""

    def read(key: ApiKey, organization: Any = None) -> ApiKey:
        with no_context(), tenant(organization or cast.acme):
            return ApiKey.objects.get(pk=key.pk)

    return read


@pytest.fixture
def proven(as_alice):
    """Alice, who has typed her password a moment ago."""
    as_alice.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return as_alice


def code_of(answer: Any) -> str:
    return str(answer.json()["code"])
