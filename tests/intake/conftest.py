"""Events as Stripe sends them, and what is looked at afterwards."""

import json
import time

import pytest
import stripe

from billing.intake.models import StripeEvent
from organizations.tenancy import identity, no_context
from organizations.tenancy.models import uuid7
from tests.billing.conftest import (  # noqa: F401
    EVENTS,
    SECRET,
    acme_now,
    bought,
    inside,
    paid,
    price_list,
    row,
    shop,
    stripe_double,
)

JSON = "application/json"


def event_of(subject, kind="customer.updated", **values):
    """An event about an object."""
    return {
        "id": f"evt_{uuid7().hex}",
        "object": "event",
        "api_version": "2026-05-27.dahlia",
        "created": int(time.time()),
        "data": {"object": subject},
        "livemode": False,
        "pending_webhooks": 1,
        "type": kind,
        **values,
    }


def header_of(body, secret=SECRET, at=None):
    """The header by which Stripe proves that a body is its own."""
    text = body if isinstance(body, str) else body.decode()
    sign = stripe.WebhookSignature.generate_signature_header
    return sign(text, secret, timestamp=int(time.time()) if at is None else at)


def send(client, event, *, secret=SECRET, at=None, **headers):
    """Post an event as Stripe does."""
    body = event if isinstance(event, str | bytes) else json.dumps(event)
    headers = {"Stripe-Signature": header_of(body, secret, at)} | headers
    return client.post(EVENTS, body, JSON, headers=headers)


def outside(question):
    """Ask something where events are: outside all organizations."""
    with no_context(), identity():
        return question()


def kept():
    return outside(lambda: list(StripeEvent.objects.order_by("received_at", "id")))


def the_event(**which):
    return outside(lambda: StripeEvent.objects.get(**which))


@pytest.fixture
def stripe_on(settings, db):
    """Payments are on, and nothing is asked of anybody."""
    settings.BILLING_ON = True
    settings.STRIPE_WEBHOOK_SECRET = SECRET


@pytest.fixture
def double(shop):
    """A double of Stripe that sells our plans."""
    return shop


@pytest.fixture
def delivered(double, client, run_jobs):
    """Return a call that delivers what waits, and works it off."""

    def deliver(*, jobs=True):
        taken = double.deliver(client)
        return run_jobs() if jobs else taken

    return deliver
