"""What an invoice would be: the change is made, read, and taken back."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from billing.fakestripe import changing, invoices, schedules, subscriptions
from billing.fakestripe.customers import present
from billing.fakestripe.endpoints import endpoint
from billing.fakestripe.errors import Refusal, invalid
from billing.fakestripe.params import Moment
from billing.fakestripe.periods import next_end
from billing.fakestripe.store import Books, Thing
from billing.fakestripe.subscribing import ITEM, PRORATIONS
from billing.fakestripe.things import new_id

DETAILS: Final = {
    "cancel_at": Moment(),
    "cancel_at_period_end": bool,
    "cancel_now": bool,
    "items": [ITEM],
    "proration_behavior": PRORATIONS,
    "proration_date": int,
    "trial_end": Moment(("now",)),
}


@endpoint(
    "POST",
    "/v1/invoices/create_preview",
    {
        "currency": str,
        "customer": str,
        "subscription": str,
        "subscription_details": DETAILS,
    },
)
def create_preview(books: Books, params: Thing) -> Thing:
    details = params.get("subscription_details") or {}
    with rehearsal(books):
        if params.get("subscription"):
            invoice = of_subscription(books, params, details)
        else:
            invoice = of_newcomer(books, params, details)
    invoice["id"] = f"upcoming_{invoice['id']}"
    return invoice


@contextmanager
def rehearsal(books: Books) -> Iterator[None]:
    """Take back all that is written inside."""
    books.connection.execute("SAVEPOINT rehearsal")
    try:
        yield
    finally:
        books.connection.execute("ROLLBACK TO rehearsal")
        books.connection.execute("RELEASE rehearsal")


def of_subscription(books: Books, params: Thing, details: Thing) -> Thing:
    """Return what a subscription's next invoice would be after a change."""
    subscription = books.need("subscription", params["subscription"], "subscription")
    if params.get("customer") not in {None, subscription["customer"]}:
        raise invalid("The subscription is not the customer's.", "subscription")
    if subscription["status"] in subscriptions.CLOSED or details.get("cancel_now"):
        raise nothing_comes(subscription)
    changing.change_end(books, subscription, details)
    lines = changing.apply(books, subscription, details)
    if lines is None or not (lines or invoices.waiting_for(books, subscription["id"])):
        return upcoming(books, books.put(subscription))
    moments = (subscriptions.span(subscription)[0], books.now)
    return drafted(books, subscription, "subscription_update", lines, moments)


def nothing_comes(subscription: Thing) -> Refusal:
    return Refusal(
        404,
        "invalid_request_error",
        f"No upcoming invoices for customer: {subscription['customer']}",
        code="invoice_upcoming_none",
    )


def upcoming(books: Books, subscription: Thing) -> Thing:
    """Return the invoice that the end of the present period brings."""
    begun, end = subscriptions.span(subscription)
    if subscription["cancel_at"] and subscription["cancel_at"] <= end:
        raise nothing_comes(subscription)
    books.at, before = end, books.at
    try:
        schedule = books.find(subscription["schedule"])
        if schedule and schedules.next_moment(schedule) <= end:
            schedules.go_on(books, schedule)
            subscription = books.need("subscription", subscription["id"])
        if subscription["status"] == "trialing":
            subscription["status"] = "active"
        items = subscription["items"]["data"]
        anchor = subscription["billing_cycle_anchor"]
        recurring = subscriptions.recurring_of(items)
        subscriptions.set_period(subscription, end, next_end(anchor, recurring, end))
        lines = subscriptions.lines_of(books, subscription)
        return drafted(books, subscription, "upcoming", lines, (begun, end))
    finally:
        books.at = before


def drafted(
    books: Books,
    subscription: Thing,
    reason: str,
    lines: list[Thing],
    span: tuple[int, int],
) -> Thing:
    """Return a draft that says what would be owed, after the customer's credit."""
    invoice = invoices.draft(books, subscription, reason, lines, span)
    invoice["ending_balance"] = min(0, invoice["total"] + invoice["starting_balance"])
    invoice["next_payment_attempt"] = books.now
    for line in invoice["lines"]["data"]:
        line["id"], line["invoice"] = new_id("il_tmp"), None
    return invoice


def of_newcomer(books: Books, params: Thing, details: Thing) -> Thing:
    """Return what the first invoice of a new subscription would be."""
    customer = present(books, params.get("customer", ""))
    if not details.get("items"):
        raise nothing_comes({"customer": customer["id"]})
    trial = {name: details[name] for name in ("trial_end",) if name in details}
    terms = {**trial, "payment_behavior": "default_incomplete"}
    made = subscriptions.start(books, customer, details["items"], terms)
    lines = subscriptions.lines_of(books, made)
    moments = (books.now, books.now)
    books.put(customer)
    return drafted(books, made, "subscription_create", lines, moments)
