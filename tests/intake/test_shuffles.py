"""A year of events in any order, doubled and lost: the rows end as Stripe has them."""

import os
import random
import shutil
import time

import pytest
from django.db import transaction

from billing.intake.applying import apply
from billing.intake.flows import take
from billing.intake.models import StripeEvent
from billing.intake.reconciling import reconcile
from billing.models import Invoice, Subscription
from organizations.models import Organization
from organizations.tenancy import no_context, tenant
from tests.billing.conftest import SECRET
from tests.intake.conftest import outside, send

# In two parts, which run side by side.
SHUFFLES = (range(100), range(100, 200))
# Of sixty; each of them reads everything again, which is what takes time here.
# SHUFFLED_EVENTS=60 lets all of them come, and takes minutes.
MOST_THAT_COME = int(os.environ.get("SHUFFLED_EVENTS", "4"))
# What changes with every reading, and says nothing of what was read.
PASSING = {"id", "created_at", "updated_at", "synced_at"}


@pytest.fixture
def year(paid, double, row, tmp_path, settings, cast):
    """One year of a customer: the events of each of its parts, and Stripe after it."""
    paid()
    subscription, customer = row().stripe_subscription_id, row().stripe_customer_id
    item = row().stripe_item_id
    prices = {
        price.lookup_key: price.id
        for price in double.api.prices.list({"limit": 100}).data
    }

    def change(**values):
        double.api.subscriptions.update(subscription, values)

    def upgrade(key, quantity):
        item_now = {"id": item, "price": prices[key], "quantity": quantity}
        change(items=[item_now], proration_behavior="create_prorations")

    acts = [
        lambda: double.advance(days=31),
        lambda: upgrade("insula_pro_month", 6),
        lambda: double.decline_next(customer) or double.advance(days=32),
        lambda: double.advance(days=9),
        lambda: upgrade("insula_starter_month", 6),
        lambda: double.advance(days=62),
        lambda: upgrade("insula_pro_year", 7),
        lambda: double.advance(days=150),
        lambda: change(cancel_at_period_end=True),
        lambda: double.advance(days=400),
    ]
    parts, seen = [], {event["id"] for event in double.events()}
    for number, act in enumerate(acts):
        act()
        new = [event for event in double.events() if event["id"] not in seen]
        seen |= {event["id"] for event in new}
        path = str(tmp_path / f"part{number}.sqlite3")
        shutil.copy(settings.BILLING_DOUBLE, path)
        parts.append((path, new))
    return parts


def rows_now(cast):
    """Return everything that was written of an organization's money."""
    with no_context(), tenant(cast.acme, cast.alice):
        subscription = Subscription.objects.values().get()
        invoices = list(Invoice.objects.order_by("stripe_id").values())
        organization = Organization.objects.values("plan", "limits").get()
    found = [subscription, *invoices]
    kept = [
        {name: value for name, value in each.items() if name not in PASSING}
        for each in found
    ]
    return [*kept, organization]


def deliver(event):
    """Take an event and apply it, as the endpoint and the worker do."""
    if take(event=event):
        outside(lambda: apply(StripeEvent.objects.get(pk=event["id"])))


def shuffled(year, seed, settings):
    """Let a year pass of which few events come, in any order, late, and some twice."""
    chance = random.Random(seed)
    told = [(number, event) for number, (_, new) in enumerate(year) for event in new]
    most = min(MOST_THAT_COME, len(told))
    come = chance.sample(told, chance.randint(0, most))
    come += [each for each in come if chance.random() < 0.3]
    plan = [(chance.randint(number, len(year) - 1), event) for number, event in come]
    chance.shuffle(plan)
    plan.sort(key=lambda when: when[0])
    for number, event in plan:
        # Stripe is as it was when the event came, not as it is at the year's end.
        shutil.copy(year[number][0], settings.BILLING_DOUBLE)
        deliver(event)
    shutil.copy(year[-1][0], settings.BILLING_DOUBLE)


@pytest.fixture
def ended(year, cast, settings):
    """What the rows say after a year in which nothing went wrong."""
    for path, events in year:
        shutil.copy(path, settings.BILLING_DOUBLE)
        for event in events[-1:]:
            deliver(event)
    return rows_now(cast)


# cap 56
@pytest.mark.parametrize("seeds", SHUFFLES, ids=str)
def test_a_year_in_any_order_ends_alike(year, cast, settings, capsys, seeds):
    began = time.monotonic()
    first = reconciled_after(lambda: shuffled(year, seeds[0], settings), cast)
    for seed in seeds[1:]:
        now = reconciled_after(lambda seed=seed: shuffled(year, seed, settings), cast)
        assert now == first, seed
    status = first[0]["status"]
    assert status == "canceled"
    assert len(first) > 8
    assert outside(lambda: any(reconcile(repair=False, slug="acme")))
    with capsys.disabled():
        print(f"{len(seeds)} shuffles in {time.monotonic() - began:.1f} s")


def reconciled_after(pass_by, cast):
    """Let a year pass and mend what is left; return the rows, and take it back."""
    with transaction.atomic():
        pass_by()
        outside(lambda: list(reconcile(repair=True, slug="acme")))
        found = rows_now(cast)
        transaction.set_rollback(True)
    return found


# cap 56
def test_mending_finds_nothing_where_the_last_event_came(year, ended, cast):
    with transaction.atomic():
        assert outside(lambda: list(reconcile(repair=False, slug="acme"))) == []
        assert rows_now(cast) == ended
        transaction.set_rollback(True)


# cap 56
def test_a_year_through_the_front_door(year, client, run_jobs, cast, settings, ended):
    """The same by the endpoint and the worker: all events, the last one first."""
    shutil.copy(year[-1][0], settings.BILLING_DOUBLE)
    told = [event for _path, events in year for event in events]
    for event in reversed(told):
        assert send(client, event, secret=SECRET).status_code == 200
    assert set(run_jobs()) == {"succeeded"}
    assert rows_now(cast) == ended
    states = outside(lambda: set(StripeEvent.objects.values_list("state", flat=True)))
    assert states <= {"applied", "ignored"}
