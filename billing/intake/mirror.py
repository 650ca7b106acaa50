"""Stripe's objects in dj-stripe's tables, for staff; nothing of ours depends on them.

The tables are nobody's but staff's, so this enters the operator's context. What is
written is read again from Stripe, and whose customer it is says our own row.
"""

from typing import Final

import stripe
import structlog
from django.conf import settings
from djstripe import models as mirrored
from djstripe.models import Customer

from billing import gateway
from billing.intake.applying import customer_of
from billing.intake.kinds import MIRRORED
from billing.intake.models import StripeEvent
from billing.queries import organization_of_customer
from organizations.tenancy.bypass import operator_context

log = structlog.get_logger("insula.billing")

# The attribute of `client().v1` that has the objects of a kind.
PLACES: Final = {
    "customer": "customers",
    "invoice": "invoices",
    "payment_method": "payment_methods",
    "price": "prices",
    "product": "products",
    "subscription": "subscriptions",
}


def mirror(event: StripeEvent) -> None:
    """Copy what an event is about; a failure is noted, and changes nothing else."""
    customer = customer_of(event)
    organization = organization_of_customer(customer)
    try:
        data = present(event)
        with operator_context(None, reason=f"mirror {event.pk}"):
            write(data)
            Customer.objects.filter(id=customer).update(subscriber_id=organization)
    except gateway.StripeAway:
        raise
    except Exception as error:
        log.exception("intake.mirror_failed", stripe_event=event.pk)
        note(event, f"{type(error).__name__}: {error}")
    else:
        note(event, "")


def note(event: StripeEvent, error: str) -> None:
    if event.mirror_error != error:
        event.mirror_error = error
        event.save(update_fields=["mirror_error"])


def present(event: StripeEvent) -> stripe.StripeObject:
    """Return an object as Stripe has it now; one that is gone as it was told last."""
    subject = event.subject
    if event.type.endswith(".deleted") and subject["object"] != "subscription":
        return stripe.StripeObject.construct_from(subject, settings.STRIPE_SECRET_KEY)
    place = getattr(gateway.client().v1, PLACES[subject["object"]])
    with gateway.answering():
        found: stripe.StripeObject = place.retrieve(subject["id"])
    return found


def write(data: stripe.StripeObject) -> None:
    """Write an object and what it refers to, which the package reads by itself."""
    point_the_package()
    model = getattr(mirrored, MIRRORED[data["object"]])
    model.sync_from_stripe_data(data, api_key=settings.STRIPE_SECRET_KEY)


def point_the_package() -> None:
    """Let the package ask where we ask; it knows the library's own settings only."""
    if settings.BILLING_DOUBLE:
        from billing.fakestripe.client import FakeHTTPClient

        stripe.default_http_client = FakeHTTPClient()
    elif stripe.default_http_client is None:
        stripe.default_http_client = stripe.RequestsClient(timeout=gateway.SECONDS)
    if settings.STRIPE_API_BASE:
        stripe.api_base = settings.STRIPE_API_BASE
