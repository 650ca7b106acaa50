"""The addresses of subscriptions and their items."""

from typing import Any, Final

from billing.fakestripe import invoices, prorations
from billing.fakestripe.changing import update
from billing.fakestripe.customers import present
from billing.fakestripe.cycles import resume
from billing.fakestripe.endpoints import PAGING, endpoint, page, within
from billing.fakestripe.errors import declined, invalid, missing
from billing.fakestripe.events import add, change
from billing.fakestripe.params import Moment, Times, Words, choice
from billing.fakestripe.payments import given_method
from billing.fakestripe.store import Books, Thing
from billing.fakestripe.subscriptions import (
    CLOSED,
    bill,
    check_method,
    close,
    collect,
    reckon,
    span,
    start,
)

PRORATIONS: Final = choice("always_invoice", "create_prorations", "none")
PAYMENT: Final = choice("allow_incomplete", "default_incomplete", "error_if_incomplete")
TRIAL: Final = {
    "end_behavior": {
        "missing_payment_method": choice("cancel", "create_invoice", "pause")
    }
}
NEW_ITEM: Final = {"metadata": Words, "price": str, "quantity": int}
ITEM: Final = {**NEW_ITEM, "deleted": bool, "id": str}
REASON: Final = {
    "comment": str,
    "feedback": choice(
        "customer_service",
        "low_quality",
        "missing_features",
        "other",
        "switched_service",
        "too_complex",
        "too_expensive",
        "unused",
    ),
}
COMMON: Final = {
    "cancel_at": Moment(),
    "cancel_at_period_end": bool,
    "collection_method": choice("charge_automatically"),
    "default_payment_method": str,
    "description": str,
    "metadata": Words,
    "off_session": bool,
    "payment_behavior": PAYMENT,
    "proration_behavior": PRORATIONS,
    "trial_end": Moment(("now",)),
    "trial_settings": TRIAL,
}
STATUS: Final = choice(
    "active",
    "all",
    "canceled",
    "ended",
    "incomplete",
    "incomplete_expired",
    "past_due",
    "paused",
    "trialing",
    "unpaid",
)


@endpoint(
    "POST",
    "/v1/subscriptions",
    {**COMMON, "customer": str, "items": [NEW_ITEM], "trial_period_days": int},
    required=("customer", "items"),
)
def create_subscription(books: Books, params: Thing) -> Thing:
    customer = present(books, params["customer"])
    return start(books, customer, params["items"], params)


@endpoint("GET", "/v1/subscriptions/{subscription_exposed_id}")
def retrieve_subscription(books: Books, params: Thing, key: str) -> Thing:
    return books.need("subscription", key)


@endpoint(
    "GET",
    "/v1/subscriptions",
    {**PAGING, "created": Times, "customer": str, "price": str, "status": STATUS},
)
def list_subscriptions(books: Books, params: Thing) -> Thing:
    found = [
        subscription
        for subscription in books.every("subscription", customer=params.get("customer"))
        if asked_for(subscription, params)
        and within(subscription["created"], params.get("created"))
    ]
    return page("/v1/subscriptions", found, params)


def asked_for(subscription: Thing, params: Thing) -> bool:
    """Tell whether a subscription has the status and the price that are asked for."""
    prices = {item["price"]["id"] for item in subscription["items"]["data"]}
    if params.get("price") and params["price"] not in prices:
        return False
    status = params.get("status")
    if status is None:
        return subscription["status"] not in CLOSED
    if status == "ended":
        return subscription["status"] in CLOSED
    return status in {"all", subscription["status"]}


@endpoint(
    "POST",
    "/v1/subscriptions/{subscription_exposed_id}",
    {
        **COMMON,
        "cancellation_details": REASON,
        "items": [ITEM],
        "proration_date": int,
    },
)
def update_subscription(books: Books, params: Thing, key: str) -> Thing:
    return update(books, books.need("subscription", key), params)


