"""A newcomer, and the steps they are led through."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from organizations.audit.models import PlatformEntry
from organizations.models import Membership
from organizations.onboarding.models import WelcomeProgress, WelcomeStep
from organizations.tenancy import as_user, identity, no_context, operator
from tests.conftest import make_user, signed_in_client
from tests.operator.conftest import look as look

WELCOME, HOME = "/welcome/", "/"


def page_of(kind: str) -> str:
    """Return the address of the step of a kind."""
    with no_context(), identity():
        return f"{WELCOME}{WelcomeStep.objects.get(kind=kind).pk}/"


def fresh(user: User) -> User:
    with no_context(), identity():
        return User.objects.get(pk=user.pk)


def progress(user: User) -> dict[str, str]:
    """Return what became of each step, by its kind."""
    with no_context(), as_user(user):
        rows = WelcomeProgress.objects.filter(user=user).select_related("step")
        return {row.step.kind: row.outcome for row in rows}


def acts(user: User) -> list[str]:
    """Return what the person is on record for, in its order."""
    with no_context(), as_user(user):
        rows = PlatformEntry.objects.filter(actor=user).order_by("pk")
        return list(rows.values_list("action", flat=True))


def home_of(user: User):
    """Return the one organization of a person."""
    with no_context(), as_user(user):
        return Membership.own.select_related("organization").get().organization


def write(kind: str = "note", **values) -> WelcomeStep:
    """Write a step as staff would, or change the one of a kind."""
    with no_context(), operator(None, reason="test"):
        rows = WelcomeStep.objects.exclude(kind="note").filter(kind=kind)
        if rows.update(**values):
            return WelcomeStep.objects.get(kind=kind)
        return WelcomeStep.objects.create(kind=kind, **values)


@pytest.fixture
def zoe(db: None) -> User:
    """Somebody who has just signed up."""
    return make_user("zoe", onboarding_completed=False)


@pytest.fixture
def as_zoe(zoe: User) -> Client:
    return signed_in_client(zoe)


@pytest.fixture
def founded(as_zoe: Client) -> Client:
    """Zoe, who has told her name and made an organization."""
    as_zoe.post(page_of("profile"), {"first_name": "Zoe", "last_name": "Zamora"})
    answer = as_zoe.post(page_of("organization"), {"name": "Harbour Works"})
    assert answer["Location"] == page_of("colleagues")
    return as_zoe


@pytest.fixture
def steps_as_they_were(db: None) -> Any:
    """Put the steps back: a flush leaves what migrations made."""
    with no_context(), operator(None, reason="test"):
        kept = list(WelcomeStep.objects.all())
    yield
    with no_context(), operator(None, reason="test"):
        WelcomeStep.objects.all().delete()
        WelcomeStep.objects.bulk_create(kept)
