"""From what happens to what a receiver gets."""

import json
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from standardwebhooks import Webhook, WebhookVerificationError

from organizations.audit.models import AuditEntry
from organizations.events.shapes import shaped
from organizations.webhooks import flows
from organizations.webhooks.models import Delivery


# cap 73
def test_what_happens_is_told_once(endpoint, receiver, happen, run_jobs, the):
    happen("Order tyres")
    run_jobs()
    [request] = receiver.requests
    assert request.json["type"] == "task.created"
    assert request.json["data"]["after"]["title"] == "Order tyres"
    delivery = the.delivery
    assert (delivery.state, delivery.tries, delivery.last_status) == (
        "delivered",
        1,
        200,
    )
    assert delivery.first_try_ok is True


def test_a_delivery_has_the_events_id_and_shape(
    endpoint, receiver, happen, run_jobs, inside
):
    happen("Order tyres")
    run_jobs()
    [request] = receiver.requests
    with inside():
        entry = AuditEntry.objects.get(action="task.created")
        assert request.json == json.loads(json.dumps(shaped(entry), default=str))
    assert request.headers["webhook-id"] == str(entry.pk)
    assert request.headers["content-type"] == "application/json"
    assert b'", "' not in request.body


@pytest.mark.parametrize(
    ("events", "told"),
    [
        ([], {"task.created", "task.removed"}),
        (["task.*"], {"task.created", "task.removed"}),
        (["task.removed", "member.*"], {"task.removed"}),
        (["label.created"], set()),
    ],
)
def test_an_endpoint_is_told_what_it_chose(
    events, told, endpoint_at, receiver, happen, inside, cast, run_jobs
):
    endpoint_at(receiver.url, events=events)
    [task] = happen("Order tyres")
    with inside():
        task.remove(by=cast.alice)
    run_jobs()
    assert set(receiver.types) == told


def test_every_endpoint_gets_its_own(endpoint_at, receiver, happen, run_jobs, the):
    first, second = endpoint_at(receiver.url), endpoint_at(receiver.url + "/2")
    happen("Order tyres")
    run_jobs()
    paths = sorted(each.path for each in receiver.requests)
    # The first is told of the second.
    assert paths == ["/hooks", "/hooks", "/hooks/2"]
    assert {each.endpoint_id for each in the.deliveries} == {first.pk, second.pk}


def test_what_happened_before_an_endpoint_was_there_is_not_told(
    happen, endpoint_at, receiver, run_jobs, the
):
    happen("Before")
    endpoint_at(receiver.url)
    happen("After")
    run_jobs()
    titles = [each.json["data"]["after"].get("title") for each in receiver.requests]
    assert titles == ["After"]


def test_a_change_that_is_taken_back_sends_nothing(
    endpoint, receiver, happen, run_jobs, the
):
    with transaction.atomic():
        happen("Never")
        transaction.set_rollback(True)
    run_jobs()
    assert (receiver.requests, the.deliveries) == ([], [])


def test_reading_an_event_twice_makes_one_delivery(endpoint, happen, inside, the):
    from organizations.webhooks.reading import deliver

    happen("Order tyres")
    with inside():
        entries = list(AuditEntry.objects.order_by("sequence"))
        deliver(entries)
        deliver(entries)
    assert len(the.deliveries) == 1


def test_an_organization_without_endpoints_costs_one_query(
    cast, inside, django_assert_num_queries, happen
):
    from organizations.webhooks.reading import deliver

    happen("Order tyres")
    with inside():
        entries = list(AuditEntry.objects.all())
        with django_assert_num_queries(1):
            deliver(entries)


def test_nothing_of_another_organization_is_sent(
    cast, endpoint, receiver, inside, run_jobs
):
    from tasks.flows import create_task

    with inside(cast.globex, cast.charlie):
        create_task(by=cast.charlie, title="Theirs")
    run_jobs()
    assert receiver.requests == []


def test_several_deliveries_come_in_their_order(endpoint, receiver, happen, run_jobs):
    titles = [f"Task {number}" for number in range(7)]
    happen(*titles)
    run_jobs()
    told = [each.json["data"]["after"]["title"] for each in receiver.requests]
    assert told == titles


