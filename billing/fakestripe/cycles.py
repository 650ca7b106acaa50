"""The rounds of a subscription: renewed, tried again, given up."""

from billing.fakestripe import invoices, payments
from billing.fakestripe.events import change, emit
from billing.fakestripe.periods import next_end
from billing.fakestripe.store import Books, Thing
from billing.fakestripe.subscriptions import (
    CLOSED,
    bill,
    close,
    collect,
    lines_of,
    reckon,
    recurring_of,
    set_period,
    span,
)


def renew(books: Books, subscription: Thing) -> None:
    """Begin the next period and bill it."""
    begun, end = span(subscription)
    anchor = subscription["billing_cycle_anchor"]
    items = subscription["items"]["data"]
    set_period(subscription, end, next_end(anchor, recurring_of(items), end))
    before = subscription["status"]
    if before == "trialing":
        subscription["status"] = "active"
    change(books, "customer.subscription.updated", subscription)
    lines = lines_of(books, subscription)
    bill(books, subscription, "subscription_cycle", lines, (begun, end))
    invoice = books.need("invoice", subscription["latest_invoice"])
    if invoice["status"] != "draft":
        reckon(books, subscription, invoice)
    if subscription["status"] not in CLOSED:
        change(books, "customer.subscription.updated", subscription)


def end_trial(books: Books, subscription: Thing) -> None:
    """Go on from a trial: to the first charge, or as agreed where there is no card."""
    customer = books.need("customer", subscription["customer"])
    ending = subscription["trial_settings"]["end_behavior"]["missing_payment_method"]
    if payments.method_of(books, customer, subscription) is None:
        if ending == "cancel":
            close(books, subscription, "payment_failed")
            return
        if ending == "pause":
            subscription["status"] = "paused"
            books.put(subscription)
            emit(books, "customer.subscription.paused", subscription)
            return
    renew(books, subscription)


def resume(books: Books, subscription: Thing) -> None:
    """Begin a period of a subscription that stood still, and bill it."""
    items = subscription["items"]["data"]
    end = next_end(books.now, recurring_of(items), books.now)
    subscription.update(status="active", billing_cycle_anchor=books.now)
    set_period(subscription, books.now, end)
    moments, lines = (books.now, books.now), lines_of(books, subscription)
    bill(books, subscription, "subscription_update", lines, moments)
    reckon(books, subscription, books.need("invoice", subscription["latest_invoice"]))
    change(books, "customer.subscription.resumed", subscription)


def expire(books: Books, subscription: Thing) -> None:
    """Give a first payment up that was never made."""
    subscription.update(status="incomplete_expired", ended_at=books.now)
    invoice = books.need("invoice", subscription["latest_invoice"])
    invoice.update(status="void", auto_advance=False)
    change(books, "invoice.voided", invoice)
    change(books, "customer.subscription.updated", subscription)


def retry(books: Books, invoice: Thing) -> None:
    """Try once more to be paid."""
    key = invoices.subscription_of(invoice)
    subscription = books.need("subscription", key)
    collect(books, invoice, subscription)
    reckon(books, subscription, invoice)
    if subscription["status"] not in CLOSED:
        change(books, "customer.subscription.updated", subscription)
