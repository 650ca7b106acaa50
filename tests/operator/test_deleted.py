"""What staff see and do of deleted organizations."""

from datetime import timedelta

import pytest
from django.utils import timezone

from organizations import closing, flows
from organizations.audit.models import AuditEntry
from organizations.models import DAYS_RESTORABLE, Organization
from organizations.tenancy import no_context, tenant
from tests.operator.conftest import CONSOLE, act, address

pytestmark = CONSOLE


@pytest.fixture
def deleted(cast):
    def make(days=0):
        with no_context(), tenant(cast.acme, cast.alice):
            closing.delete_organization(organization=cast.acme, by=cast.alice)
            moment = timezone.now() - timedelta(days=days)
            Organization.objects.filter(pk=cast.acme.pk).update(deleted_at=moment)
        return cast.acme

    return make


def is_open(look, organization):
    rows = Organization.objects.filter(pk=organization.pk, deleted_at=None)
    return look(rows.exists)


def test_staff_see_what_is_deleted(as_olga, cast, deleted):
    deleted()
    page = as_olga.get(address(Organization, "changelist") + "?deleted_at__isempty=0")
    assert "Acme" in page.text
    assert "Globex" not in page.text


# cap 40, 72
def test_staff_take_a_deletion_back(as_olga, as_bob, cast, look, deleted):
    deleted(days=2)
    act(as_olga, Organization, "undelete", cast.acme, reason="Asked by phone")
    assert is_open(look, cast.acme)
    assert as_bob.get("/tasks/").status_code == 200
    rows = AuditEntry.objects.filter(action="organization.undeleted")
    entry = look(rows.get)
    assert (entry.actor_type, entry.after["reason"]) == ("operator", "Asked by phone")


@pytest.mark.parametrize(("days", "reason"), [(1, ""), (DAYS_RESTORABLE + 1, "Sorry")])
def test_not_without_a_reason_and_not_too_late(
    as_olga, cast, look, deleted, days, reason
):
    deleted(days)
    act(as_olga, Organization, "undelete", cast.acme, reason=reason)
    assert not is_open(look, cast.acme)


def test_not_while_its_address_is_anothers(as_olga, cast, look, deleted):
    deleted()
    with no_context():
        flows.create_organization(user=cast.nora, name="New", slug="acme")
    page = act(as_olga, Organization, "undelete", cast.acme, reason="Asked by phone")
    assert "0 changed" in page.text
    assert not is_open(look, cast.acme)
