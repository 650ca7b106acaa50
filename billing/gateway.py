"""Every call to Stripe; nothing else of ours asks it anything.

Each write carries a key of its own by what it is for, so that sending it again after a
lost answer does it once. Answers are plain dictionaries in the shapes of
`settings.STRIPE_API_VERSION`.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any, Final

import requests
import stripe
from django.conf import settings

# For one answer, and for all that somebody waits for: a page has ten.
SECONDS: Final = 4
PATIENCE: Final = 9
TRIES_AGAIN: Final = 1
MOST: Final = 100
# In the words of what is ours at Stripe.
MADE_BY: Final = "insula"

AWAY: Final = (stripe.APIConnectionError, stripe.RateLimitError)


class StripeAway(Exception):
    """Stripe did not answer, or not in time; nothing is known to have been done."""


class Declined(Exception):
    """The bank refused the payment; nothing was changed."""


class Refused(Exception):
    """Stripe will not do what we asked for."""


_until: ContextVar[float | None] = ContextVar("billing_until", default=None)


class Impatient(requests.Session):
    """Asks no longer than somebody waits."""

    def request(self, *args: Any, **kwargs: Any) -> requests.Response:
        kwargs["timeout"] = seconds_left()
        return super().request(*args, **kwargs)


def seconds_left() -> float:
    """Return for how long the next answer is waited for."""
    until = _until.get()
    if until is None:
        return SECONDS
    left = until - time.monotonic()
    if left <= 0:
        raise requests.Timeout("nobody waits any longer")
    return min(SECONDS, left)


@contextmanager
def patience() -> Iterator[None]:
    """Give up, with StripeAway, what takes longer than somebody waits for a page."""
    token = _until.set(time.monotonic() + PATIENCE)
    try:
        yield
    finally:
        _until.reset(token)


@contextmanager
def answering() -> Iterator[None]:
    """Turn the package's errors into ours."""
    try:
        yield
    except stripe.CardError as error:
        raise Declined(error.user_message or "") from error
    except AWAY as error:
        raise StripeAway(str(error)) from error
    except stripe.StripeError as error:
        if (error.http_status or 500) >= 500:
            raise StripeAway(str(error)) from error
        raise Refused(str(error)) from error


def client() -> stripe.StripeClient:
    """Return who asks: Stripe itself, or the double of a developer's machine.

    StripeAway where payments are not set up.
    """
    if not settings.BILLING_ON:
        raise StripeAway("payments are not set up")
    return made(
        settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE, settings.BILLING_DOUBLE
    )


@cache
def made(key: str, base: str, double: Any) -> stripe.StripeClient:
    """Return a client; it keeps its connections from one request to the next."""
    asks: Any = stripe.RequestsClient(session=Impatient())
    if double:
        from billing.fakestripe.client import FakeHTTPClient

        asks = FakeHTTPClient()
    addresses: Any = {"base_addresses": {"api": base}} if base else {}
    return stripe.StripeClient(
        key,
        http_client=asks,
        stripe_version=settings.STRIPE_API_VERSION,
        max_network_retries=TRIES_AGAIN,
        **addresses,
    )


def create_customer(*, organization_id: Any, name: str, email: str) -> dict[str, Any]:
    """Make an organization's customer; asked again it is the same one."""
    params: Any = {
        "name": name,
        "email": email,
        "metadata": {
            "organization": str(organization_id),
            "djstripe_subscriber": str(organization_id),
        },
    }
    with answering():
        made = client().v1.customers.create(params, keyed("customer", organization_id))
    return made.to_dict()


def open_checkout(
    *,
    organization_id: Any,
    customer: str,
    price: str,
    quantity: int,
    trial_days: int,
    urls: dict[str, str],
    key: str,
) -> dict[str, Any]:
    """Make a page at Stripe on which a subscription is bought."""
    subscription: dict[str, Any] = {"metadata": {"organization": str(organization_id)}}
    if trial_days:
        subscription["trial_period_days"] = trial_days
        # Without a card a trial ends by itself, and nobody owes anything.
        behavior = {"missing_payment_method": "cancel"}
        subscription["trial_settings"] = {"end_behavior": behavior}
    params: Any = {
        "mode": "subscription",
        "customer": customer,
        "client_reference_id": str(organization_id),
        "line_items": [{"price": price, "quantity": quantity}],
        "payment_method_collection": "if_required" if trial_days else "always",
        "subscription_data": subscription,
        "success_url": urls["done"],
        "cancel_url": urls["back"],
    }
    with answering():
        made = client().v1.checkout.sessions.create(params, keyed("checkout", key))
    return made.to_dict()


def open_portal(*, customer: str, back: str) -> dict[str, Any]:
    """Make a page at Stripe for cards, addresses and papers."""
    params: Any = {"customer": customer, "return_url": back}
    if configuration := our_portal():
        params["configuration"] = configuration
    with answering():
        return client().v1.billing_portal.sessions.create(params).to_dict()


