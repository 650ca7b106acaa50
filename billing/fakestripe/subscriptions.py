"""The life of a subscription: started, billed, changed, renewed, ended."""

from copy import deepcopy
from typing import Any, Final

from billing.fakestripe import invoices, payments
from billing.fakestripe.catalog import plan_of
from billing.fakestripe.errors import declined, invalid
from billing.fakestripe.events import change, emit
from billing.fakestripe.periods import DAY, next_end
from billing.fakestripe.shapes import SUBSCRIPTION as SHAPE
from billing.fakestripe.store import Books, Thing
from billing.fakestripe.things import hidden, listing, new, with_words

CLOSED: Final = frozenset({"canceled", "incomplete_expired"})
LATE: Final = frozenset({"incomplete", "past_due", "unpaid"})
REMINDER: Final = 3 * DAY
NO_METHOD: Final = (
    "This customer has no attached payment source or default payment method. Please "
    "consider adding a default payment method."
)
Wanted = list[Thing]


def span(subscription: Thing) -> tuple[int, int]:
    """Return the present period."""
    first = subscription["items"]["data"][0]
    return first["current_period_start"], first["current_period_end"]


def set_period(subscription: Thing, start: int, end: int) -> None:
    for item in subscription["items"]["data"]:
        item.update(current_period_start=start, current_period_end=end)
    if subscription["cancel_at_period_end"]:
        subscription["cancel_at"] = end
    hidden(subscription).pop("reminded", None)


def recurring_of(items: list[Thing]) -> Any:
    return items[0]["price"]["recurring"]


def item_of(books: Books, subscription: str, wanted: Thing) -> Thing:
    """Return a new item of a subscription; its period is set later."""
    price = books.need("price", wanted.get("price"), "items[0][price]", 400)
    if price["recurring"] is None:
        raise invalid(f"The price {price['id']} is not recurring.", "items[0][price]")
    if not price["active"]:
        message = f"The price specified is inactive: {price['id']}."
        raise invalid(message, "items[0][price]")
    item = {
        **new(books, "subscription_item", "si"),
        "billing_thresholds": None,
        "current_period_start": books.now,
        "current_period_end": books.now,
        "discounts": [],
        "metadata": wanted.get("metadata") or {},
        "plan": plan_of(price),
        "price": price,
        "quantity": quantity_of(wanted, 1),
        "subscription": subscription,
        "tax_rates": [],
    }
    item.pop("livemode")
    return item


def quantity_of(wanted: Thing, otherwise: int) -> int:
    """Return how many are wanted."""
    quantity = wanted.get("quantity")
    if quantity is None:
        return otherwise
    if quantity < 0:
        raise invalid("Invalid non-negative integer", "items[0][quantity]")
    return int(quantity)


def blank(books: Books, customer: Thing) -> Thing:
    """Return what every new subscription of a customer says."""
    return {
        **new(books, "subscription", "sub", **deepcopy(SHAPE)),
        "billing_cycle_anchor": books.now,
        "customer": customer["id"],
        "start_date": books.now,
    }


def start(books: Books, customer: Thing, wanted: Wanted, terms: Thing) -> Thing:
    """Subscribe a customer: a trial is free, anything else is paid at once."""
    subscription = blank(books, customer)
    key = subscription["id"]
    items = [item_of(books, key, one) for one in wanted]
    url = f"/v1/subscription_items?subscription={key}"
    subscription["items"] = listing(url, items)
    subscription["currency"] = items[0]["price"]["currency"]
    take_terms(books, subscription, terms)
    trial = trial_of(books, terms)
    end = trial or next_end(books.now, recurring_of(items), books.now)
    set_period(subscription, books.now, end)
    if trial:
        subscription.update(
            billing_cycle_anchor=trial,
            status="trialing",
            trial_end=trial,
            trial_start=books.now,
        )
    if terms.get("cancel_at_period_end"):
        end_later(books, subscription)
    books.put(subscription)
    first_bill(books, subscription, terms)
    emit(books, "customer.subscription.created", books.put(subscription))
    remind(books, subscription)
    return subscription


def take_terms(books: Books, subscription: Thing, terms: Thing) -> None:
    """Take over what does not change a price or a period."""
    with_words(subscription, terms.get("metadata"))
    for name in ("description", "collection_method"):
        if terms.get(name):
            subscription[name] = terms[name]
    if "default_payment_method" in terms:
        method = payments.given_method(books, terms["default_payment_method"])
        if method and method["customer"] != subscription["customer"]:
            message = f"The payment method {method['id']} is not the customer's."
            raise invalid(message, "default_payment_method")
        subscription["default_payment_method"] = method and method["id"]
    if terms.get("trial_settings"):
        subscription["trial_settings"] = terms["trial_settings"]
    if terms.get("cancellation_details"):
        subscription["cancellation_details"].update(terms["cancellation_details"])


def trial_of(books: Books, terms: Thing) -> int | None:
    """Return when a new trial ends, if there is one."""
    days, end = terms.get("trial_period_days") or 0, terms.get("trial_end")
    if end == "now" or not (end or days):
        return None
    end = end or books.now + days * DAY
    if end <= books.now:
        raise invalid("Invalid timestamp: must be in the future.", "trial_end")
    return int(end)


def lines_of(books: Books, subscription: Thing) -> list[Thing]:
    """Return the lines for the present period."""
    drawn = (
        invoices.trial_line if subscription["status"] == "trialing" else invoices.line
    )
    return [drawn(books, subscription, item) for item in subscription["items"]["data"]]


