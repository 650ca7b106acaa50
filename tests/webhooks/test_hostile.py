"""Receivers that mean ill: each ends within the limits, and is noted."""

import time
from datetime import timedelta

import pytest
from asgiref.sync import async_to_sync
from django.conf import settings as project

from organizations.events.reading import read_all
from organizations.webhooks import trying
from organizations.webhooks.calling import call
from organizations.webhooks.models import Endpoint
from tasks.flows import create_task
from tests.webhooks import receivers
from tests.webhooks.conftest import NAMES
from tests.webhooks.receivers import behaving, seconds

BAD = [
    (receivers.drip, "timeout", 200),
    (receivers.drip_head, "timeout", None),
    (receivers.silent, "timeout", None),
    (receivers.reset, "broken", None),
    (receivers.nonsense, "unreadable", None),
    (receivers.half, "unreadable", 200),
    (receivers.elsewhere, "redirect", 302),
    (receivers.flood_head, "unreadable", None),
]


def send(url, body=b"{}"):
    return async_to_sync(call)(url, {"webhook-id": "1"}, body)


@pytest.mark.parametrize(
    ("behave", "failure", "status"), BAD, ids=[each[0].__name__ for each in BAD]
)
def test_a_bad_receiver_is_a_failure_within_the_limits(
    behave, failure, status, settings
):
    settings.WEBHOOK_DEADLINE_SECONDS = 0.6
    started = time.monotonic()
    with behaving(behave) as url:
        answer = send(url)
    assert seconds(started) < 3
    assert (answer.failure, answer.status) == (failure, status)
    assert len(answer.body) <= 64 * 1024


def test_who_drips_holds_nobody_longer_than_the_deadline(settings):
    settings.WEBHOOK_DEADLINE_SECONDS = 0.5
    with behaving(receivers.drip) as url:
        answer = send(url)
    assert 500 <= answer.milliseconds < 1_500


def test_the_real_limits_are_fifteen_seconds_and_64_kilobytes():
    assert project.WEBHOOK_DEADLINE_SECONDS == 15
    assert project.WEBHOOK_READ_BYTES == 64 * 1024


def test_of_a_flood_so_much_is_read_and_it_is_taken_for_an_answer():
    started = time.monotonic()
    with behaving(receivers.flood) as url:
        answer = send(url)
    assert seconds(started) < 5
    assert (answer.status, answer.failure) == (200, "")
    assert len(answer.body) == 64 * 1024


def test_a_packed_answer_is_not_unpacked():
    with behaving(receivers.bomb) as url:
        answer = send(url)
    assert (answer.status, len(answer.body) <= 64 * 1024) == (200, True)


def test_a_name_that_is_never_answered_ends_at_the_deadline(settings):
    settings.WEBHOOK_RESOLVER = "tests.webhooks.test_hostile.never"
    settings.WEBHOOK_DEADLINE_SECONDS = 0.3
    answer = send("https://slow.example.com/hooks")
    assert answer.failure == "timeout"


async def never(host):
    import asyncio

    await asyncio.sleep(30)


def test_nobody_listens_there():
    answer = send("http://127.0.0.1:9/hooks")
    assert (answer.failure, answer.status) == ("unreachable", None)


def test_a_certificate_nobody_signed_is_refused(receiver):
    answer = send(receiver.url.replace("http://", "https://"))
    assert answer.failure == "certificate"


def test_a_redirect_to_a_private_address_is_noted_and_not_followed(
    endpoint, receiver, happen, run_jobs, the
):
    receiver.answer(302, headers={"Location": "http://169.254.169.254/latest/"})
    happen("Order tyres")
    run_jobs()
    [attempt] = the.attempts
    assert (attempt.status, attempt.failure) == (302, "redirect")
    assert len(receiver.requests) == 1


def test_cookies_are_not_kept_from_one_call_to_the_next(
    endpoint, receiver, happen, run_jobs
):
    receiver.answer(200, headers={"Set-Cookie": "mark=1; Path=/"})
    happen("One", "Two")
    run_jobs()
    assert all("cookie" not in each.headers for each in receiver.requests)


def test_a_proxy_of_the_environment_is_not_used(receiver, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    assert send(receiver.url).status == 200
    assert len(receiver.requests) == 1


# --- a dead one delays nobody -------------------------------------------------------


def ended(attempt):
    """Return when a try was over."""
    return attempt.started_at + timedelta(milliseconds=attempt.milliseconds)


def test_a_dead_receiver_of_one_organization_delays_no_others(
    cast, endpoint_at, receiver, happen, inside, run_jobs, settings, the
):
    settings.WEBHOOK_DEADLINE_SECONDS = 1.0
    others = (cast.globex, cast.charlie)
    with behaving(receivers.silent) as dead:
        for number in range(3):
            endpoint_at(f"{dead}/{number}", events=["task.created"])
        endpoint_at(receiver.url, *others, events=["task.created"])
        happen("One", "Two", "Three")
        with inside(*others):
            create_task(by=cast.charlie, title="Theirs")
        run_jobs(places=50)
    # Theirs was there while the first of ours was still being waited for.
    assert receiver.types == ["task.created"]
    assert len(the.attempts) == 9
    assert receiver.requests[0].at < min(map(ended, the.attempts))


def test_a_dead_receiver_takes_one_place_and_not_of_the_first_lane(
    endpoint_at, happen, inside, settings, run_jobs
):
    settings.WEBHOOK_DEADLINE_SECONDS = 0.3
    with behaving(receivers.silent) as dead:
        endpoint_at(dead, events=["task.created"])
        happen("First")
        run_jobs(places=50)
        happen("Second", "Third", "Fourth")
        with inside():
            assert read_all() == []
            fast = [trying.claim(str(pk), slow=False) for pk in [endpoint_pk()] * 3]
            slow = [trying.claim(str(pk), slow=True) for pk in [endpoint_pk()] * 3]
    assert fast == [None] * 3
    assert [each is not None for each in slow] == [True, False, False]


def endpoint_pk():
    return Endpoint.objects.get().pk


def test_what_is_resolved_again_is_checked_again(
    endpoint_at, receiver, happen, run_jobs, the, settings
):
    """A name that was public when it was saved and is private now."""
    NAMES["moving.example.com"] = ["93.184.215.14"]
    endpoint_at("https://moving.example.com/hooks", events=["task.created"])
    NAMES["moving.example.com"] = ["169.254.169.254"]
    happen("Order tyres")
    run_jobs()
    [attempt] = the.attempts
    assert (attempt.failure, attempt.status) == ("refused", None)
    assert timedelta(milliseconds=attempt.milliseconds) < timedelta(seconds=1)
