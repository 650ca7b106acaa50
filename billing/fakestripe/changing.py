"""Changing a subscription: its items, its trial, its end, and what that costs."""

from copy import deepcopy
from typing import Any, cast

from billing.fakestripe import invoices
from billing.fakestripe.errors import Refusal, invalid
from billing.fakestripe.events import add, change
from billing.fakestripe.periods import next_end
from billing.fakestripe.prorations import adjustments
from billing.fakestripe.store import Books, Thing
from billing.fakestripe.subscriptions import (
    CLOSED,
    Wanted,
    bill,
    check_method,
    end_later,
    item_of,
    lines_of,
    quantity_of,
    reckon,
    recurring_of,
    set_period,
    span,
    take_terms,
)
from billing.fakestripe.things import with_words


def replace_items(books: Books, subscription: Thing, wanted: Wanted) -> None:
    """Take over changed, added and removed items, at the present period."""
    listed = subscription["items"]["data"]
    start_, end = span(subscription)
    for one in wanted:
        item = item_to_change(subscription, one)
        if item is None:
            added = item_of(books, subscription["id"], one)
            added.update(current_period_start=start_, current_period_end=end)
            listed.append(added)
        elif one.get("deleted"):
            listed.remove(item)
        else:
            change_item(books, item, one)
    if not listed:
        raise invalid("A subscription must have at least one active plan.", "items")
    intervals = {str(recurring_of([item])) for item in listed}
    if len(intervals) > 1:
        raise invalid("All prices must have the same billing interval.", "items")


def item_to_change(subscription: Thing, one: Thing) -> Thing | None:
    """Return the item that is meant, or None for a new one."""
    if not one.get("id"):
        return None
    for item in subscription["items"]["data"]:
        if item["id"] == one["id"]:
            return cast(Thing, item)
    message = f"No such subscription item: '{one['id']}'"
    raise invalid(message, "items[0][id]", "resource_missing")


def change_item(books: Books, item: Thing, wanted: Thing) -> None:
    if wanted.get("price") and wanted["price"] != item["price"]["id"]:
        other = item_of(books, item["subscription"], wanted)
        item.update(price=other["price"], plan=other["plan"])
    item["quantity"] = quantity_of(wanted, item["quantity"])
    with_words(item, wanted.get("metadata"))


def update(books: Books, subscription: Thing, params: Thing) -> Thing:
    """Change a subscription; what that costs now is billed or waits."""
    if subscription["status"] in CLOSED:
        raise invalid(
            "A canceled subscription can only update its cancellation_details and"
            " metadata."
        )
    take_terms(books, subscription, params)
    change_end(books, subscription, params)
    lines = apply(books, subscription, params)
    if lines is not None:
        bill_change(books, subscription, lines, params)
    change(books, "customer.subscription.updated", subscription)
    keep_phase(books, subscription)
    return subscription


def keep_phase(books: Books, subscription: Thing) -> None:
    """Let a schedule's present phase show what its subscription now has."""
    schedule = books.find(subscription["schedule"])
    if schedule is None:
        return
    begun = schedule["current_phase"]["start_date"]
    for phase in schedule["phases"]:
        if phase["start_date"] == begun:
            phase["items"] = phase_items(subscription)
    change(books, "subscription_schedule.updated", schedule)


def phase_items(subscription: Thing) -> list[Thing]:
    """Return a subscription's items as a phase lists them."""
    return [
        phase_item(item["price"]["id"], item["quantity"], item["metadata"])
        for item in subscription["items"]["data"]
    ]


def phase_item(price: str, quantity: int, metadata: Thing) -> Thing:
    return {
        "billing_thresholds": None,
        "discounts": [],
        "metadata": metadata,
        "plan": price,
        "price": price,
        "quantity": quantity,
        "tax_rates": [],
    }


def bill_change(
    books: Books, subscription: Thing, lines: list[Thing], params: Thing
) -> None:
    """Bill at once what a change costs; nothing is billed where it costs nothing."""
    if not lines and not invoices.waiting_for(books, subscription["id"]):
        return
    behavior = params.get("payment_behavior", "allow_incomplete")
    moments = (span(subscription)[0], books.now)
    bill(books, subscription, "subscription_update", lines, moments, behavior)
    invoice = books.need("invoice", subscription["latest_invoice"])
    reckon(books, subscription, invoice)


def apply(books: Books, subscription: Thing, params: Thing) -> list[Thing] | None:
    """Change items and trial; return lines to bill at once, or None.

    Part of what is billed waits as invoice items, which every invoice takes first.
    """
    before = deepcopy(subscription["items"]["data"])
    if params.get("items"):
        replace_items(books, subscription, params["items"])
    now = subscription["items"]["data"]
    if params.get("trial_end"):
        return change_trial(books, subscription, params["trial_end"])
    if subscription["status"] not in {"active", "past_due", "unpaid"}:
        return None
    behavior = params.get("proration_behavior", "create_prorations")
    at = moment_of(books, subscription, params)
    restarts = recurring_of(before) != recurring_of(now)
    if behavior != "none":
        left = [] if restarts else now
        for one in adjustments(books, subscription, before, left, at):
            add(books, "invoiceitem.created", one)
    if restarts:
        return restart(books, subscription)
    return [] if behavior == "always_invoice" else None


def moment_of(books: Books, subscription: Thing, params: Thing) -> int:
    """Return from when on a change is reckoned."""
    moment = params.get("proration_date") or books.now
    first, end = span(subscription)
    if not first <= moment <= end:
        raise invalid(
            "Cannot specify a proration date outside of the current period.",
            "proration_date",
        )
    return int(min(moment, end))


def restart(books: Books, subscription: Thing) -> list[Thing]:
    """Begin a new period now; return its lines."""
    items = subscription["items"]["data"]
    subscription["billing_cycle_anchor"] = books.now
    end = next_end(books.now, recurring_of(items), books.now)
    set_period(subscription, books.now, end)
    return lines_of(books, subscription)


def change_trial(books: Books, subscription: Thing, end: Any) -> list[Thing] | None:
    """End a trial now, or move its end."""
    if end == "now":
        if subscription["status"] != "trialing":
            return None
        check_method(books, subscription)
        subscription.update(status="active", trial_end=books.now)
        return restart(books, subscription)
    if end <= books.now:
        raise invalid("Invalid timestamp: must be in the future.", "trial_end")
    begun = subscription["trial_start"] or books.now
    subscription.update(
        billing_cycle_anchor=end, status="trialing", trial_end=end, trial_start=begun
    )
    set_period(subscription, span(subscription)[0], end)
    return None


def change_end(books: Books, subscription: Thing, params: Thing) -> None:
    """Let a subscription end later, or go on after all."""
    asked = {"cancel_at_period_end", "cancel_at"} & params.keys()
    if not asked:
        return
    if subscription["schedule"]:
        raise Refusal(
            400,
            "invalid_request_error",
            "The subscription is managed by the subscription schedule "
            f"`{subscription['schedule']}`, and updating any cancelation behavior "
            "directly is not allowed. Please update the schedule instead.",
        )
    if params.get("cancel_at"):
        subscription.update(cancel_at=params["cancel_at"], canceled_at=books.now)
        subscription["cancel_at_period_end"] = False
    elif params.get("cancel_at_period_end"):
        end_later(books, subscription)
    else:
        subscription.update(
            cancel_at=None, cancel_at_period_end=False, canceled_at=None
        )
        subscription["cancellation_details"]["reason"] = None