def first_bill(books: Books, subscription: Thing, terms: Thing) -> None:
    """Bill a new subscription; whether it starts unpaid is for the caller to say."""
    lines = lines_of(books, subscription)
    behavior = terms.get("payment_behavior", "allow_incomplete")
    if sum(line["amount"] for line in lines) and behavior != "default_incomplete":
        check_method(books, subscription)
    moment = (books.now, books.now)
    bill(books, subscription, "subscription_create", lines, moment, behavior)
    if subscription["status"] == "incomplete" and paid(books, subscription):
        subscription["status"] = "active"


def paid(books: Books, subscription: Thing) -> bool:
    latest = books.find(subscription["latest_invoice"])
    return latest is not None and latest["status"] == "paid"


def check_method(books: Books, subscription: Thing) -> None:
    """Refuse to charge a customer who has nothing to pay with."""
    customer = books.need("customer", subscription["customer"])
    if payments.method_of(books, customer, subscription) is None:
        raise invalid(NO_METHOD, code="resource_missing")


def bill(
    books: Books,
    subscription: Thing,
    reason: str,
    lines: list[Thing],
    moments: tuple[int, int],
    behavior: str = "allow_incomplete",
) -> bool:
    """Write an invoice and try to be paid; tell whether nothing is owed."""
    invoice = invoices.draft(books, subscription, reason, lines, moments)
    invoices.write(books, invoice)
    subscription["latest_invoice"] = invoice["id"]
    if subscription["status"] == "unpaid":
        books.put(invoice | {"auto_advance": False})
        return False
    invoices.finalize(books, invoice)
    if behavior == "default_incomplete" and invoice["amount_due"]:
        return False
    again = reason != "subscription_create"
    refused = collect(books, invoice, subscription, again=again)
    if refused and behavior == "error_if_incomplete":
        raise declined(refused)
    return refused is None


def collect(
    books: Books,
    invoice: Thing,
    subscription: Thing,
    method: Thing | None = None,
    *,
    again: bool = True,
) -> str | None:
    """Try to be paid for an invoice; return why that failed."""
    if not invoice["amount_due"]:
        invoices.settle(books, invoice)
        return None
    customer = books.need("customer", invoice["customer"])
    method = method or payments.method_of(books, customer, subscription)
    invoice["attempt_count"] += 1
    refused = payments.pay(books, invoice, method) if method else "no_payment_method"
    if refused is None:
        invoices.settle(books, invoice)
    else:
        invoices.fail(books, invoice, again=again)
    return refused


def reckon(books: Books, subscription: Thing, invoice: Thing) -> None:
    """Write what a try to be paid means for the subscription, and for the customer."""
    if invoice["status"] == "paid":
        if subscription["latest_invoice"] == invoice["id"]:
            be_active(subscription)
    elif invoice["billing_reason"] == "subscription_create":
        return
    elif invoice["next_payment_attempt"] is None:
        give_up(books, subscription)
    elif subscription["status"] == "active":
        subscription["status"] = "past_due"
    note_standing(books, subscription)


def be_active(subscription: Thing) -> None:
    if subscription["status"] in LATE:
        subscription["status"] = "active"


def give_up(books: Books, subscription: Thing) -> None:
    """Do what the account's settings say when all tries have failed."""
    if subscription["status"] in CLOSED:
        return
    if books.meta("after_retries") == "canceled":
        close(books, subscription, "payment_failed")
    else:
        subscription["status"] = "unpaid"


def note_standing(books: Books, subscription: Thing) -> None:
    """Write on the customer whether the last invoice is owed."""
    customer = books.need("customer", subscription["customer"])
    customer["delinquent"] = subscription["status"] in {"past_due", "unpaid"}
    change(books, "customer.updated", customer)


def remind(books: Books, subscription: Thing) -> None:
    """Say three days ahead, or at once in a shorter trial, that a trial ends."""
    if subscription["status"] != "trialing" or hidden(subscription).get("reminded"):
        return
    if subscription["trial_end"] - REMINDER > books.now:
        return
    hidden(subscription)["reminded"] = True
    books.put(subscription)
    emit(books, "customer.subscription.trial_will_end", subscription)


def end_later(books: Books, subscription: Thing) -> None:
    """Let a subscription end with its period."""
    if subscription["cancel_at_period_end"]:
        return
    subscription.update(
        cancel_at=span(subscription)[1],
        cancel_at_period_end=True,
        canceled_at=books.now,
    )
    subscription["cancellation_details"]["reason"] = "cancellation_requested"


def close(books: Books, subscription: Thing, reason: str) -> Thing:
    """End a subscription now."""
    subscription.update(status="canceled", ended_at=books.now)
    subscription["canceled_at"] = subscription["canceled_at"] or books.now
    subscription["cancellation_details"]["reason"] = reason
    for invoice in books.every("invoice", customer=subscription["customer"]):
        ours = invoices.subscription_of(invoice) == subscription["id"]
        if ours and invoice["next_payment_attempt"]:
            stopped = {"next_payment_attempt": None, "auto_advance": False}
            change(books, "invoice.updated", invoice | stopped)
    schedule = books.find(subscription["schedule"])
    if schedule:
        schedule.update(status="canceled", canceled_at=books.now, current_phase=None)
        change(books, "subscription_schedule.canceled", schedule)
    emit(books, "customer.subscription.deleted", books.put(subscription))
    return subscription
