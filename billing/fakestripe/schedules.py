"""Schedules: a subscription that changes at a moment agreed before."""

from typing import Any, Final, cast

from billing.fakestripe.changing import (
    apply,
    bill_change,
    phase_item,
    phase_items,
)
from billing.fakestripe.endpoints import PAGING, endpoint, page
from billing.fakestripe.errors import invalid
from billing.fakestripe.events import add, change
from billing.fakestripe.params import Moment, Words, choice
from billing.fakestripe.periods import after
from billing.fakestripe.store import Books, Thing
from billing.fakestripe.subscribing import PRORATIONS
from billing.fakestripe.subscriptions import CLOSED, close, span
from billing.fakestripe.things import new, with_words

PHASE: Final = {
    "duration": {
        "interval": choice("day", "month", "week", "year"),
        "interval_count": int,
    },
    "end_date": Moment(("now",)),
    "items": [{"metadata": Words, "price": str, "quantity": int}],
    "metadata": Words,
    "proration_behavior": PRORATIONS,
    "start_date": Moment(("now",)),
}
END: Final = choice("cancel", "release")


@endpoint(
    "POST",
    "/v1/subscription_schedules",
    {"from_subscription": str, "metadata": Words},
    required=("from_subscription",),
)
def create_subscription_schedule(books: Books, params: Thing) -> Thing:
    key = params["from_subscription"]
    subscription = books.need("subscription", key, "from_subscription", 400)
    check_free(subscription)
    begun, end = span(subscription)
    schedule = new(
        books,
        "subscription_schedule",
        "sub_sched",
        application=None,
        billing_mode=subscription["billing_mode"],
        canceled_at=None,
        completed_at=None,
        current_phase={"start_date": begun, "end_date": end},
        customer=subscription["customer"],
        default_settings=default_settings(subscription),
        end_behavior="release",
        phases=[present_phase(subscription)],
        released_at=None,
        released_subscription=None,
        status="active",
        subscription=key,
        test_clock=None,
    )
    with_words(schedule, params.get("metadata"))
    subscription["schedule"] = schedule["id"]
    add(books, "subscription_schedule.created", schedule)
    change(books, "customer.subscription.updated", subscription)
    return schedule


def check_free(subscription: Thing) -> None:
    """Refuse a second schedule, and one for what has ended or will."""
    key = subscription["id"]
    if subscription["schedule"]:
        raise invalid(
            "You cannot migrate a subscription that is already attached to a schedule: "
            f"`{subscription['schedule']}`.",
            "from_subscription",
        )
    if subscription["status"] in CLOSED or subscription["cancel_at_period_end"]:
        raise invalid(
            f"You cannot migrate a subscription that is canceled: {key}.",
            "from_subscription",
        )


def default_settings(subscription: Thing) -> Thing:
    """Return what holds for every phase that says nothing else."""
    return {
        "application_fee_percent": None,
        "automatic_tax": {"disabled_reason": None, "enabled": False, "liability": None},
        "billing_cycle_anchor": "automatic",
        "billing_thresholds": None,
        "collection_method": "charge_automatically",
        "default_payment_method": subscription["default_payment_method"],
        "description": None,
        "invoice_settings": {
            "account_tax_ids": None,
            "days_until_due": None,
            "issuer": {"type": "self"},
        },
        "on_behalf_of": None,
        "transfer_data": None,
    }


def present_phase(subscription: Thing) -> Thing:
    """Return the phase a subscription is in without a schedule."""
    begun, end = span(subscription)
    items = phase_items(subscription)
    trial = subscription["trial_end"] if subscription["status"] == "trialing" else None
    return phase(items, begun, end, subscription, {"trial_end": trial})


