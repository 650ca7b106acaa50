"""Whatever happens in whatever order, the double's books balance."""

import uuid
from contextlib import suppress
from datetime import UTC, datetime

import pytest
import stripe
from hypothesis import given
from hypothesis import strategies as st

from billing.fakestripe.cards import FAILS_LATER, PAYS
from tests.billing.conftest import StripeDouble
from tests.billing.story import catalog, change, latest, subscribed

pytestmark = pytest.mark.hypothesis
BEHAVIORS = ("always_invoice", "create_prorations", "none")
STEPS = st.one_of(
    st.tuples(st.just("days"), st.integers(1, 45)),
    st.tuples(st.just("seats"), st.integers(0, 9), st.sampled_from(BEHAVIORS)),
    st.tuples(
        st.just("plan"), st.sampled_from(["starter", "pro"]), st.sampled_from(BEHAVIORS)
    ),
    st.tuples(st.just("card"), st.sampled_from([PAYS, FAILS_LATER])),
    st.tuples(st.just("decline")),
    st.tuples(st.just("ends"), st.booleans()),
    st.tuples(st.just("pay")),
    st.tuples(st.just("refund"), st.integers(1, 500)),
    st.tuples(st.just("cancel")),
)


@pytest.fixture
def new_double(tmp_path, settings, stripe_double):
    """Return a call that makes a double with an empty file."""

    def make():
        settings.BILLING_DOUBLE = str(tmp_path / f"{uuid.uuid4()}.sqlite3")
        double = StripeDouble(settings.BILLING_DOUBLE)
        double.freeze(datetime(2027, 12, 31, 23, 59, 59, tzinfo=UTC))
        return double

    return make


def act(double, live, prices, step, *values):
    """Do one thing; what is refused is no fault."""
    who = live.customer
    acts = {
        "days": lambda days: double.advance(days=days),
        "seats": lambda count, how: change(
            double, live, quantity=count, proration_behavior=how
        ),
        "plan": lambda name, how: change(
            double, live, price=getattr(prices, name), proration_behavior=how
        ),
        "card": lambda number: double.change_card(who, number),
        "decline": lambda: double.decline_next(who),
        "ends": lambda ends: double.api.subscriptions.update(
            live.id, {"cancel_at_period_end": ends}
        ),
        "pay": lambda: double.api.invoices.pay(latest(double, live).id),
        "refund": lambda cents: [
            double.api.refunds.create({"charge": charge["id"], "amount": cents})
            for charge in double.every("charge")[-1:]
        ],
        "cancel": lambda: double.api.subscriptions.cancel(live.id),
    }
    with suppress(stripe.InvalidRequestError, stripe.CardError):
        acts[step](*values)


def check_invoice(invoice):
    lines = [line["amount"] for line in invoice["lines"]["data"]]
    assert sum(lines) == invoice["total"] == invoice["subtotal"]
    assert invoice["amount_due"] == max(
        0, invoice["total"] + invoice["starting_balance"]
    )
    assert invoice["amount_paid"] + invoice["amount_remaining"] == invoice["amount_due"]
    if invoice["status"] == "paid":
        assert (invoice["amount_remaining"], invoice["next_payment_attempt"]) == (
            0,
            None,
        )
    if invoice["status"] != "draft":
        ending = min(0, invoice["total"] + invoice["starting_balance"])
        assert invoice["ending_balance"] == ending


def check_books(double):
    """The customer's credit is what the invoices left, and each cent was charged."""
    invoices = double.every("invoice")
    for invoice in invoices:
        check_invoice(invoice)
    final = [one for one in invoices if one["status"] != "draft"]
    (who,) = double.every("customer")
    assert who["balance"] == final[0]["ending_balance"]
    taken = sum(one["amount_captured"] for one in double.every("charge"))
    assert taken == sum(one["amount_paid"] for one in invoices)
    numbers = [one["number"] for one in final]
    assert len(numbers) == len(set(numbers)) == who["next_invoice_sequence"] - 1


def check_subscription(double):
    (live,) = double.every("subscription")
    item = live["items"]["data"][0]
    assert item["current_period_start"] < item["current_period_end"]
    if live["status"] in {"active", "past_due", "unpaid"}:
        assert item["current_period_start"] <= double.now() < item["current_period_end"]
    if live["status"] == "active":
        newest = double.get(live["latest_invoice"])
        assert newest["status"] == "paid"
    if live["status"] == "canceled":
        assert live["ended_at"] <= double.now()


@given(steps=st.lists(STEPS, max_size=12), trial=st.booleans())
def test_books_balance_after_whatever_happens(new_double, steps, trial):
    double = new_double()
    prices = catalog(double)
    more = {"subscription_data": {"trial_period_days": 10}} if trial else {}
    live = subscribed(double, prices.starter, 2, **more)
    for step in steps:
        act(double, live, prices, *step)
        check_books(double)
        check_subscription(double)


@given(
    quantity=st.integers(1, 500),
    amount=st.integers(1, 100_000),
    days=st.integers(0, 30),
    seats=st.integers(1, 500),
)
def test_preview_and_bill_are_the_same_for_any_amount(
    new_double, quantity, amount, days, seats
):
    double = new_double()
    live = subscribed(double, catalog(double, any=amount).any, quantity)
    double.advance(days=days)
    wanted = [{"id": live["items"].data[0].id, "quantity": seats}]
    how = {"items": wanted, "proration_behavior": "always_invoice"}
    seen = double.api.invoices.create_preview(
        {"subscription": live.id, "subscription_details": how}
    )
    double.api.subscriptions.update(live.id, how)
    billed = latest(double, live)
    if seats != quantity:
        assert (seen.total, seen.amount_due) == (billed.total, billed.amount_due)
    check_books(double)