def our_portal() -> str:
    """Return which pages at Stripe `billing_setup` has arranged; empty before that.

    Stripe's own arrangement would let people end or change what has pages of ours.
    """
    params: Any = {"active": True, "limit": MOST}
    with answering():
        found = client().v1.billing_portal.configurations.list(params)
        for each in found.data:
            if (each.to_dict().get("metadata") or {}).get("made_by") == MADE_BY:
                return each.id
    return ""


def customer_of(customer: str) -> dict[str, Any]:
    """Return a customer with the card they pay by."""
    params: Any = {"expand": ["invoice_settings.default_payment_method"]}
    with answering():
        return client().v1.customers.retrieve(customer, params).to_dict()


def subscriptions_of(customer: str) -> list[dict[str, Any]]:
    """Return a customer's subscriptions, ended ones as well, the newest first."""
    params: Any = {
        "customer": customer,
        "status": "all",
        "limit": MOST,
        "expand": ["data.default_payment_method", "data.schedule"],
    }
    with answering():
        found = client().v1.subscriptions.list(params)
        return [each.to_dict() for each in found.auto_paging_iter()]


def invoices_of(customer: str) -> list[dict[str, Any]]:
    """Return a customer's newest invoices with what they were paid by."""
    params: Any = {"customer": customer, "limit": MOST, "expand": ["data.payments"]}
    with answering():
        return [each.to_dict() for each in client().v1.invoices.list(params).data]


def charges_of(customer: str) -> list[dict[str, Any]]:
    """Return a customer's newest charges; only they say what was given back."""
    params: Any = {"customer": customer, "limit": MOST}
    with answering():
        return [each.to_dict() for each in client().v1.charges.list(params).data]


def preview(
    *, customer: str, subscription: str, item: dict[str, Any], moment: int
) -> dict[str, Any]:
    """Return the invoice that a change at a moment would lead to."""
    params: Any = {
        "customer": customer,
        "subscription": subscription,
        "subscription_details": {
            "items": [item],
            "proration_behavior": "always_invoice",
            "proration_date": moment,
        },
    }
    with answering():
        return client().v1.invoices.create_preview(params).to_dict()


def change_now(
    subscription: str, *, item: dict[str, Any], moment: int, key: str
) -> dict[str, Any]:
    """Change price or quantity at once and charge the difference; Declined if not
    paid, and then nothing is changed."""
    params: Any = {
        "items": [item],
        "cancel_at_period_end": False,
        "proration_behavior": "always_invoice",
        "proration_date": moment,
        "payment_behavior": "error_if_incomplete",
    }
    return update(subscription, params, keyed("change", key))


def change_quantity(
    subscription: str, *, item: dict[str, Any], key: str
) -> dict[str, Any]:
    """Change the quantity; the next invoice says what the days in between cost."""
    params: Any = {"items": [item], "proration_behavior": "create_prorations"}
    return update(subscription, params, keyed("seats", key))


def end_with_period(subscription: str, *, ends: bool) -> dict[str, Any]:
    """Let a subscription end with what is paid for, or go on after all.

    Doing it twice is doing it once, so it needs no key of ours.
    """
    return update(subscription, {"cancel_at_period_end": ends}, {})


def update(subscription: str, params: Any, options: Any) -> dict[str, Any]:
    """Change a subscription; Declined when that takes a payment that fails."""
    with answering():
        changed = client().v1.subscriptions.update(subscription, params, options)
    return changed.to_dict()


def schedule(
    subscription: str, *, now: dict[str, Any], then: dict[str, Any], key: str
) -> dict[str, Any]:
    """Let another price follow when the period ends.

    `now` holds the phase that runs: price, quantity, start_date and end_date.
    """
    begin: Any = {"from_subscription": subscription}
    phases: Any = {
        "end_behavior": "release",
        "phases": [
            {
                "items": [{"price": now["price"], "quantity": now["quantity"]}],
                "start_date": now["start_date"],
                "end_date": now["end_date"],
            },
            {
                "items": [{"price": then["price"], "quantity": then["quantity"]}],
                "duration": {"interval": then["interval"], "interval_count": 1},
            },
        ],
    }
    with answering():
        plans = client().v1.subscription_schedules
        made = plans.create(begin, keyed("schedule", key))
        return plans.update(made.id, phases, keyed("phases", key)).to_dict()


def release(plan: str) -> None:
    """Take a schedule back; the subscription goes on as it is."""
    with answering():
        client().v1.subscription_schedules.release(plan)


def keyed(what: str, key: Any) -> Any:
    """Return the option that makes Stripe do a write once."""
    return {"idempotency_key": f"insula-{what}-{key}"}