def phase(
    items: list[Thing], begun: int, end: int, subscription: Thing, given: Thing
) -> Thing:
    """Return a phase with all that it says."""
    nothing = (
        "application_fee_percent billing_cycle_anchor billing_thresholds"
        " collection_method default_payment_method description invoice_settings"
        " on_behalf_of transfer_data"
    )
    return {
        **dict.fromkeys(nothing.split()),
        "add_invoice_items": [],
        "currency": subscription["currency"],
        "default_tax_rates": [],
        "discounts": [],
        "end_date": end,
        "items": items,
        "metadata": given.get("metadata") or {},
        "proration_behavior": given.get("proration_behavior") or "create_prorations",
        "start_date": begun,
        "trial_end": given.get("trial_end"),
    }


@endpoint("GET", "/v1/subscription_schedules/{schedule}")
def retrieve_subscription_schedule(books: Books, params: Thing, key: str) -> Thing:
    return books.need("subscription_schedule", key)


@endpoint("GET", "/v1/subscription_schedules", {**PAGING, "customer": str})
def list_subscription_schedules(books: Books, params: Thing) -> Thing:
    found = books.every("subscription_schedule", customer=params.get("customer"))
    return page("/v1/subscription_schedules", found, params)


@endpoint(
    "POST",
    "/v1/subscription_schedules/{schedule}",
    {
        "end_behavior": END,
        "metadata": Words,
        "phases": [PHASE],
        "proration_behavior": PRORATIONS,
    },
)
def update_subscription_schedule(books: Books, params: Thing, key: str) -> Thing:
    schedule = running(books, key)
    subscription = books.need("subscription", schedule["subscription"])
    schedule["end_behavior"] = params.get("end_behavior") or schedule["end_behavior"]
    with_words(schedule, params.get("metadata"))
    if params.get("phases"):
        schedule["phases"] = phases_of(books, schedule, subscription, params["phases"])
        first = phase_at(schedule, books.now)
        schedule["current_phase"] = {
            name: first[name] for name in ("start_date", "end_date")
        }
        follow(books, subscription, first)
    return change(books, "subscription_schedule.updated", schedule)


def running(books: Books, key: str) -> Thing:
    schedule = books.need("subscription_schedule", key)
    if schedule["status"] not in {"active", "not_started"}:
        raise invalid(
            "You cannot update a subscription schedule that is currently in the "
            f"`{schedule['status']}` status."
        )
    return schedule


def phases_of(
    books: Books, schedule: Thing, subscription: Thing, given: list[Thing]
) -> list[Thing]:
    """Return phases with their moments; the present one keeps its beginning."""
    begun = given[0].get("start_date")
    starts = {one["start_date"] for one in schedule["phases"]}
    if begun is None or (begun != "now" and begun not in starts):
        raise invalid(
            "You can not modify the start date of the current phase.",
            "phases[0][start_date]",
        )
    found: list[Thing] = []
    for place, one in enumerate(given):
        at = found[-1]["end_date"] if found else moment(books, begun)
        found.append(drawn(books, subscription, one, at, f"phases[{place}]"))
    return found


def moment(books: Books, given: Any) -> int:
    return books.now if given == "now" else int(given)


def drawn(books: Books, subscription: Thing, one: Thing, at: int, param: str) -> Thing:
    """Return one phase from what was sent of it."""
    if not one.get("items"):
        named = f"{param}[items]"
        raise invalid(f"Missing required param: {named}.", named, "parameter_missing")
    if one.get("start_date") not in {None, "now", at}:
        message = "The start date of a phase must be the end date of the one before."
        raise invalid(message, f"{param}[start_date]")
    items = []
    for item in one["items"]:
        price = books.need("price", item.get("price"), f"{param}[items][0][price]", 400)
        quantity = item.get("quantity", 1)
        items.append(phase_item(price["id"], quantity, item.get("metadata") or {}))
    price = books.need("price", items[0]["price"])
    end = end_of(books, one, at, price)
    if end <= at:
        raise invalid("A phase must end after it starts.", f"{param}[end_date]")
    return phase(items, at, end, subscription, one)


