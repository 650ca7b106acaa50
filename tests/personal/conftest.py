"""Somebody who has just typed their password, and what their copy holds."""

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from organizations.personal.models import PersonalExport
from organizations.tenancy import identity, no_context, tenant
from tasks.flows import create_task
from tests.conftest import PASSWORD

PAGE = "/accounts/data/"
ASK = f"{PAGE}export/"
DOWNLOAD = f"{PAGE}download/"


def prove(client: Client) -> Client:
    """Type the password once more."""
    answer = client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert answer.status_code == 302
    return client


@pytest.fixture
def bob(as_bob: Client) -> Client:
    """Bob's browser, proven a moment ago."""
    return prove(as_bob)


@pytest.fixture
def work(cast: Any) -> None:
    """Tasks of Acme and Globex, some of them Bob's."""
    with no_context(), tenant(cast.acme, cast.bob):
        create_task(by=cast.bob, title="Oil the gate – geölt", assignees=[])
    with no_context(), tenant(cast.acme, cast.alice):
        create_task(by=cast.alice, title="Paint the gate", assignees=[cast.bob])
        create_task(by=cast.alice, title="Not his at all", assignees=[cast.alice])
    with no_context(), tenant(cast.globex, cast.charlie):
        create_task(by=cast.charlie, title="Globex alone", assignees=[])


@pytest.fixture
def copy_of(run_jobs: Callable[..., list[str]]) -> Callable[..., zipfile.ZipFile]:
    """Return a call that asks for a copy, lets it be made, and opens it."""

    def made(client: Client) -> zipfile.ZipFile:
        client.post(ASK)
        assert set(run_jobs()) == {"succeeded"}
        answer = client.get(DOWNLOAD)
        return zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))

    return made


def part(copy: zipfile.ZipFile, name: str) -> Any:
    return json.loads(copy.read(name))


def export_of(person: Any) -> PersonalExport | None:
    with no_context(), identity():
        return PersonalExport.objects.filter(user=person).first()


def change(person: Any, **values: Any) -> None:
    with no_context(), identity():
        PersonalExport.objects.filter(user=person).update(**values)
