"""Olga, proven and with a second step, in other people's place."""

from types import SimpleNamespace
from typing import Any

import pytest
from allauth.mfa.models import Authenticator

from accounts.impersonation.models import Impersonation
from organizations.audit.models import AuditEntry
from organizations.support.flows import grant_access
from organizations.support.models import SupportGrant
from organizations.tenancy import identity, no_context, operator, tenant
from tests.conftest import PASSWORD
from tests.operator.conftest import CONSOLE

__all__ = ["CONSOLE", "give_second_step", "grant", "prove", "recorded", "visit_page"]
REASON = "Ticket 4471: the list is empty"


def give_second_step(user: Any) -> None:
    with no_context(), identity(user):
        Authenticator.objects.create(
            user=user, type=Authenticator.Type.TOTP, data={"secret": "x"}
        )


def prove(client: Any) -> None:
    answer = client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert answer.status_code == 302


def visit_page(person: Any) -> str:
    return f"/admin/accounts/user/{person.pk}/visit/"


def recorded(organization: Any, action: str) -> list[AuditEntry]:
    """Return an organization's entries of an action, the oldest first."""
    with no_context(), tenant(organization):
        rows = AuditEntry.objects.filter(action=action).order_by("sequence")
        return list(rows)


def grant(organization: Any, owner: Any, hours: int = 1) -> SupportGrant:
    with no_context(), tenant(organization, owner):
        return grant_access(organization=organization, by=owner, hours=hours)


@pytest.fixture
def olga(cast: SimpleNamespace, as_olga: Any) -> Any:
    """Olga's browser, ready to look on."""
    give_second_step(cast.olga)
    prove(as_olga)
    return as_olga


@pytest.fixture
def look_on(cast: SimpleNamespace, olga: Any) -> Any:
    """Return a call by which Olga's browser looks on as somebody."""

    def begin(person: Any, organization: Any = cast.acme, **values: Any) -> Any:
        sent = {"reason": REASON, "minutes": "30", **values}
        if organization is not None:
            sent["organization"] = str(organization.pk)
        answer = olga.post(visit_page(person), sent)
        assert answer.status_code == 302, answer.content.decode()
        return olga

    return begin


@pytest.fixture
def as_staff(look_on: Any, cast: SimpleNamespace) -> Any:
    """Olga's browser, looking on as Alice of Acme."""
    return look_on(cast.alice)


@pytest.fixture
def look(cast: SimpleNamespace) -> Any:
    """Do something as the operator."""

    def read(act: Any) -> Any:
        with no_context(), operator(cast.olga, reason="test"):
            return act()

    return read


@pytest.fixture
def stay(cast: SimpleNamespace) -> Any:
    """Return a call that reads the stay as it is now."""

    def read() -> Impersonation:
        with no_context(), identity():
            return Impersonation.objects.select_related("staff", "person").latest("pk")

    return read
