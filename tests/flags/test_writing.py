"""What staff write, what of it the logs say, and that nobody else can write it."""

import pytest
from django.db import IntegrityError, ProgrammingError, transaction
from django.db.models import ProtectedError

from organizations.audit.models import AuditEntry, PlatformEntry
from organizations.flags.models import FeatureFlag, OrganizationFeatureFlag
from organizations.tenancy import no_context, operator, tenant
from tests.flags.conftest import STAFF
from tests.tenancy.attacks import sql

pytestmark = STAFF
TABLE = "flags_organizationfeatureflag"


def entries(cast):
    with no_context(), tenant(cast.acme, cast.alice):
        found = AuditEntry.objects.filter(action__startswith="flag.")
        return list(found.order_by("sequence"))


# cap 79
def test_a_switch_is_in_the_log_of_its_organization(staff, cast):
    flag = staff.make("quick_look", name="Quick look")
    assert staff.override(flag, True)
    [entry] = entries(cast)
    assert (entry.action, entry.actor_type) == ("flag.overridden", "operator")
    assert (entry.actor_id, entry.target_label) == (cast.olga.pk, "Quick look")
    assert entry.before == {}
    assert entry.after == {"flag": "quick_look", "enabled": True, "reason": "A trial"}
    with no_context(), tenant(cast.globex, cast.charlie):
        assert not AuditEntry.objects.filter(action__startswith="flag.").exists()


def test_a_switch_is_turned_and_taken_away(staff, cast):
    flag = staff.make("quick_look")
    for enabled in (True, False, None):
        assert staff.override(flag, enabled)
    assert [each.action for each in entries(cast)] == [
        "flag.overridden",
        "flag.overridden",
        "flag.override_removed",
    ]
    assert entries(cast)[1].before == {"flag": "quick_look", "enabled": True}
    assert entries(cast)[2].before == {"flag": "quick_look", "enabled": False}
    assert "enabled" not in entries(cast)[2].after


@pytest.mark.parametrize("enabled", [True, False, None])
def test_what_is_so_already_is_not_written(staff, cast, enabled):
    flag = staff.make("quick_look")
    first = staff.override(flag, enabled)
    assert first is (enabled is not None)
    assert not staff.override(flag, enabled)
    assert len(entries(cast)) == first


def test_the_kill_switch_is_in_the_platforms_log(staff, cast):
    flag = staff.make("quick_look")
    assert staff.kill(flag)
    assert not staff.kill(flag)
    assert staff.kill(flag, killed=False)
    with no_context(), operator(cast.olga, "test"):
        found = PlatformEntry.objects.filter(target_id=str(flag.pk))
        told = list(found.order_by("created_at").values_list("action", "after"))
    reason = {"reason": "It burns"}
    assert told == [("flag.killed", reason), ("flag.revived", reason)]
    assert entries(cast) == []


# cap 79
def test_another_organizations_switch_is_out_of_sight(staff, cast):
    flag = staff.make("quick_look")
    staff.override(flag, True)
    with no_context(), tenant(cast.acme, cast.alice):
        assert OrganizationFeatureFlag.objects.get().enabled
        assert sql(f"SELECT enabled FROM {TABLE}") == [(True,)]
    with no_context(), tenant(cast.globex, cast.charlie):
        assert not OrganizationFeatureFlag.objects.exists()
        assert sql(f"SELECT * FROM {TABLE}") == []
    with no_context():
        assert sql(f"SELECT * FROM {TABLE}") == []


@pytest.mark.parametrize(
    "statement",
    [
        f"INSERT INTO {TABLE} SELECT * FROM {TABLE}",
        f"UPDATE {TABLE} SET enabled = true",
        f"DELETE FROM {TABLE}",
        "UPDATE flags_featureflag SET is_killed = false",
        "DELETE FROM flags_featureflag",
        "UPDATE banners_banner SET text = 'x'",
        "DELETE FROM banners_banner",
    ],
)
def test_the_products_role_writes_none_of_it(staff, cast, statement):
    staff.override(staff.make("quick_look"), False)
    with (
        no_context(),
        tenant(cast.acme, cast.alice),
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
    ):
        sql(statement)


@pytest.mark.parametrize(
    "values",
    [
        {"key": "Quick look"},
        {"key": "quick-look"},
        {"key": ""},
        {"key": "quick_look", "name": ""},
        {"key": "quick_look", "rollout_percent": 101},
        {"key": "webhooks_replay_failed"},
    ],
)
def test_the_database_refuses_a_flag_that_makes_no_sense(staff, values):
    with pytest.raises(IntegrityError):
        staff.make(**values)


def test_a_flag_with_switches_is_not_deleted(staff, cast):
    flag = staff.make("quick_look")
    staff.override(flag, True)
    with no_context(), operator(cast.olga, "test"), pytest.raises(ProtectedError):
        FeatureFlag.objects.filter(pk=flag.pk).delete()


def test_one_organization_has_one_switch_of_a_flag(staff, cast):
    flag = staff.make("quick_look")
    staff.override(flag, True)
    again = OrganizationFeatureFlag(flag=flag, enabled=False)
    again.organization = cast.acme
    with (
        no_context(),
        operator(cast.olga, "test"),
        pytest.raises(IntegrityError, match="flags_override_uniq"),
        transaction.atomic(using="operator"),
    ):
        again.save(using="operator")


def test_a_flag_is_called_by_its_key(staff):
    flag = staff.make("quick_look")
    assert str(flag) == "quick_look"
    own = OrganizationFeatureFlag(flag=flag, enabled=True)
    assert str(own) == f"{flag.pk} True"