def end_of(books: Books, one: Thing, at: int, price: Thing) -> int:
    """Return when a phase ends: as it says, or after one period."""
    if one.get("end_date"):
        return moment(books, one["end_date"])
    lasting = {"interval_count": 1, **(one.get("duration") or price["recurring"])}
    return after(at, lasting, 1)


def phase_at(schedule: Thing, at: int) -> Thing:
    """Return the phase of a moment."""
    for one in schedule["phases"]:
        if one["start_date"] <= at < one["end_date"]:
            return cast(Thing, one)
    raise invalid("The phases of a schedule must cover the present moment.", "phases")


def follow(books: Books, subscription: Thing, phase: Thing) -> None:
    """Let a subscription have a phase's items; what differs is reckoned up."""
    here = {item["price"]["id"]: item for item in subscription["items"]["data"]}
    olds = list(here.values())
    wanted = []
    for place, one in enumerate(phase["items"]):
        old = here.get(one["price"]) or (olds[place] if place < len(olds) else None)
        key = {"id": old["id"]} if old else {}
        words = {"price": one["price"], "quantity": one["quantity"]}
        wanted.append({**key, **words})
    kept = {one.get("id") for one in wanted}
    gone = [{"id": old["id"], "deleted": True} for old in olds if old["id"] not in kept]
    behavior = phase["proration_behavior"]
    params = {"items": [*wanted, *gone], "proration_behavior": behavior}
    lines = apply(books, subscription, params)
    if lines is not None:
        bill_change(books, subscription, lines, params)
    with_words(subscription, phase["metadata"] or None)
    change(books, "customer.subscription.updated", subscription)


@endpoint(
    "POST",
    "/v1/subscription_schedules/{schedule}/release",
    {"preserve_cancel_date": bool},
)
def release_subscription_schedule(books: Books, params: Thing, key: str) -> Thing:
    return release(books, running(books, key))


@endpoint(
    "POST",
    "/v1/subscription_schedules/{schedule}/cancel",
    {"invoice_now": bool, "prorate": bool},
)
def cancel_subscription_schedule(books: Books, params: Thing, key: str) -> Thing:
    schedule = running(books, key)
    subscription = books.need("subscription", schedule["subscription"])
    close(books, subscription, "cancellation_requested")
    return books.need("subscription_schedule", key)


def release(books: Books, schedule: Thing) -> Thing:
    """Let a subscription go on by itself, as it is."""
    subscription = books.need("subscription", schedule["subscription"])
    schedule.update(
        current_phase=None,
        released_at=books.now,
        released_subscription=subscription["id"],
        status="released",
        subscription=None,
    )
    change(books, "subscription_schedule.released", schedule)
    subscription["schedule"] = None
    change(books, "customer.subscription.updated", subscription)
    return schedule


def next_moment(schedule: Thing) -> int:
    """Return when a running schedule's present phase ends."""
    return int(schedule["current_phase"]["end_date"])


def go_on(books: Books, schedule: Thing) -> None:
    """Enter the next phase, or end as agreed after the last one."""
    at = next_moment(schedule)
    subscription = books.need("subscription", schedule["subscription"])
    coming = [one for one in schedule["phases"] if one["start_date"] == at]
    if not coming:
        finish(books, schedule, subscription)
        return
    schedule["current_phase"] = {
        name: coming[0][name] for name in ("start_date", "end_date")
    }
    change(books, "subscription_schedule.updated", schedule)
    if span(subscription)[1] <= at:
        swap(books, subscription, coming[0])
    else:
        follow(books, subscription, coming[0])


def swap(books: Books, subscription: Thing, phase: Thing) -> None:
    """Change the items where a period ends: nothing is left to reckon up."""
    follow(books, subscription, {**phase, "proration_behavior": "none"})


def finish(books: Books, schedule: Thing, subscription: Thing) -> None:
    """End a schedule, and with it the subscription where that was agreed."""
    if schedule["end_behavior"] == "cancel":
        close(books, subscription, "cancellation_requested")
    else:
        release(books, schedule)
