"""An event is kept once, quickly, and for nobody inside an organization to read."""

import json
import re

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from billing.intake.models import StripeEvent
from organizations.tenancy import as_user, identity, no_context, operator, tenant
from tests.billing.conftest import EVENTS
from tests.intake.conftest import JSON, event_of, kept, send
from tests.operator.conftest import CONSOLE

CUSTOMER = {"object": "customer", "id": "cus_1"}
pytestmark = pytest.mark.usefixtures("stripe_on")


def queued():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT args FROM procrastinate_jobs"
            " WHERE queue_name <> 'events' ORDER BY id"
        )
        return [
            json.loads(args) if isinstance(args, str) else args for (args,) in cursor
        ]


# cap 56
def test_an_event_is_kept_as_it_came(client):
    event = event_of(CUSTOMER, "customer.created")
    send(client, event)
    (row,) = kept()
    assert (row.pk, row.type, row.body) == (event["id"], "customer.created", event)
    assert (row.api_version, row.livemode) == ("2026-05-27.dahlia", False)
    assert (row.state, row.tries, row.organization) == ("received", 0, None)
    assert int(row.stripe_created.timestamp()) == event["created"]


def test_it_is_the_queues_from_then_on(client):
    event = event_of(CUSTOMER)
    send(client, event)
    (job,) = queued()
    assert job["event_id"] == event["id"]
    assert (job["carried"]["organization"], job["carried"]["user"]) == ("", "")


def test_the_same_event_again_changes_nothing(client):
    event = event_of(CUSTOMER)
    for _time in range(3):
        answer = send(client, event)
        assert (answer.status_code, answer.json()) == (200, {})
    assert len(kept()) == 1
    assert len(queued()) == 1


def test_the_same_id_with_another_body_changes_nothing(client):
    event = event_of(CUSTOMER)
    send(client, event)
    send(client, event | {"type": "customer.deleted"})
    (row,) = kept()
    assert row.type == "customer.updated"


def test_what_the_database_cannot_write_is_left_out(client):
    poison = CUSTOMER | {"name": "A\0cme \ud800", "metadata": {"k\0ey": ["\0"]}}
    assert send(client, event_of(poison)).status_code == 200
    (row,) = kept()
    assert row.subject["name"] == "Acme ?"
    assert row.subject["metadata"] == {"key": [""]}


def test_without_payments_there_is_no_such_page(client, settings):
    settings.BILLING_ON = False
    assert send(client, event_of(CUSTOMER)).status_code == 404
    assert kept() == []


def test_nobody_reads_there(client):
    assert client.get(EVENTS).status_code == 405


def test_an_endless_body_is_not_read(client):
    answer = send(client, json.dumps(event_of(CUSTOMER)) + " " * 1_000_001)
    assert answer.status_code == 413
    assert kept() == []


def test_a_large_event_is_kept(client):
    lines = [{"description": "x" * 100} for _line in range(5_000)]
    answer = send(client, event_of({"object": "invoice", "lines": lines}))
    assert answer.status_code == 200


def test_no_token_is_asked_for_and_no_cookie_given():
    client = Client(enforce_csrf_checks=True)
    answer = send(client, event_of(CUSTOMER))
    assert answer.status_code == 200
    assert answer.cookies == {}


def test_a_signed_in_sender_is_nobody_special(as_alice):
    assert send(as_alice, event_of(CUSTOMER)).status_code == 200
    (job,) = queued()
    assert job["carried"]["user"] == ""


def test_few_statements_are_asked(client):
    answer = send(client, event_of(CUSTOMER))
    assert int(re.search(r'desc="(\d+)"', answer["Server-Timing"])[1]) <= 7


def test_wrong_ones_are_answered_for_a_while_only(client):
    for _time in range(30):
        assert send(client, event_of(CUSTOMER), secret="x").status_code == 400
    answer = send(client, event_of(CUSTOMER), secret="x")
    assert (answer.status_code, answer["Retry-After"]) == (429, "60")
    assert answer.content == b"Too many wrong requests."
    # What Stripe sends from the same address is let in all the same.
    assert send(client, event_of(CUSTOMER)).status_code == 200
    assert len(kept()) == 1


def test_right_ones_are_never_too_many(client):
    for _time in range(40):
        assert send(client, event_of(CUSTOMER)).status_code == 200
    assert send(client, event_of(CUSTOMER), secret="x").status_code == 400
    assert len(kept()) == 40


def test_a_wrong_address_of_origin_does_not_help(client):
    codes = {
        client.post(
            EVENTS, "{}", JSON, headers={"X-Forwarded-For": f"192.0.2.{number}"}
        ).status_code
        for number in range(40)
    }
    assert codes == {400, 429}


# cap 91
def test_no_organization_and_no_person_reads_events(client, cast):
    send(client, event_of(CUSTOMER))
    contexts = (
        lambda: tenant(cast.acme, cast.alice),
        lambda: as_user(cast.alice),
        lambda: tenant(cast.globex, cast.charlie),
        no_context,
    )
    for enter in contexts:
        with no_context(), enter():
            assert list(StripeEvent.objects.all()) == []
            assert StripeEvent.objects.all().delete()[0] == 0
    assert len(kept()) == 1


# cap 91
def test_no_organization_writes_one(client, cast):
    send(client, event_of(CUSTOMER))
    (row,) = kept()
    row.pk = "evt_planted"
    for enter in (lambda: tenant(cast.acme, cast.alice), lambda: as_user(cast.bob)):
        with no_context(), enter(), pytest.raises(DatabaseError, match="policy"):
            with transaction.atomic():
                row.save(force_insert=True)


@CONSOLE
def test_staff_read_them(client, cast):
    send(client, event_of(CUSTOMER))
    with no_context(), operator(cast.olga, "test"):
        assert StripeEvent.objects.count() == 1
    with no_context(), identity():
        assert StripeEvent.objects.count() == 1
