"""Once a day, at eight by one's own clock, one mail of what is unread."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from organizations.notifications import digests, flows, jobs
from organizations.notifications.models import Notification
from organizations.tenancy import identity, no_context

# The days on which clocks in Vienna go forward and back, and one between.
SPRING, AUTUMN = (2027, 3, 28), (2027, 10, 31)
SUMMER = (2027, 7, 1)


@pytest.fixture
def digest(told, time_machine):
    """What happens at a time of day in UTC, when the hourly job has run."""

    def at(day, hour, minute=2):
        time_machine.move_to(datetime(*day, hour, minute, tzinfo=UTC), tick=False)
        with no_context(), identity():
            digests.prepare_all(jobs.mail_digest)
        told.run()
        return len([one for one in told.mails(told.cast.alice) if is_digest(one)])

    return at


def is_digest(letter):
    return "not read" in letter.subject


def wanting(told, zone="UTC"):
    """Let Alice ask for the digest of mentions, by a clock of hers."""
    with no_context(), identity():
        User.objects.filter(pk=told.cast.alice.pk).update(timezone=zone)
    told.choose(told.cast.alice, "mention", "digest", is_on=True)


def at_midnight(told, time_machine, day):
    time_machine.move_to(datetime(*day, 0, 1, tzinfo=UTC), tick=False)
    return told.written(told.cast.bob)


def read(told, note):
    with no_context(), told.inside(told.cast.alice):
        flows.mark_read(note=note, by=told.cast.alice)


@pytest.mark.parametrize(
    ("zone", "day", "early", "due"),
    [
        ("UTC", SUMMER, 7, 8),
        ("Europe/Vienna", SUMMER, 5, 6),
        ("Europe/Vienna", SPRING, 5, 6),
        ("Europe/Vienna", AUTUMN, 6, 7),
        ("America/New_York", SUMMER, 11, 12),
        ("Asia/Kolkata", SUMMER, 2, 3),
    ],
)
def test_it_comes_in_the_morning_and_once(
    zone, day, early, due, told, digest, time_machine
):
    wanting(told, zone)
    at_midnight(told, time_machine, day)
    assert digest(day, early) == 0
    for hour in (due, due, due + 1, 20):
        assert digest(day, hour) == 1


def test_a_job_that_runs_late_still_sends_it(told, digest, time_machine):
    wanting(told)
    at_midnight(told, time_machine, SUMMER)
    assert digest(SUMMER, 21) == 1


def test_what_comes_after_it_waits_until_the_next_morning(told, digest, time_machine):
    wanting(told)
    at_midnight(told, time_machine, SUMMER)
    digest(SUMMER, 8)
    told.written(told.cast.bob)
    assert digest(SUMMER, 15) == 1
    assert digest((2027, 7, 2), 7) == 1
    assert digest((2027, 7, 2), 8) == 2


def test_it_holds_what_is_unread_and_nothing_twice(told, digest, time_machine):
    wanting(told)
    first = at_midnight(told, time_machine, SUMMER)
    told.written(told.cast.bob, told.task("Wash the car"))
    read(told, first)
    digest(SUMMER, 8)
    letter = told.mails(told.cast.alice)[-1]
    assert letter.subject == "Acme: 1 thing you have not read"
    assert "mentioned you in ACME-2" in letter.body
    assert "ACME-1" not in letter.body
    assert digest((2027, 7, 2), 8) == 1


def test_it_has_a_way_out_and_links_into_the_organization(
    told, digest, time_machine, sign_in
):
    wanting(told)
    note = at_midnight(told, time_machine, SUMMER)
    digest(SUMMER, 8)
    letter = told.mails(told.cast.alice)[-1]
    assert letter.extra_headers["List-Unsubscribe"].strip("<>") in letter.body
    link = f"/o/acme/?next=%2Finbox%2F{note.pk}%2F"
    assert link in letter.body
    answer = sign_in(told.cast.alice, told.cast.acme).get(link)
    assert answer["Location"] == f"/inbox/{note.pk}/"


def test_where_nothing_is_unread_nothing_is_sent(told, digest, time_machine):
    wanting(told)
    note = at_midnight(told, time_machine, SUMMER)
    with no_context(), told.inside(told.cast.alice):
        flows.archive(note=note, by=told.cast.alice)
    assert digest(SUMMER, 8) == 0


def test_nobody_gets_one_who_did_not_ask(told, digest, time_machine):
    at_midnight(told, time_machine, SUMMER)
    assert digest(SUMMER, 8) == 0


def test_words_of_people_are_escaped_in_the_mail(
    told, cast, digest, time_machine, sign_in
):
    wanting(told)
    time_machine.move_to(datetime(*SUMMER, 0, 1, tzinfo=UTC), tick=False)
    as_bob = sign_in(cast.bob, cast.acme)
    told.say(as_bob, told.task(), "@Alice Example <script>1 & 2</script>")
    digest(SUMMER, 8)
    for letter in told.mails(cast.alice):
        assert "<script>1 & 2" in letter.body
        assert "<script>" not in letter.alternatives[0][0]


def test_what_was_read_long_ago_is_forgotten(told, time_machine):
    old = told.written(told.cast.bob)
    read(told, old)
    unread = told.written(told.cast.bob)
    time_machine.move_to(timezone.now() + timedelta(days=91))
    with no_context(), identity():
        jobs.forget_old_notifications.func(timestamp=0)
    assert [row.pk for row in told.rows(told.cast.alice)] == [unread.pk]


def test_the_trouble_of_one_organization_stops_no_other(
    told, cast, digest, time_machine
):
    wanting(told)
    at_midnight(told, time_machine, SUMMER)
    with no_context(), told.inside(cast.bob):
        assert not Notification.objects.filter(user=cast.bob).exists()
    with no_context(), identity():
        seen = []
        digests.in_each(lambda: seen.append(1) or 1 / 0)
    assert len(seen) == 2
    assert digest(SUMMER, 8) == 1
