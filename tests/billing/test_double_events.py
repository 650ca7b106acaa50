"""What the double tells: which events, what they hold, who gets them, how signed."""

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
import stripe

from billing.fakestripe import delivering
from billing.fakestripe.events import TRIES, differences
from tests.billing.conftest import SECRET
from tests.billing.story import catalog, change, checkout, customer, subscribed


@pytest.fixture
def double(stripe_double):
    return stripe_double


def kinds(double, since=0):
    return [event["type"] for event in double.events()[since:]]


def last(double, kind):
    return [event for event in double.events() if event["type"] == kind][-1]


def verified(body, headers, secret=SECRET):
    """Answer as our endpoint does: an event with a wrong signature is refused."""
    try:
        stripe.Webhook.construct_event(body, headers["Stripe-Signature"], secret)
    except stripe.SignatureVerificationError:
        return 400
    return 200


# --- which --------------------------------------------------------------------------


# cap 56
def test_checkout_tells_all_that_it_did(double):
    prices = catalog(double)
    session = checkout(double, customer(double), prices.pro)
    before = len(double.events())
    double.pay(session.id)
    told = kinds(double, before)
    assert told[0] == "payment_method.attached"
    assert told[-2:] == ["customer.subscription.created", "checkout.session.completed"]
    assert {"invoice.created", "invoice.finalized", "invoice.paid"} <= set(told)
    assert "charge.succeeded" in told


@pytest.mark.parametrize(
    ("act", "kind"),
    [
        (lambda d, s: d.end_later(s.id, ends=True), "customer.subscription.updated"),
        (
            lambda d, s: d.api.subscriptions.cancel(s.id),
            "customer.subscription.deleted",
        ),
        (lambda d, s: d.refund(s.latest_invoice), "charge.refunded"),
        (
            lambda d, s: d.change_card(s.customer, "4242424242424242"),
            "payment_method.attached",
        ),
        (lambda d, s: change(d, s, quantity=3), "invoiceitem.created"),
        (
            lambda d, s: d.api.customers.update(s.customer, {"name": "New"}),
            "customer.updated",
        ),
    ],
)
def test_each_act_is_told(double, act, kind):
    live = subscribed(double, catalog(double).pro)
    before = len(double.events())
    act(double, live)
    assert kind in kinds(double, before)


def test_failed_payment_is_told_with_its_reason(double):
    live = subscribed(double, catalog(double).pro)
    double.decline_next(live.customer)
    double.advance(days=32)
    charge = last(double, "charge.failed")["data"]["object"]
    assert charge["outcome"]["reason"] == "insufficient_funds"
    assert (
        last(double, "invoice.payment_failed")["data"]["object"]["attempt_count"] == 1
    )
    intent = last(double, "payment_intent.payment_failed")["data"]["object"]
    assert intent["last_payment_error"]["code"] == "card_declined"


def test_change_that_changes_nothing_is_not_told(double):
    who = customer(double)
    before = double.events()
    double.api.customers.update(who, {"name": "Acme"})
    assert double.events() == before


# --- what they hold -----------------------------------------------------------------


def test_event_holds_the_object_and_what_it_was(double):
    who = customer(double, metadata={"a": "1"})
    double.api.customers.update(who, {"name": "New", "metadata": {"b": "2"}})
    data = last(double, "customer.updated")["data"]
    assert (data["object"]["name"], data["object"]["id"]) == ("New", who)
    assert data["previous_attributes"] == {"name": "Acme", "metadata": {"b": None}}


def test_event_of_a_request_names_it_and_its_key(double):
    double.api.customers.create({"email": "a@b.example"}, {"idempotency_key": "k"})
    request = last(double, "customer.created")["request"]
    assert request["idempotency_key"] == "k"
    assert request["id"].startswith("req_")


def test_event_of_the_clock_names_no_request(double):
    subscribed(double, catalog(double).pro)
    double.advance(days=32)
    event = last(double, "customer.subscription.updated")
    assert event["request"] == {"id": None, "idempotency_key": None}


def test_event_is_of_its_moment(double):
    double.freeze(1_800_000_000)
    live = subscribed(double, catalog(double).pro)
    double.advance(days=40)
    event = last(double, "invoice.paid")
    assert event["created"] == live["items"].data[0].current_period_end


def test_events_may_be_asked_for(double):
    customer(double)
    (event,) = double.api.events.list({"type": "customer.created"}).data
    assert double.api.events.retrieve(event.id).type == "customer.created"
    assert double.api.events.list({"type": "customer.*"}).data[0].id == event.id
    assert double.api.events.list({"types": ["invoice.paid"]}).data == []


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        ({"a": 1}, {"a": 1}, {}),
        ({"a": 1}, {"a": 2}, {"a": 1}),
        ({"a": {"b": 1, "c": 2}}, {"a": {"b": 1, "c": 3}}, {"a": {"c": 2}}),
        ({"a": [1]}, {"a": [1, 2]}, {"a": [1]}),
        ({"a": None}, {"a": {"b": 1}}, {"a": None}),
        ({}, {"a": 1}, {"a": None}),
    ],
)
def test_differences_are_told_as_they_were(before, now, expected):
    assert differences(before, now) == expected


