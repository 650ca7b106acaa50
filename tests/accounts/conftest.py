"""What the tests of sign-in share: a browser, the last code, and what was recorded."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.db import transaction
from django.test import Client

from accounts.models import User
from organizations.audit.models import PlatformEntry
from organizations.tenancy import as_user, identity
from tests.conftest import PASSWORD, make_user

CODE = re.compile(r"^ +([A-Z0-9]{4}-[A-Z0-9]{4})$", re.MULTILINE)
WRONG = "not the right words"


@pytest.fixture
def alice(db: None) -> User:
    return make_user("alice")


@pytest.fixture
def bob(db: None) -> User:
    return make_user("bob")


@pytest.fixture
def visitor(db: None) -> Client:
    return Client()


@pytest.fixture
def code() -> Callable[[], str]:
    """Return the code in the newest mail."""
    return lambda: CODE.search(mail.outbox[-1].body).group(1)


@pytest.fixture
def log_in() -> Callable[..., Any]:
    """Sign in on the page, as a browser does."""

    def post(client: Client, email: str, password: str = PASSWORD, **more: Any) -> Any:
        data = {"login": email, "password": password} | more
        return client.post("/accounts/login/", data)

    return post


@pytest.fixture
def at_home(alice: User, visitor: Client, log_in: Callable[..., Any]) -> Client:
    """Alice's browser, signed in on the page a moment ago."""
    assert log_in(visitor, alice.email).status_code == 302
    return visitor


@pytest.fixture
def proven(at_home: Client) -> Client:
    """Alice's browser, and she has just typed her password once more."""
    answer = at_home.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert answer.status_code == 302
    return at_home


def person(email: str) -> User:
    with identity():
        return User.objects.get(email=email)


def recorded(user: User, action: str) -> list[PlatformEntry]:
    """Return the entries of a person's own acts."""
    with as_user(user):
        return list(PlatformEntry.objects.filter(actor=user, action=action))


def is_signed_in(client: Client) -> bool:
    return client.get("/accounts/profile/").status_code == 200


def change(user: User, **values: Any) -> None:
    """Change a person behind the back of their browsers, as the console does."""
    with identity():
        User.objects.filter(pk=user.pk).update(**values)


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do what waits for the commit at once: a test's transaction never commits."""
    monkeypatch.setattr(transaction, "on_commit", lambda work, **kwargs: work())
