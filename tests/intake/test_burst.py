"""Two thousand events at once: each is kept, once, and each answer is quick."""

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextvars import Context

import pytest
from django.db import connection, connections
from django.test import Client

from billing.intake.models import StripeEvent
from tests.intake.conftest import SECRET, event_of, outside, send

EVENTS, TWICE, THREADS = 2_000, 200, 4


@pytest.fixture
def sender(settings):
    """Return a call that posts one event on a connection of its thread's own."""
    settings.BILLING_ON = True
    settings.STRIPE_WEBHOOK_SECRET = SECRET
    here = threading.local()

    def post(event):
        here.client = getattr(here, "client", None) or Client()
        began = time.monotonic()
        answer = send(here.client, event)
        return answer.status_code, time.monotonic() - began

    return post


# cap 56
@pytest.mark.django_db(transaction=True)
def test_a_burst_is_kept_whole(sender, capsys):
    events = [
        event_of({"object": "customer", "id": f"cus_{number}"})
        for number in range(EVENTS)
    ]
    told = in_threads(sender, [*events, *events[:TWICE]])
    assert {status for status, _seconds in told} == {200}
    kept = outside(lambda: set(StripeEvent.objects.values_list("id", flat=True)))
    assert kept == {event["id"] for event in events}
    assert len(queued()) == len(set(queued())) == EVENTS
    waited = sorted(seconds for _status, seconds in told)
    middle, slowest = waited[len(waited) // 2], waited[int(len(waited) * 0.99)]
    with capsys.disabled():
        print(
            f"{len(told)} posts: p50 {middle * 1000:.0f}, p99 {slowest * 1000:.0f} ms"
        )
    assert middle < 0.2


def in_threads(post, events):
    """Post from several threads, each in an empty context, as a server's are."""

    def work(mine):
        try:
            return [Context().run(post, event) for event in mine]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(THREADS) as pool:
        parts = [events[start::THREADS] for start in range(THREADS)]
        return [one for found in pool.map(work, parts) for one in found]


def queued():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT args FROM procrastinate_jobs WHERE queue_name <> 'events'"
        )
        rows = cursor.fetchall()
    return [
        (args if isinstance(args, dict) else json.loads(args))["event_id"]
        for (args,) in rows
    ]
