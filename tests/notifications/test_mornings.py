"""What changes between the news and the morning: choices, zones, roles and people."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.test import Client

from organizations import flows as members
from organizations.closing import delete_organization
from organizations.notifications import digests, flows, jobs
from organizations.notifications.models import Preference
from organizations.notifications.unsubscribing import EVERY_DIGEST, token_for
from organizations.personal.erasure import erase
from organizations.roles.flows import create_role, give_role
from organizations.tenancy import as_user, identity, no_context, tenant
from tasks.comments.flows import write_comment
from tasks.flows import create_task
from tests.notifications.test_digests import (
    SUMMER,
    at_midnight,
    digest,  # noqa: F401
    is_digest,
    read,
    wanting,
)

NEXT = (2027, 7, 2)


def letters(told):
    return [one for one in told.mails(told.cast.alice) if is_digest(one)]


def drop(told, kind="mention"):
    with no_context(), told.inside(told.cast.alice):
        Preference.objects.filter(kind=kind, channel="digest").delete()


def way_out(told):
    token = token_for(told.cast.acme.pk, told.cast.alice.pk, EVERY_DIGEST)
    return Client().post(f"/inbox/unsubscribe/{token}/")


@pytest.mark.parametrize(
    ("zone", "early", "due"),
    [
        ("Asia/Kathmandu", 2, 3),
        ("Pacific/Pago_Pago", 18, 19),
        ("Australia/Lord_Howe", 21, 22),
        ("Pacific/Kiritimati", 17, 18),
        ("Pacific/Chatham", 19, 20),
    ],
)
def test_far_clocks_strike_eight_too(zone, early, due, told, digest, time_machine):
    wanting(told, zone)
    at_midnight(told, time_machine, SUMMER)
    assert digest(SUMMER, early) == 0
    assert [digest(SUMMER, hour) for hour in (due, due, due + 1)] == [1, 1, 1]


@pytest.mark.parametrize(
    ("zone", "day", "due"),
    [
        ("America/New_York", (2027, 3, 14), 12),
        ("America/New_York", (2027, 11, 7), 13),
        ("Australia/Lord_Howe", (2027, 4, 3), 22),
    ],
)
def test_a_day_of_changing_clocks_has_one_digest_and_the_next_one_too(
    zone, day, due, told, digest, time_machine
):
    wanting(told, zone)
    at_midnight(told, time_machine, day)
    for _again in range(3):
        assert digest(day, due) == 1
    told.written(told.cast.bob)
    after = datetime(*day, due, 45, tzinfo=UTC) + timedelta(days=1)
    assert digest((after.year, after.month, after.day), after.hour, 45) == 2


def test_unsubscribing_before_the_morning_is_in_time(told, digest, time_machine):
    wanting(told)
    at_midnight(told, time_machine, SUMMER)
    assert way_out(told).status_code == 200
    assert digest(SUMMER, 8) == 0
    assert digest(NEXT, 8) == 0
    assert told.rows(told.cast.alice)[0].read_at is None


def test_a_kind_that_is_dropped_is_left_out_and_the_others_come(
    told, as_bob, digest, time_machine, sign_in
):
    wanting(told)
    told.choose(told.cast.alice, "task_done", "digest", is_on=True)
    note = at_midnight(told, time_machine, SUMMER)
    told.run()
    fresh = sign_in(told.cast.bob, told.cast.acme)
    fresh.post(f"/tasks/{note.subject_id}/status/", {"status": "done"})
    told.run()
    drop(told)
    assert digest(SUMMER, 8) == 1
    (letter,) = letters(told)
    assert letter.subject == "Acme: 1 thing you have not read"
    assert "finished ACME-1" in letter.body
    assert "mentioned" not in letter.body


def test_a_morning_with_nothing_wanted_does_not_use_up_the_day(
    told, digest, time_machine
):
    wanting(told)
    at_midnight(told, time_machine, SUMMER)
    drop(told)
    assert digest(SUMMER, 8) == 0
    told.choose(told.cast.alice, "mention", "digest", is_on=True)
    assert digest(SUMMER, 11) == 1
    assert digest(SUMMER, 12) == 1


def test_what_is_read_between_gathering_and_mailing_is_left_out(told, time_machine):
    wanting(told)
    note = at_midnight(told, time_machine, SUMMER)
    time_machine.move_to(datetime(*SUMMER, 8, 2, tzinfo=UTC), tick=False)
    with no_context(), identity():
        digests.prepare_all(jobs.mail_digest)
    read(told, note)
    assert set(told.run()) == {"succeeded"}
    assert letters(told) == []


@pytest.mark.parametrize("zone", ["America/New_York", "Pacific/Pago_Pago"])
def test_moving_west_after_the_digest_brings_no_second_one(
    zone, told, digest, time_machine
):
    wanting(told, "Pacific/Auckland")
    at_midnight(told, time_machine, SUMMER)
    assert digest(SUMMER, 20) == 1
    told.written(told.cast.bob)
    with no_context(), identity():
        type(told.cast.alice).objects.filter(pk=told.cast.alice.pk).update(
            timezone=zone
        )
    assert digest(NEXT, 3) == 1
    assert digest((2027, 7, 3), 20) == 2


def test_a_suspended_member_gets_theirs_when_they_are_back(
    told, cast, digest, time_machine
):
    wanting(told)
    at_midnight(told, time_machine, SUMMER)
    with no_context(), told.inside(cast.alice):
        members.change_role(membership=told.member(cast.bob), role="owner", by=None)
        members.suspend_member(membership=told.member(cast.alice), by=cast.bob)
    assert digest(SUMMER, 8) == 0
    with no_context(), told.inside(cast.bob):
        members.unsuspend_member(membership=told.member(cast.alice), by=cast.bob)
    assert digest(NEXT, 8) == 1
    assert "mentioned you in ACME-1" in letters(told)[0].body


def test_whoever_left_in_the_night_gets_none_and_no_job_fails(
    told, cast, digest, time_machine
):
    wanting(told)
    at_midnight(told, time_machine, SUMMER)
    time_machine.move_to(datetime(*SUMMER, 8, 2, tzinfo=UTC), tick=False)
    with no_context(), identity():
        digests.prepare_all(jobs.mail_digest)
    with no_context(), told.inside(cast.bob):
        members.change_role(membership=told.member(cast.bob), role="owner", by=None)
        members.remove_member(membership=told.member(cast.alice), by=cast.bob)
    assert set(told.run()) == {"succeeded"}
    assert letters(told) == []


def test_an_erased_person_gets_none_at_either_address(told, cast, digest, time_machine):
    wanting(told)
    at_midnight(told, time_machine, SUMMER)
    with no_context(), told.inside(cast.bob):
        members.change_role(membership=told.member(cast.bob), role="owner", by=None)
    with no_context(), as_user(cast.alice):
        erase(user=cast.alice, by=cast.alice)
    assert digest(SUMMER, 8) == 0
    assert not any(is_digest(one) for one in mail.outbox)


def test_whoever_may_not_see_tasks_any_more_reads_none_in_a_mail(
    told, cast, digest, time_machine
):
    told.choose(cast.vera, "mention", "digest", is_on=True)
    time_machine.move_to(datetime(*SUMMER, 0, 1, tzinfo=UTC), tick=False)
    task = told.task()
    with no_context(), told.inside(cast.bob):
        write_comment(task=task, by=cast.bob, body="@Vera Example", sent_as=task.pk)
    told.run()
    assert len(told.mails(cast.vera)) == 1
    with no_context(), told.inside(cast.alice):
        role = create_role(
            name="Books", base="viewer", abilities=["billing.view"], by=cast.alice
        )
        give_role(membership=told.member(cast.vera), role=role, by=cast.alice)
    digest(SUMMER, 8)
    assert not any(is_digest(one) for one in told.mails(cast.vera))


def test_a_deleted_organization_sends_none(told, cast, digest, time_machine):
    wanting(told)
    at_midnight(told, time_machine, SUMMER)
    with no_context(), told.inside(cast.alice):
        delete_organization(organization=cast.acme, by=cast.alice)
    assert digest(SUMMER, 8) == 0


def test_two_organizations_send_one_each_with_their_own_news(
    told, cast, digest, time_machine
):
    wanting(told)
    at_midnight(told, time_machine, SUMMER)
    with no_context(), tenant(cast.globex, cast.charlie):
        members.add_member(
            organization=cast.globex, user=cast.alice, role="member", by=cast.charlie
        )
        task = create_task(by=cast.charlie, title="Globex alone")
        write_comment(
            task=task, by=cast.charlie, body="@Alice Example", sent_as=task.pk
        )
    with no_context(), tenant(cast.globex, cast.alice):
        Preference.objects.create(
            user=cast.alice, kind="mention", channel="digest", is_on=True
        )
    told.run()
    assert digest(SUMMER, 8) == 2
    by_name = {one.subject.partition(":")[0]: one.body for one in letters(told)}
    assert "ACME-1" in by_name["Acme"]
    assert "GLO-" not in by_name["Acme"]
    assert "/o/globex/" in by_name["Globex"]
    assert "ACME" not in by_name["Globex"]
    assert "/o/acme/" not in by_name["Globex"]


def test_a_long_night_is_counted_and_not_listed_whole(told, cast, digest, time_machine):
    wanting(told)
    time_machine.move_to(datetime(*SUMMER, 0, 1, tzinfo=UTC), tick=False)
    for _time in range(33):
        told.written(cast.bob, told.task())
    digest(SUMMER, 8)
    (letter,) = letters(told)
    assert letter.subject == "Acme: 33 things you have not read"
    assert letter.body.count("mentioned you in") == 30
    assert "3 more are in your inbox." in letter.body
    assert all(row.digested_at for row in told.rows(cast.alice))


def test_an_archived_line_is_out_and_back_in_with_the_undo(told, digest, time_machine):
    wanting(told)
    note = at_midnight(told, time_machine, SUMMER)
    with no_context(), told.inside(told.cast.alice):
        flows.archive(note=note, by=told.cast.alice)
    assert digest(SUMMER, 8) == 0
    (put_away,) = told.rows(told.cast.alice)
    with no_context(), told.inside(told.cast.alice):
        flows.unarchive(note=put_away, by=told.cast.alice)
    assert digest(SUMMER, 9) == 1
