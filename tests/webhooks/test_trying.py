"""What becomes of a delivery that does not succeed, and of its endpoint."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from django.core import mail
from django.db import connection
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from procrastinate.contrib.django.models import ProcrastinateJob

from organizations.events.reading import read_all
from organizations.tenancy import identity, no_context, tenant
from organizations.webhooks import flows, trying
from organizations.webhooks.models import Delivery, Endpoint
from organizations.webhooks.purging import purge_all, wake_all
from organizations.webhooks.waiting import (
    LONGEST,
    TRIES,
    WAITS,
    retry_after,
    until,
    wait_after,
)

START = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def clock(time_machine):
    """Stand the clock still, at a moment that is moved on."""
    time_machine.move_to(timezone.now().replace(microsecond=0), tick=False)
    return time_machine


def waits(the):
    return (the.delivery.next_try_at - timezone.now()).total_seconds()


def queued():
    rows = ProcrastinateJob.objects.filter(
        status="todo", task_name__endswith="try_next"
    )
    return list(rows.order_by("id").values_list("queue_name", "scheduled_at"))


# --- when ---------------------------------------------------------------------------


def test_a_failed_delivery_is_tried_eight_times_at_growing_distances(
    endpoint, receiver, happen, run_jobs, clock, the
):
    receiver.answer(500)
    happen("Order tyres")
    run_jobs()
    for planned in (5, 300, 1_800, 7_200, 18_000, 36_000, 36_000):
        assert planned <= waits(the) <= planned * 1.2
        clock.shift(waits(the))
        run_jobs(waiting=True)
    delivery = the.delivery
    assert (delivery.state, delivery.tries, delivery.next_try_at) == ("failed", 8, None)
    assert len(receiver.requests) == len(the.attempts) == 8
    assert len(set(receiver.ids)) == 1
    assert len({each.body for each in receiver.requests}) == 1


def test_a_try_that_succeeds_ends_it(endpoint, receiver, happen, run_jobs, clock, the):
    receiver.answer(500, 200)
    happen("Order tyres")
    run_jobs()
    assert the.endpoint(endpoint.pk).state == "failing"
    clock.shift(10)
    run_jobs(waiting=True)
    delivery = the.delivery
    assert (delivery.state, delivery.tries, delivery.first_try_ok) == (
        "delivered",
        2,
        False,
    )
    assert the.endpoint(endpoint.pk).state == "receiving"


def test_nothing_is_tried_before_its_time(endpoint, receiver, happen, run_jobs, clock):
    receiver.answer(500)
    happen("Order tyres")
    run_jobs()
    run_jobs(waiting=True)
    assert len(receiver.requests) == 1


def test_the_time_of_the_next_try_is_never_the_same():
    found = {wait_after(3) for _each in range(50)}
    assert len(found) > 40
    assert timedelta(seconds=1_800) <= min(found) <= max(found) <= timedelta(0, 2_160)


def test_the_schedule_is_the_promised_one():
    assert (0, *WAITS) == (0, 5, 300, 1_800, 7_200, 18_000, 36_000, 36_000)
    assert wait_after(TRIES) is None


@pytest.mark.parametrize("status", [429, 503])
def test_a_receiver_may_ask_for_more_time(
    status, endpoint, receiver, happen, run_jobs, clock, the
):
    receiver.answer(status, headers={"Retry-After": "7000"})
    happen("Order tyres")
    run_jobs()
    assert waits(the) == 7_000
    assert queued()[-1] == ("webhooks_slow", the.delivery.next_try_at)


@pytest.mark.parametrize(
    ("status", "said", "expected"),
    [
        (503, "90", timedelta(seconds=90)),
        (429, " 90 ", timedelta(seconds=90)),
        (500, "90", None),
        (503, "soon", None),
        (503, "", None),
        (503, "-5", None),
        (503, "9" * 40, LONGEST),
        (
            503,
            format_datetime(START + timedelta(hours=2), usegmt=True),
            timedelta(0, 7200),
        ),
        (503, format_datetime(START - timedelta(hours=2), usegmt=True), timedelta()),
    ],
)
def test_retry_after_is_seconds_or_a_date(status, said, expected, time_machine):
    time_machine.move_to(START, tick=False)
    assert retry_after(status, {"Retry-After": said}) == expected


def test_a_day_is_the_longest_that_is_waited():
    assert wait_after(1, timedelta(days=400)) == LONGEST
    assert wait_after(1, timedelta(seconds=1)) >= timedelta(seconds=5)


@given(st.text())
def test_whatever_stands_there_is_no_reason_to_stumble(text):
    found = retry_after(503, {"retry-after": text})
    assert found is None or found >= timedelta()
    assert until(text) is None or until(text) >= timedelta()


# --- whether at all -----------------------------------------------------------------


def test_410_disables_at_once_and_owners_and_admins_are_told(
    endpoint, receiver, happen, run_jobs, the, cast
):
    receiver.answer(410)
    happen("One", "Two")
    run_jobs()
    row = the.endpoint(endpoint.pk)
    assert (row.state, row.disabled_for) == ("disabled", "gone")
    assert {each.state for each in the.deliveries} == {"failed"}
    [entry] = the.entries("webhook.disabled")
    assert (entry.after, entry.actor_type) == ({"reason": "gone"}, "system")
    told = [message.to for message in mail.outbox if "webhook" in message.subject]
    assert sorted(told) == [["adam@example.com"], ["alice@example.com"]]


def test_five_days_of_failure_disable_and_less_does_not(
    endpoint, receiver, happen, run_jobs, the, clock
):
    receiver.answer(500)
    happen("First")
    run_jobs()
    clock.shift(timedelta(days=4, hours=23))
    happen("Later")
    run_jobs()
    assert the.endpoint(endpoint.pk).state == "failing"
    clock.shift(timedelta(hours=2))
    happen("Last")
    run_jobs()
    row = the.endpoint(endpoint.pk)
    assert (row.state, row.disabled_for) == ("disabled", "failing")
    [entry] = the.entries("webhook.disabled")
    assert entry.after == {"reason": "failing"}
    assert len(mail.outbox) == 2


def test_one_success_begins_the_five_days_anew(
    endpoint, receiver, happen, run_jobs, the, clock
):
    receiver.answer(500, 200, 500)
    happen("First")
    run_jobs()
    clock.shift(timedelta(days=4))
    happen("Second")
    run_jobs(waiting=True)
    clock.shift(timedelta(days=4))
    happen("Third")
    run_jobs(waiting=True)
    assert the.endpoint(endpoint.pk).state == "failing"


def test_the_mail_says_what_to_do(endpoint, receiver, happen, run_jobs):
    receiver.answer(410)
    happen("Order tyres")
    run_jobs()
    text = mail.outbox[0].body
    assert f"/developers/webhooks/{endpoint.pk}/" in text
    assert receiver.url in text
    assert "410" in text


def test_what_happens_while_it_is_disabled_is_not_kept(
    endpoint, receiver, happen, run_jobs, the, inside, cast
):
    receiver.answer(410, 200)
    happen("First")
    run_jobs()
    happen("Meanwhile")
    run_jobs()
    with inside():
        assert flows.resume_endpoint(endpoint=endpoint, by=cast.alice)
    happen("After")
    run_jobs()
    titles = [each.json["data"]["after"]["title"] for each in receiver.requests]
    assert titles == ["First", "After"]


def test_what_happens_while_it_is_paused_is_held_and_sent_in_order(
    endpoint, receiver, happen, run_jobs, the, inside, cast
):
    with inside():
        assert flows.pause_endpoint(endpoint=endpoint, by=cast.alice)
        assert not flows.pause_endpoint(endpoint=endpoint, by=cast.alice)
    happen("One", "Two", "Three")
    run_jobs()
    assert receiver.requests == []
    with inside():
        assert flows.resume_endpoint(endpoint=endpoint, by=cast.alice)
    run_jobs()
    titles = [each.json["data"]["after"]["title"] for each in receiver.requests]
    assert titles == ["One", "Two", "Three"]


def test_a_removed_endpoint_is_sent_nothing_more(
    endpoint, receiver, happen, run_jobs, the, inside, cast
):
    happen("Order tyres")
    with inside():
        assert flows.remove_endpoint(endpoint=endpoint, by=cast.alice)
        assert not flows.remove_endpoint(endpoint=endpoint, by=cast.alice)
    run_jobs()
    assert receiver.requests == []
    row = the.endpoint(endpoint.pk)
    assert (row.secret, row.former_secret) == ("", "")


def test_all_that_failed_since_a_moment_is_sent_once_more(
    endpoint, receiver, happen, run_jobs, the, inside, cast, clock
):
    receiver.answer(410, 200)
    happen("One", "Two", "Three")
    run_jobs()
    since = timezone.now() - timedelta(days=1)
    with inside():
        flows.resume_endpoint(endpoint=endpoint, by=cast.alice)
        count = flows.replay_failed(endpoint=endpoint, since=since, by=cast.alice)
        again = flows.replay_failed(endpoint=endpoint, since=since, by=cast.alice)
    run_jobs()
    assert (count, again) == (3, 0)
    assert {each.state for each in the.deliveries} == {"delivered"}
    assert len(set(receiver.ids)) == 3
    assert the.entries("webhook.replayed")[0].after["deliveries"] == 3


# --- workers that die, and lanes ----------------------------------------------------


def test_who_dies_between_sending_and_writing_has_it_sent_again_under_the_same_id(
    endpoint, receiver, happen, run_jobs, inside, monkeypatch, clock, the
):
    def die(claimed, answer):
        raise SystemError("the machine is gone")

    happen("Order tyres")
    with monkeypatch.context() as patched:
        patched.setattr(trying, "note", die)
        run_jobs()
    assert len(receiver.requests) == 1
    assert the.delivery.state == "pending"
    # Nobody else takes it before it can only be dead.
    run_jobs(waiting=True)
    assert len(receiver.requests) == 1
    clock.shift(trying.lease() + timedelta(seconds=1))
    with inside():
        trying.wake_waiting(Endpoint.objects.get())
    run_jobs(waiting=True)
    assert len(receiver.requests) == 2
    assert len(set(receiver.ids)) == 1
    assert the.delivery.state == "delivered"


def test_an_endpoint_that_failed_waits_in_a_lane_of_its_own(
    endpoint, receiver, happen, run_jobs, the
):
    receiver.answer(500)
    happen("First", "Second", "Third")
    run_jobs()
    assert {queue for queue, _at in queued()} == {"webhooks_slow"}
    assert [each.status for each in the.attempts] == [500] * 3
    done = ProcrastinateJob.objects.filter(status="succeeded")
    # Of the three of the fast lane only the first has sent anything.
    assert done.filter(queue_name="webhooks").count() == 3
    assert done.filter(queue_name="webhooks_slow").count() >= 2


def test_of_one_endpoint_only_so_many_are_under_way(endpoint, happen, inside, run_jobs):
    with inside():
        rows = [
            Delivery(
                endpoint=endpoint,
                event_id=pk,
                event_type="webhook.test",
                next_try_at=timezone.now(),
            )
            for pk in (f"00000000-0000-7000-8000-00000000000{n}" for n in range(9))
        ]
        Delivery.objects.bulk_create(rows)
        claims = [trying.claim(str(endpoint.pk), slow=False) for _each in range(6)]
    assert [claimed is not None for claimed in claims] == [True] * 4 + [False] * 2
    with inside():
        Endpoint.objects.update(failing_since=timezone.now())
        Delivery.objects.update(sending_until=None)
        claims = [trying.claim(str(endpoint.pk), slow=True) for _each in range(3)]
    assert [claimed is not None for claimed in claims] == [True, False, False]


def test_a_backlog_leaves_few_jobs_in_the_queue(endpoint, happen, run_jobs, inside):
    happen(*[f"Task {number}" for number in range(20)])
    with inside():
        assert read_all() == []
    assert len(queued()) == 4


def test_jobs_of_the_lanes_carry_nobody(endpoint, inside, cast):
    with inside():
        flows.send_test(endpoint=endpoint, by=cast.alice)
    [job] = ProcrastinateJob.objects.filter(task_name__endswith="try_next")
    assert job.args["carried"]["user"] == ""
    assert job.args["carried"]["organization"] == str(cast.acme.pk)


def test_what_lost_its_job_is_found_by_the_clock(
    endpoint, receiver, happen, run_jobs, clock, the
):
    happen("Order tyres")
    with no_context(), tenant(endpoint.organization_id):
        read_all()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    clock.shift(timedelta(minutes=11))
    with no_context(), identity():
        wake_all()
    run_jobs()
    assert the.delivery.state == "delivered"


@pytest.mark.parametrize(("days", "left"), [(29, 1), (31, 0)])
def test_old_deliveries_are_deleted_with_their_tries(
    days, left, endpoint, receiver, happen, run_jobs, time_machine, the
):
    happen("Order tyres")
    run_jobs()
    time_machine.move_to(timezone.now() + timedelta(days=days))
    with no_context(), identity():
        purge_all()
    assert len(the.deliveries) == len(the.attempts) == left


def test_a_removed_endpoint_goes_with_the_last_of_its_log(
    endpoint, receiver, happen, run_jobs, time_machine, inside, cast
):
    happen("Order tyres")
    run_jobs()
    with inside():
        flows.remove_endpoint(endpoint=endpoint, by=cast.alice)
    time_machine.move_to(timezone.now() + timedelta(days=31))
    with no_context(), identity():
        purge_all()
    with inside():
        assert not Endpoint.with_trash.exists()