@endpoint(
    "DELETE",
    "/v1/subscriptions/{subscription_exposed_id}",
    {
        "cancellation_details": REASON,
        "expand": [str],
        "invoice_now": bool,
        "prorate": bool,
    },
)
def cancel_subscription(books: Books, params: Thing, key: str) -> Thing:
    subscription = books.need("subscription", key)
    if subscription["status"] in CLOSED:
        raise missing("subscription", key)
    subscription["cancellation_details"].update(
        params.get("cancellation_details") or {}
    )
    if params.get("prorate") and subscription["status"] == "active":
        items = subscription["items"]["data"]
        for one in prorations.unused(books, subscription, items, books.now):
            add(books, "invoiceitem.created", one)
    if params.get("invoice_now") and invoices.waiting_for(books, key):
        moments = (span(subscription)[0], books.now)
        bill(books, subscription, "subscription_update", [], moments)
    return close(books, subscription, "cancellation_requested")


@endpoint(
    "POST",
    "/v1/subscriptions/{subscription}/resume",
    {"billing_cycle_anchor": choice("now", "unchanged")},
)
def resume_subscription(books: Books, params: Thing, key: str) -> Thing:
    subscription = books.need("subscription", key)
    if subscription["status"] != "paused":
        raise invalid("Only subscriptions that are paused can be resumed.")
    check_method(books, subscription)
    resume(books, subscription)
    return subscription


def item_at(books: Books, key: str) -> tuple[Thing, Thing]:
    """Return an item and the subscription it is part of."""
    for subscription in books.every("subscription"):
        for item in subscription["items"]["data"]:
            if item["id"] == key:
                return item, subscription
    raise missing("subscription_item", key)


@endpoint("GET", "/v1/subscription_items/{item}")
def retrieve_subscription_item(books: Books, params: Thing, key: str) -> Thing:
    return item_at(books, key)[0]


@endpoint(
    "GET",
    "/v1/subscription_items",
    {**PAGING, "subscription": str},
    required=("subscription",),
)
def list_subscription_items(books: Books, params: Thing) -> Thing:
    key = params["subscription"]
    subscription = books.need("subscription", key, "subscription", 400)
    items = subscription["items"]["data"]
    return page(f"/v1/subscription_items?subscription={key}", items, params)


@endpoint(
    "POST",
    "/v1/subscription_items/{item}",
    {
        **NEW_ITEM,
        "off_session": bool,
        "payment_behavior": PAYMENT,
        "proration_behavior": PRORATIONS,
        "proration_date": int,
    },
)
def update_subscription_item(books: Books, params: Thing, key: str) -> Thing:
    subscription = item_at(books, key)[1]
    wanted = {name: params[name] for name in NEW_ITEM if name in params}
    terms = {name: params[name] for name in params if name not in NEW_ITEM}
    update(books, subscription, {**terms, "items": [{**wanted, "id": key}]})
    return item_at(books, key)[0]


@endpoint(
    "POST",
    "/v1/invoices/{invoice}/pay",
    {"off_session": bool, "paid_out_of_band": bool, "payment_method": str},
)
def pay_invoice(books: Books, params: Thing, key: str) -> Thing:
    invoice = books.need("invoice", key)
    if invoice["status"] == "paid":
        raise invalid("Invoice is already paid")
    if invoice["status"] == "draft":
        invoices.finalize(books, invoice)
    if invoice["status"] not in {"open", "uncollectible"}:
        raise invalid(f"This invoice is {invoice['status']} and cannot be paid.")
    subscription = books.need("subscription", invoices.subscription_of(invoice))
    refused = None
    if params.get("paid_out_of_band"):
        invoices.settle(books, invoice)
        reckon(books, subscription, invoice)
    else:
        refused = pay_now(books, invoice, subscription, params)
    if subscription["status"] not in CLOSED:
        change(books, "customer.subscription.updated", subscription)
    if refused:
        raise declined(refused).kept()
    return invoice


def pay_now(books: Books, invoice: Thing, subscription: Thing, params: Thing) -> Any:
    """Try to be paid, with the method that is named or the customer's own."""
    waits = invoice["next_payment_attempt"]
    method = given_method(books, params.get("payment_method"))
    refused = collect(books, invoice, subscription, method, again=False)
    if refused and waits:
        invoice.update(next_payment_attempt=waits, auto_advance=True)
        books.put(invoice)
    if refused is None and subscription["status"] not in CLOSED:
        reckon(books, subscription, invoice)
    return refused
