"""Asking in code: for the active organization, right within a second, cheaply."""

from datetime import timedelta

import pytest
import structlog
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from billing.entitlement import ranks
from organizations.flags import known
from organizations.flags.asking import is_enabled
from organizations.models import Organization
from organizations.tenancy import as_user, identity, no_context, tenant
from tests.flags.conftest import STAFF

pytestmark = STAFF


@pytest.fixture
def inside(cast):
    """Ask as a member of Acme, or of another organization."""

    def ask(key, organization=None, given=None):
        with no_context(), tenant(organization or cast.acme, cast.alice):
            return is_enabled(key, given)

    return ask


@pytest.fixture
def statements(inside):
    def count(*args, times=1):
        with CaptureQueriesContext(connection) as captured:
            for _time in range(times):
                inside(*args)
        return len(captured)

    return count


def test_a_flag_is_on_for_the_active_organization(staff, inside, cast):
    flag = staff.make("quick_look")
    staff.override(flag, True)
    assert inside("quick_look")
    assert not inside("quick_look", cast.globex)


def test_an_organization_can_be_named(staff, cast):
    flag = staff.make("quick_look")
    staff.override(flag, True)
    with no_context():
        assert is_enabled("quick_look", cast.acme)
        assert is_enabled("quick_look", cast.acme.pk)
        assert not is_enabled("quick_look", cast.globex)
        assert not is_enabled("quick_look")


@pytest.mark.parametrize("place", [identity, no_context])
def test_without_an_organization_the_default_answers(staff, place):
    staff.make("old_look", default_enabled=True)
    staff.make("new_look")
    with no_context(), place():
        assert is_enabled("old_look")
        assert not is_enabled("new_look")


def test_a_person_without_an_organization_is_outside_every_rollout(staff, cast):
    staff.make("quick_look", rollout_percent=100)
    with no_context(), as_user(cast.nora):
        assert not is_enabled("quick_look")
    with no_context(), tenant(cast.acme, cast.alice):
        assert is_enabled("quick_look")


def test_an_unknown_key_is_off_and_logged(staff, inside):
    with structlog.testing.capture_logs() as logs:
        assert inside("never_heard_of") is False
    [line] = [line for line in logs if line["event"] == "flag.unknown"]
    assert (line["flag"], line["log_level"]) == ("never_heard_of", "warning")


@pytest.mark.parametrize(
    ("plan", "expected"), [("free", False), ("pro", True), ("enterprise", True)]
)
def test_the_plan_of_the_organization_counts(staff, inside, cast, plan, expected):
    staff.make("quick_look", minimum_plan="pro", default_enabled=True)
    with no_context(), tenant(cast.acme, cast.alice):
        Organization.objects.filter(pk=cast.acme.pk).update(plan=plan)
    assert inside("quick_look") is expected
    cast.acme.plan = plan
    assert inside("quick_look", given=cast.acme) is expected


def test_ranks_come_from_the_price_list(staff):
    with no_context():
        assert known.ranks() == ranks()
    assert ranks()["free"] < ranks()["pro"] < ranks()["enterprise"]


def later(seconds):
    return time_machine.travel(timezone.now() + timedelta(seconds=seconds), tick=False)


# cap 79
@pytest.mark.parametrize(
    "change",
    [
        lambda staff, flag: staff.change(flag, default_enabled=True),
        lambda staff, flag: staff.change(flag, rollout_percent=100),
        lambda staff, flag: staff.override(flag, True),
    ],
    ids=["default", "rollout", "override"],
)
def test_a_change_is_seen_within_a_second(staff, inside, change):
    flag = staff.make("quick_look")
    with later(0):
        assert not inside("quick_look")
        change(staff, flag)
        # What is known is kept for a moment.
        assert not inside("quick_look")
    with later(1):
        assert inside("quick_look")


def test_the_kill_switch_is_felt_within_a_second(staff, inside):
    flag = staff.make("quick_look", default_enabled=True)
    staff.override(flag, True)
    with later(0):
        assert inside("quick_look")
        assert staff.kill(flag)
    with later(1):
        assert not inside("quick_look")
        assert staff.kill(flag, killed=False)
    with later(2):
        assert inside("quick_look")


def test_a_switch_that_is_taken_away_is_forgotten(staff, inside):
    flag = staff.make("quick_look")
    staff.override(flag, True)
    with later(0):
        assert inside("quick_look")
        assert staff.override(flag, None)
    with later(1):
        assert not inside("quick_look")


def test_another_plan_is_seen_within_a_second(staff, inside, cast):
    staff.make("quick_look", minimum_plan="pro", default_enabled=True)
    with later(0):
        assert not inside("quick_look")
        with no_context(), tenant(cast.acme, cast.alice):
            Organization.objects.filter(pk=cast.acme.pk).update(plan="pro")
    with later(1):
        assert inside("quick_look")


def test_a_clock_that_was_put_back_keeps_nothing(staff, inside):
    flag = staff.make("quick_look")
    with later(60):
        assert not inside("quick_look")
        staff.change(flag, default_enabled=True)
    with later(0):
        assert inside("quick_look")


def test_many_questions_in_a_second_cost_two_statements(staff, statements):
    staff.make("quick_look")
    staff.make("other_look")
    with later(0):
        assert statements("quick_look", times=20) == 2
        assert statements("other_look", times=20) == 0
    # The organization's own are read again only when a flag was changed.
    with later(1):
        assert statements("quick_look", times=20) == 1


def test_what_an_organization_has_is_read_again_after_a_change(staff, statements):
    flag = staff.make("quick_look")
    with later(0):
        statements("quick_look")
        staff.override(flag, True)
    with later(1):
        assert statements("quick_look", times=20) == 2


def test_a_refused_statement_leaves_nothing_half_known(staff, inside):
    staff.make("quick_look", default_enabled=True)

    def refuse(execute, *args):
        raise RuntimeError("away")

    with later(0):
        with connection.execute_wrapper(refuse), pytest.raises(RuntimeError):
            inside("quick_look")
        assert inside("quick_look")


def test_pages_that_ask_for_no_flag_read_none(staff, as_alice):
    as_alice.get("/tasks/")
    with CaptureQueriesContext(connection) as captured:
        assert as_alice.get("/tasks/").status_code == 200
    assert "flags_" not in "".join(query["sql"] for query in captured)
