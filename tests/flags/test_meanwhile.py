"""Flags while two act at once, after an organization ends, and in odd requests."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, connections
from django.test import Client

from organizations.audit.models import AuditEntry, PlatformEntry
from organizations.flags import known
from organizations.flags.asking import is_enabled
from organizations.flags.models import FeatureFlag, OrganizationFeatureFlag
from organizations.models import Organization
from organizations.tenancy import no_context, operator, tenant
from tests.conftest import signed_in_client
from tests.flags.conftest import STAFF
from tests.operator.conftest import SOME_ID, address
from tests.organizations.test_purging import delete, purge

pytestmark = STAFF
OWN = "flags_organizationfeatureflag"


def elsewhere(call):
    """Do something in another thread, with connections of its own."""

    def work():
        try:
            return call()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(work).result()


def at_once(*calls):
    """Do all of these at the same moment; return what each returned."""
    gate = Barrier(len(calls))

    def work(call):
        try:
            gate.wait(20)
            return call()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return [each.result() for each in [pool.submit(work, c) for c in calls]]


def read(cast, question):
    with no_context(), operator(cast.olga, "test"):
        return question()


def log_of(cast, model, action="flag."):
    rows = model.objects.filter(action__startswith=action).order_by("created_at", "id")
    return read(cast, lambda: list(rows.values_list("action", flat=True)))


def test_a_switch_that_is_turned_while_it_is_read_is_not_remembered_for_good(
    staff, cast
):
    """One thread has read the old switch; others see the new one before it is kept."""
    flag = staff.make("quick_look")
    turned = []

    def turn():
        staff.override(flag, True)
        known._kept[0] = known._kept[0]._replace(until=0.0)
        known.flags()

    def execute(call, sql, params, many, context):
        answer = call(sql, params, many, context)
        if OWN in sql and not turned:
            turned.append(sql)
            # What was read is fetched by now: the answer is the former one.
            elsewhere(lambda: no_context_of(turn))
        return answer

    with no_context(), tenant(cast.acme, cast.alice):
        with connection.execute_wrapper(execute):
            assert is_enabled("quick_look") is False
        assert turned
        assert is_enabled("quick_look") is True


def no_context_of(call):
    with no_context():
        return call()


@pytest.mark.parametrize("wanted", [(True, True), (True, False), (None, True)])
def test_two_who_switch_at_once_leave_one_row_and_one_entry_each(staff, cast, wanted):
    flag = staff.make("quick_look")
    done = at_once(*(lambda w=w: staff.override(flag, w) for w in wanted))
    rows = read(cast, lambda: list(OrganizationFeatureFlag.objects.all()))
    assert len(rows) <= 1
    assert len(log_of(cast, AuditEntry)) == sum(done)
    if wanted == (True, True):
        assert sum(done) == 1


def test_two_who_pull_the_kill_switch_at_once_are_recorded_once(staff, cast):
    flag = staff.make("quick_look")
    done = at_once(*[lambda: staff.kill(flag)] * 4)
    assert sorted(done) == [False, False, False, True]
    assert log_of(cast, PlatformEntry) == ["flag.killed"]


def test_killed_beats_a_switch_that_comes_at_the_same_moment(staff, cast):
    flag = staff.make("quick_look", default_enabled=True)
    at_once(lambda: staff.kill(flag), lambda: staff.override(flag, True))
    known.forget()
    with no_context(), tenant(cast.acme, cast.alice):
        assert is_enabled("quick_look") is False


def test_many_threads_that_ask_first_agree(staff, cast):
    staff.override(staff.make("quick_look"), True)
    known.forget()

    def ask():
        with no_context(), tenant(cast.acme, cast.alice):
            return is_enabled("quick_look")

    # Whoever asks while the very first answer is on its way may find no flag yet.
    assert any(at_once(*[ask] * 4))
    assert at_once(*[ask] * 4) == [True] * 4


def test_a_purged_organization_leaves_no_switch_and_the_flag_may_go(
    staff, cast, as_olga
):
    flag = staff.make("quick_look")
    staff.override(flag, True)
    staff.override(flag, False, cast.globex)
    delete(cast.acme, cast.alice, 31)
    purge()
    left = read(cast, lambda: list(OrganizationFeatureFlag.objects.all()))
    assert [each.organization_id for each in left] == [cast.globex.pk]
    staff.override(flag, None, cast.globex)
    where = address(FeatureFlag, "delete", flag.pk)
    assert as_olga.post(where, {"post": "yes"}).status_code == 302
    assert not read(cast, FeatureFlag.objects.filter(pk=flag.pk).exists)
    assert log_of(cast, PlatformEntry) == ["flag.deleted"]


def test_a_deleted_organization_keeps_its_switch_until_it_is_purged(staff, cast):
    flag = staff.make("quick_look")
    staff.override(flag, True)
    delete(cast.acme, cast.alice, 1)
    purge()
    assert read(cast, OrganizationFeatureFlag.objects.count) == 1


def test_the_way_of_a_deleted_organization_is_looked_up_by_nobody(staff, cast, as_olga):
    flag = staff.make("quick_look")
    delete(cast.acme, cast.alice, 1)
    answer = as_olga.get(address(FeatureFlag, "why", flag.pk), {"organization": "acme"})
    assert answer.status_code == 422


@pytest.mark.parametrize(
    "slug", ["", " ", "<b>x</b>", "ACME", "acme' OR '1'='1", "😀", "x" * 5000, "\u202e"]
)
def test_an_odd_address_is_nobodys(staff, as_olga, slug):
    flag = staff.make("quick_look")
    where = address(FeatureFlag, "why", flag.pk)
    answer = as_olga.get(where, {"organization": slug})
    assert answer.status_code in {200, 422}
    assert answer.context["steps"] == []
    assert "<b>x</b>" not in answer.text


@pytest.mark.parametrize(
    ("values", "status"),
    [
        ({"flag": "nonsense"}, 422),
        ({"flag": SOME_ID}, 422),
        ({"flag": ""}, 422),
        ({"switch": "perhaps"}, 422),
        ({"switch": ""}, 422),
        ({"reason": " \t\n"}, 422),
        ({"reason": "x" * 501}, 422),
        ({"reason": "😀 \u202e <b>why</b>"}, 302),
    ],
)
def test_an_odd_switch_is_refused_and_unrecorded(staff, as_olga, cast, values, status):
    flag = staff.make("quick_look")
    where = address(Organization, "flag", cast.acme.pk)
    sent = {"flag": str(flag.pk), "switch": "on", "reason": "A trial"} | values
    assert as_olga.post(where, sent).status_code == status
    made = int(status == 302)
    assert read(cast, OrganizationFeatureFlag.objects.count) == made
    assert log_of(cast, AuditEntry) == ["flag.overridden"] * made


def test_a_reason_of_staff_is_words_in_the_members_log(staff, as_olga, as_alice, cast):
    flag = staff.make("quick_look", name="<i>Quick</i>")
    where = address(Organization, "flag", cast.acme.pk)
    sent = {"flag": str(flag.pk), "switch": "on", "reason": "<b>why</b>"}
    assert as_olga.post(where, sent).status_code == 302
    page = as_alice.get("/audit/").text
    assert "flag.overridden" in page
    assert "<b>why</b>" not in page
    assert "<i>Quick</i>" not in page


@pytest.mark.parametrize("name", ["kill", "revive"])
def test_sent_twice_an_act_is_recorded_once(staff, as_olga, cast, name):
    flag = staff.make("quick_look")
    if name == "revive":
        staff.kill(flag)
    before = len(log_of(cast, PlatformEntry))
    where = address(FeatureFlag, name, flag.pk)
    for _time in range(2):
        assert as_olga.post(where, {"reason": "Twice"}).status_code in {302, 422}
    assert len(log_of(cast, PlatformEntry)) == before + 1


@pytest.mark.parametrize("name", ["kill", "revive", "why", "change", "delete"])
def test_a_flag_with_another_id_is_missing_to_staff_and_members(
    staff, as_olga, as_alice, name
):
    where = address(FeatureFlag, name, SOME_ID)
    assert as_olga.get(where).status_code in {302, 403, 404}
    theirs, none = as_alice.get(where), as_alice.get("/no/such/page/")
    assert theirs.status_code == none.status_code == 404
    ours = [each.text.replace(each["X-Request-Id"], "") for each in (theirs, none)]
    assert ours[0] == ours[1]


@pytest.mark.parametrize("actor", ["alice", "adam", "bob", "vera", "charlie", "nora"])
def test_members_of_any_role_switch_nothing(request, staff, cast, actor):
    flag = staff.make("quick_look")
    client = request.getfixturevalue(f"as_{actor}")
    sent = {"flag": str(flag.pk), "switch": "on", "reason": "Mine"}
    places = (
        address(Organization, "flag", cast.acme.pk),
        address(FeatureFlag, "kill", flag.pk),
        address(FeatureFlag, "delete", flag.pk),
    )
    for where in places:
        assert client.post(where, sent).status_code == 404
    assert read(cast, OrganizationFeatureFlag.objects.count) == 0
    assert not read(cast, lambda: FeatureFlag.objects.get(pk=flag.pk)).is_killed
    assert log_of(cast, AuditEntry) == log_of(cast, PlatformEntry) == []


def test_without_its_token_no_form_of_staff_counts(staff, cast):
    flag = staff.make("quick_look")
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = signed_in_client(cast.olga).cookies
    where = address(FeatureFlag, "kill", flag.pk)
    assert strict.post(where, {"reason": "Foreign"}).status_code == 403
    assert not read(cast, lambda: FeatureFlag.objects.get(pk=flag.pk)).is_killed


@pytest.mark.parametrize("name", ["kill", "why", "change"])
def test_looking_at_a_page_of_a_flag_changes_nothing(staff, as_olga, cast, name):
    flag = staff.make("quick_look")
    assert as_olga.get(address(FeatureFlag, name, flag.pk)).status_code == 200
    assert not read(cast, lambda: FeatureFlag.objects.get(pk=flag.pk)).is_killed
    assert log_of(cast, PlatformEntry) == []