# --- signatures ---------------------------------------------------------------------


def test_signature_is_one_the_package_accepts(double):
    customer(double)
    body, signature = double.signed(double.outbox()[0], SECRET)
    event = stripe.Webhook.construct_event(body, signature, SECRET)
    assert event.type == "customer.created"


def test_signature_of_another_secret_is_refused(double):
    customer(double)
    body, signature = double.signed(double.outbox()[0], "whsec_other")
    with pytest.raises(stripe.SignatureVerificationError):
        stripe.Webhook.construct_event(body, signature, SECRET)


def test_old_signature_is_refused(double):
    customer(double)
    at = double.signing_time() - 600
    body, signature = double.signed(double.outbox()[0], SECRET, at)
    with pytest.raises(stripe.SignatureVerificationError, match="tolerance"):
        stripe.Webhook.construct_event(body, signature, SECRET)


# --- delivery -----------------------------------------------------------------------


def test_delivered_events_wait_no_longer(double):
    customer(double)
    subscribed(double, catalog(double).pro)
    waiting = len(double.outbox())
    assert double.deliver(verified) == waiting > 10
    assert double.outbox() == []
    assert double.deliver(verified) == 0
    assert {event["pending_webhooks"] for event in double.events()} == {0}


def test_events_come_in_the_order_they_happened(double):
    subscribed(double, catalog(double).pro)
    seen = []

    def post(body, headers):
        seen.append(json.loads(body)["id"])
        return 200

    expected = [event["id"] for event in double.outbox()]
    double.deliver(post)
    assert seen == expected


def test_refused_event_waits_for_another_try_but_not_for_ever(double):
    customer(double)
    for _again in range(TRIES):
        assert len(double.outbox()) == 1
        assert double.deliver(lambda body, headers: 500) == 0
    assert double.outbox() == []
    assert len(double.events()) == 1


def test_registered_endpoint_signs_with_its_own_secret(double):
    body = {"url": "https://insula.example/", "enabled_events": ["*"]}
    secret = double.api.webhook_endpoints.create(body).secret
    customer(double)
    assert double.deliver(lambda *sent: verified(*sent, secret)) == 1


def test_endpoint_gets_only_what_it_asked_for(double):
    body = {"url": "https://insula.example/", "enabled_events": ["product.created"]}
    secret = double.api.webhook_endpoints.create(body).secret
    customer(double)
    double.api.products.create({"name": "Pro"})
    assert double.deliver(lambda *sent: verified(*sent, secret)) == 1
    assert double.outbox() == []


# --- over HTTP ----------------------------------------------------------------------


@contextmanager
def listening(statuses):
    """Run a server on this machine that answers with statuses, the last one for ever."""
    seen = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            seen.append((body, dict(self.headers)))
            self.send_response(statuses[min(len(seen), len(statuses)) - 1])
            self.end_headers()

        def log_message(self, *_words):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/events/", seen
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def prompt(monkeypatch):
    """Leave the pauses out that a running server waits."""
    monkeypatch.setattr(delivering, "PAUSES", [0.0, 0.0])


def join_senders():
    for thread in threading.enumerate():
        if thread is not threading.current_thread() and thread.daemon:
            thread.join(10)


def test_running_server_is_told_a_moment_after_the_change(double, settings, prompt):
    with listening([200]) as (address, seen):
        settings.BILLING_DOUBLE_DELIVERS_TO = address
        customer(double)
        join_senders()
    ((body, headers),) = seen
    assert verified(body, headers) == 200
    assert double.outbox() == []


def test_server_that_fails_once_is_asked_again(double, settings, prompt):
    with listening([500, 200]) as (address, seen):
        settings.BILLING_DOUBLE_DELIVERS_TO = address
        customer(double)
        join_senders()
    assert len(seen) == 2
    assert double.outbox() == []


def test_server_that_is_away_holds_nobody_up(double, settings, prompt):
    with listening([200]) as (address, _seen):
        pass
    settings.BILLING_DOUBLE_DELIVERS_TO = address
    customer(double)
    join_senders()
    assert len(double.outbox()) == 1


@pytest.mark.parametrize("address", ["", "https://insula.example/billing/", "nowhere"])
def test_events_leave_this_machine_for_nowhere(double, settings, address):
    settings.BILLING_DOUBLE_DELIVERS_TO = address
    assert delivering.soon(double) is None


def test_reading_tells_nobody_anything(double, settings, prompt):
    customer(double)
    with listening([200]) as (address, seen):
        settings.BILLING_DOUBLE_DELIVERS_TO = address
        double.api.customers.list()
        join_senders()
    assert seen == []
