"""Staff: a connection of their own, every organization, one at a time if they like."""

import pytest
from django.db import DatabaseError, connections, transaction

from organizations.audit.models import AuditEntry
from organizations.models import Membership, Organization
from organizations.tenancy import as_user, no_context, operator, tenant
from organizations.tenancy.routers import TenancyRouter
from tests.lab.models import Item, ItemLabel, Label, Project
from tests.tenancy.attacks import sql
from tests.tenancy.conftest import furnish

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "operator"])
COUNT = "SELECT count(*) FROM lab_item"


def test_staff_see_all_and_change_all(transactional_db):
    ours, theirs = furnish("ours"), furnish("theirs")
    with operator(ours.user, "a test"):
        assert Item.objects.count() == 2
        assert Item.objects.db == "operator"
        with tenant(theirs.organization) as narrowed:
            assert narrowed.mode == "operator"
            assert [item.title for item in Item.objects.all()] == ["item of theirs"]
        item = Item.objects.get(pk=theirs.item.pk)
        item.title = "mended"
        item.save()
        Label.objects.create(name="made", organization=ours.organization)
    with tenant(theirs.organization):
        assert Item.objects.get().title == "mended"
    with tenant(ours.organization):
        assert Label.objects.filter(name="made").exists()


def test_the_operators_role_sees_nothing_without_its_context(transactional_db):
    ours = furnish("ours")
    for outside in (no_context(), tenant(ours.organization), as_user(ours.user)):
        with outside:
            assert sql(COUNT, using="operator") == [(0,)]
    with operator(ours.user, "a test"):
        assert sql(COUNT, using="operator") == [(1,)]
        # cap 37: the same context on the runtime role opens nothing.
        assert sql(COUNT, using="default") == [(0,)]


def test_deleting_an_organization_takes_everything_it_has(transactional_db):
    ours, theirs = furnish("ours"), furnish("theirs")
    with operator(None, "a test"):
        Organization.objects.filter(pk=ours.id).delete()
        for model in (Project, Label, ItemLabel, Item, Membership, AuditEntry):
            rows = model.objects.using("operator").values_list("organization_id")
            assert set(rows) == {(theirs.id,)}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_auditentry SET action = 'x'",
        "DELETE FROM audit_auditentry",
        "TRUNCATE audit_auditentry",
        "ALTER TABLE lab_item DISABLE ROW LEVEL SECURITY",
        "SET ROLE insula_owner",
    ],
)
def test_not_even_staff_may(statement):
    with (
        operator(None, "a test"),
        pytest.raises(DatabaseError),
        transaction.atomic(using="operator"),
    ):
        sql(statement, using="operator")


def test_the_router_follows_the_context():
    router = TenancyRouter()
    assert router.db_for_read(Item) == "default"
    with operator(None, "a test"):
        assert router.db_for_write(Item) == "operator"
    assert router.allow_migrate("owner", "lab")
    assert not router.allow_migrate("operator", "lab")
    assert connections["operator"].settings_dict["USER"] == "insula_operator"