def test_the_log_keeps_what_was_sent_and_answered(
    endpoint, receiver, happen, run_jobs, the
):
    receiver.answer(201, headers={"x-mark": "here"}, body=b"a\0b\xff")
    happen("Order tyres")
    run_jobs()
    [attempt] = the.attempts
    assert attempt.request_headers["webhook-id"] == receiver.ids[0]
    assert (attempt.status, attempt.response_headers["x-mark"]) == (201, "here")
    assert attempt.response_body == "a\ufffdb\ufffd"
    assert (attempt.failure, attempt.milliseconds >= 0) == ("", True)


def test_the_request_that_made_the_event_is_named(
    endpoint, receiver, run_jobs, as_alice
):
    as_alice.post(
        "/tasks/new/",
        {"title": "Order tyres", "status": "todo", "priority": "3"},
        headers={"x-request-id": "the-request-id"},
    )
    run_jobs()
    assert receiver.requests[0].headers["x-request-id"] == "the-request-id"


# --- signatures ---------------------------------------------------------------------


def verified(secret, request):
    try:
        return Webhook(secret).verify(request.body, request.headers) == request.json
    except WebhookVerificationError:
        return False


def test_the_standard_library_verifies_before_during_and_after_a_rotation(
    endpoint, endpoint_at, receiver, happen, run_jobs, inside, cast, time_machine
):
    old = endpoint_at.secrets[endpoint.pk]
    happen("Before")
    run_jobs()
    with inside():
        new = flows.roll_secret(endpoint=endpoint, by=cast.alice)
    happen("During")
    run_jobs()
    before, during = receiver.requests
    assert (verified(old, before), verified(new, before)) == (True, False)
    assert (verified(old, during), verified(new, during)) == (True, True)
    time_machine.move_to(timezone.now() + timedelta(days=1, seconds=1))
    happen("After")
    run_jobs()
    after = receiver.requests[-1]
    assert (verified(old, after), verified(new, after)) == (False, True)


def test_a_changed_body_is_noticed(endpoint, endpoint_at, receiver, happen, run_jobs):
    happen("Order tyres")
    run_jobs()
    [request] = receiver.requests
    with pytest.raises(WebhookVerificationError):
        Webhook(endpoint_at.secrets[endpoint.pk]).verify(
            request.body.replace(b"tyres", b"tires"), request.headers
        )


def test_secrets_rest_locked(endpoint, endpoint_at, the, settings):
    secret = endpoint_at.secrets[endpoint.pk]
    row = the.endpoint(endpoint.pk)
    assert secret.startswith("whsec_")
    assert secret not in row.secret
    assert secret.removeprefix("whsec_") not in row.secret


def test_a_new_key_opens_what_the_former_locked(
    endpoint, endpoint_at, receiver, happen, run_jobs, settings
):
    settings.WEBHOOK_SECRETS_KEYS = ["n" * 50, *settings.WEBHOOK_SECRETS_KEYS]
    happen("Order tyres")
    run_jobs()
    assert verified(endpoint_at.secrets[endpoint.pk], receiver.requests[0])


def test_without_its_key_an_endpoint_is_disabled_and_says_why(
    endpoint, receiver, happen, run_jobs, settings, the
):
    settings.WEBHOOK_SECRETS_KEYS = ["n" * 50]
    happen("Order tyres")
    run_jobs()
    assert receiver.requests == []
    assert the.endpoint(endpoint.pk).disabled_for == "keyless"
    assert the.delivery.state == "failed"


# --- a test, and once more ----------------------------------------------------------


def test_a_test_reaches_its_endpoint_alone(
    endpoint, endpoint_at, receiver, inside, cast, run_jobs, the
):
    endpoint_at(receiver.url + "/other")
    with inside():
        flows.send_test(endpoint=endpoint, by=cast.alice)
    run_jobs()
    [request] = receiver.requests
    assert (request.path, request.json["type"]) == ("/hooks", "webhook.test")
    assert request.json["data"]["endpoint"] == str(endpoint.pk)
    assert verified(endpoint_at.secrets[endpoint.pk], request)
    assert the.entries("webhook.tested")[0].after == {"event": request.json["id"]}


def test_a_replay_says_the_same_under_the_same_id(
    endpoint, receiver, happen, run_jobs, inside, cast, the
):
    happen("Order tyres")
    run_jobs()
    with inside():
        assert flows.replay(delivery=Delivery.objects.get(), by=cast.alice)
        assert not flows.replay(delivery=Delivery.objects.get(), by=cast.alice)
    run_jobs()
    first, second = receiver.requests
    assert first.body == second.body
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert the.delivery.state == "delivered"
    assert len(the.attempts) == 2
