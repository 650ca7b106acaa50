"""What an answer of Stripe's says, in our words: values for our rows, and no writing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

import structlog

from billing import gateway
from billing.models import LATE, LIVE, Interval, InvoiceStatus, Price
from billing.models import Subscription as Row

log = structlog.get_logger("insula.billing")

# What a row says while its customer has no subscription.
NONE: Final[dict[str, Any]] = {
    "stripe_subscription_id": "",
    "stripe_item_id": "",
    "stripe_price_id": "",
    "stripe_schedule_id": "",
    "status": "incomplete",
    "seats": 1,
    "interval": Interval.MONTH,
    "cents": 0,
    "current_period_start": None,
    "current_period_end": None,
    "trial_start": None,
    "trial_end": None,
    "cancel_at_period_end": False,
    "cancel_at": None,
    "ended_at": None,
    "next_plan_id": None,
    "next_interval": "",
    "past_due_since": None,
}


@dataclass
class Reading:
    """A customer as Stripe has it: values of our row, and of each invoice by its id."""

    values: dict[str, Any]
    invoices: dict[str, dict[str, Any]] = field(default_factory=dict)


def read(row: Row) -> Reading:
    """Ask Stripe for everything a row and its invoices are made from."""
    customer = gateway.customer_of(row.stripe_customer_id)
    found = current(gateway.subscriptions_of(row.stripe_customer_id))
    refunds = refunds_of(row.stripe_customer_id)
    invoices = {
        invoice["id"]: invoice_values(invoice, refunds)
        for invoice in gateway.invoices_of(row.stripe_customer_id)
        if invoice["status"] in InvoiceStatus.values
    }
    values = NONE | subscription_values(found, row) if found else dict(NONE)
    values["billing_email"] = customer.get("email") or ""
    values["card"] = card_of(found, customer)
    if values["status"] in LATE:
        values["past_due_since"] = late_since(invoices, values)
    return Reading(values, invoices)


def current(found: list[dict[str, Any]]) -> dict[str, Any] | None:
    """Return the one subscription that counts: the newest that lives, else the newest.

    Whoever bought twice is seen by `billing_reconcile`.
    """
    newest = sorted(found, key=lambda each: (each["created"], each["id"]), reverse=True)
    living = [each for each in newest if each["status"] in LIVE]
    return next(iter(living or newest), None)


def subscription_values(found: dict[str, Any], row: Row) -> dict[str, Any]:
    """Return a subscription as the values of our row."""
    item = found["items"]["data"][0]
    price = item["price"]
    # One of another account, or made by hand at Stripe, keeps the plan as it was.
    known = Price.objects.filter(pk=price["id"]).first()
    if known is None:
        log.warning("billing.unknown_price", price=price["id"], plan=row.plan_id)
    return {
        "stripe_subscription_id": found["id"],
        "stripe_item_id": item["id"],
        "stripe_price_id": price["id"],
        "plan_id": known.plan_id if known else row.plan_id,
        "status": found["status"],
        "seats": item.get("quantity") or 1,
        "interval": (price.get("recurring") or {}).get("interval", Interval.MONTH),
        "cents": price.get("unit_amount") or 0,
        "currency": price.get("currency") or "",
        "current_period_start": moment(item.get("current_period_start")),
        "current_period_end": moment(item.get("current_period_end")),
        "trial_start": moment(found.get("trial_start")),
        "trial_end": moment(found.get("trial_end")),
        "cancel_at_period_end": bool(found.get("cancel_at_period_end")),
        "cancel_at": moment(found.get("cancel_at")),
        "ended_at": moment(found.get("ended_at")),
        **what_follows(found.get("schedule"), item.get("current_period_end") or 0),
    }


def what_follows(schedule: Any, ends: int) -> dict[str, Any]:
    """Return the plan that a schedule puts in the place of the one that runs."""
    if not isinstance(schedule, dict) or schedule.get("status") != "active":
        return {}
    for phase in schedule["phases"]:
        if phase["start_date"] < ends:
            continue
        price = Price.objects.filter(pk=id_of(phase["items"][0]["price"])).first()
        if price is not None:
            return {
                "stripe_schedule_id": schedule["id"],
                "next_plan_id": price.plan_id,
                "next_interval": price.interval,
            }
    return {"stripe_schedule_id": schedule["id"]}


def refunds_of(customer: str) -> dict[str, int]:
    """Return what was given back of each payment, by the id of its intent."""
    return {
        id_of(charge["payment_intent"]): charge.get("amount_refunded") or 0
        for charge in gateway.charges_of(customer)
        if charge.get("payment_intent")
    }


def refunded(invoice: dict[str, Any], refunds: Mapping[str, int]) -> int:
    """Return what was given back of an invoice's payments, and by credit notes."""
    payments = (invoice.get("payments") or {}).get("data") or []
    intents = [each["payment"].get("payment_intent") for each in payments]
    given = sum(refunds.get(id_of(intent), 0) for intent in intents if intent)
    return given + (invoice.get("post_payment_credit_notes_amount") or 0)


def invoice_values(
    invoice: dict[str, Any], refunds: Mapping[str, int]
) -> dict[str, Any]:
    """Return an invoice as the values of our row."""
    return {
        "number": invoice.get("number") or "",
        "status": invoice["status"],
        "currency": invoice["currency"],
        "total_cents": invoice["total"],
        "paid_cents": invoice.get("amount_paid") or 0,
        "refunded_cents": refunded(invoice, refunds),
        "issued_at": moment(invoice["created"]),
        "period_start": moment(invoice.get("period_start")),
        "period_end": moment(invoice.get("period_end")),
        "hosted_url": invoice.get("hosted_invoice_url") or "",
        "pdf_url": invoice.get("invoice_pdf") or "",
        "next_attempt_at": moment(invoice.get("next_payment_attempt")),
    }


def late_since(
    invoices: dict[str, dict[str, Any]], values: dict[str, Any]
) -> datetime | None:
    """Return since when something is owed: the oldest open invoice, else the period."""
    owed = [
        each["issued_at"]
        for each in invoices.values()
        if each["status"] in {InvoiceStatus.OPEN, InvoiceStatus.UNCOLLECTIBLE}
    ]
    return min(owed, default=values["current_period_start"])


def card_of(
    subscription: dict[str, Any] | None, customer: dict[str, Any]
) -> dict[str, Any]:
    """Return what the card that pays is recognised by; empty without a card."""
    own = (subscription or {}).get("default_payment_method")
    theirs = (customer.get("invoice_settings") or {}).get("default_payment_method")
    for method in (own, theirs):
        card = method.get("card") if isinstance(method, dict) else None
        if card:
            return {
                "brand": card.get("brand") or "",
                "last4": card.get("last4") or "",
                "month": card.get("exp_month"),
                "year": card.get("exp_year"),
            }
    return {}


def id_of(value: Any) -> str:
    """Return the id of something that Stripe may have told in full."""
    return value["id"] if isinstance(value, dict) else str(value)


def moment(seconds: int | None) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if seconds else None
