"""What the double charges, to the cent."""

from datetime import UTC, datetime

import pytest
import stripe

from billing.fakestripe.cards import DECLINES, FAILS_LATER
from billing.fakestripe.errors import Refusal
from billing.fakestripe.prorations import share
from tests.billing.story import (
    catalog,
    change,
    checkout,
    customer,
    item_of,
    latest,
    lines,
    price,
    schedule,
    subscribed,
)

AT_ONCE = {"proration_behavior": "always_invoice"}
# 1 January to 1 February, of which 21 of 31 days are left on the 11th.
TEN_DAYS = {"days": 10}


@pytest.fixture
def double(stripe_double):
    stripe_double.freeze(datetime(2026, 1, 1, 12, tzinfo=UTC))
    return stripe_double


@pytest.fixture
def prices(double):
    return catalog(double)


def balance(double, subscription):
    return double.api.customers.retrieve(subscription.customer).balance


def preview(double, subscription, **details):
    body = {"subscription": subscription.id, "subscription_details": details}
    return double.api.invoices.create_preview(body)


@pytest.mark.parametrize(
    ("amount", "span", "at", "expected"),
    [
        (1000, (0, 100), 0, 1000),
        (1000, (0, 100), 100, 0),
        (1000, (0, 100), 50, 500),
        (1, (0, 2), 1, 1),
        (-1, (0, 2), 1, -1),
        (1000, (0, 3), 1, 667),
        (-1000, (0, 3), 1, -667),
        (0, (0, 3), 1, 0),
    ],
)
def test_share_of_a_period_is_rounded_to_the_nearest_cent(amount, span, at, expected):
    assert share(amount, span, at) == expected


# cap 53
def test_first_invoice_is_quantity_times_price(double, prices):
    live = subscribed(double, prices.starter, 3)
    invoice = latest(double, live)
    assert lines(invoice) == [("3 × Starter (at €12.00 / month)", 3600)]
    assert (invoice.total, invoice.amount_paid, invoice.status) == (3600, 3600, "paid")
    assert invoice.billing_reason == "subscription_create"
    assert live.status == "active"


def test_upgrade_in_the_middle_of_the_month_is_charged_for_what_is_left(double, prices):
    live = subscribed(double, prices.starter, 3)
    double.advance(**TEN_DAYS)
    change(double, live, price=prices.pro, **AT_ONCE)
    invoice = latest(double, live)
    assert lines(invoice) == [
        ("Unused time on 3 × Starter after 11 Jan 2026", -2439),
        ("Remaining time on 3 × Pro after 11 Jan 2026", 3861),
    ]
    assert (invoice.total, invoice.amount_paid) == (1422, 1422)
    assert invoice.billing_reason == "subscription_update"


def test_lines_of_a_proration_say_so(double, prices):
    live = subscribed(double, prices.starter, 3)
    double.advance(**TEN_DAYS)
    change(double, live, price=prices.pro, **AT_ONCE)
    details = [
        line.parent.subscription_item_details
        for line in latest(double, live).lines.data
    ]
    assert [one.proration for one in details] == [True, True]
    assert {one.subscription for one in details} == {live.id}
    assert {one.subscription_item for one in details} == {item_of(live)}


def test_added_seat_waits_for_the_next_invoice(double, prices):
    live = subscribed(double, prices.starter, 3)
    double.advance(days=15)
    change(double, live, quantity=4)
    assert latest(double, live).total == 3600
    double.advance(days=16)
    assert [amount for _said, amount in lines(latest(double, live))] == [
        -1858,
        2477,
        4800,
    ]
    assert latest(double, live).total == 5419


def test_removed_seat_is_credited_on_the_next_invoice(double, prices):
    live = subscribed(double, prices.starter, 4)
    double.advance(**TEN_DAYS)
    change(double, live, quantity=3)
    double.advance(days=21)
    # 4800 and 3600 for 21 of 31 days, then 3600 for February.
    assert latest(double, live).total == -3252 + 2439 + 3600


def test_change_without_proration_costs_nothing_until_the_period_ends(double, prices):
    live = subscribed(double, prices.starter, 3)
    double.advance(**TEN_DAYS)
    change(double, live, quantity=9, proration_behavior="none")
    double.advance(days=21)
    assert lines(latest(double, live)) == [("9 × Starter (at €12.00 / month)", 10_800)]


def test_date_of_a_proration_may_be_given(double, prices):
    live = subscribed(double, prices.starter, 3)
    moment = double.now() + 10 * 86_400
    double.advance(days=12)
    change(double, live, price=prices.pro, proration_date=moment, **AT_ONCE)
    assert latest(double, live).total == 1422


def test_date_of_a_proration_outside_of_the_period_is_refused(double, prices):
    live = subscribed(double, prices.starter)
    with pytest.raises(stripe.InvalidRequestError) as refused:
        change(double, live, quantity=2, proration_date=double.now() - 1)
    assert refused.value.param == "proration_date"


def test_credit_of_a_downgrade_is_carried_to_the_next_invoices(double, prices):
    live = subscribed(double, prices.pro)
    double.advance(**TEN_DAYS)
    change(double, live, price=prices.starter, **AT_ONCE)
    invoice = latest(double, live)
    assert (invoice.total, invoice.amount_due, invoice.status) == (-474, 0, "paid")
    assert (invoice.ending_balance, balance(double, live)) == (-474, -474)
    double.advance(days=21)
    invoice = latest(double, live)
    assert (invoice.total, invoice.amount_due, invoice.amount_paid) == (1200, 726, 726)
    assert (invoice.starting_balance, invoice.ending_balance) == (-474, 0)
    assert balance(double, live) == 0


def test_great_credit_pays_several_invoices(double, prices):
    live = subscribed(double, prices.starter)
    double.api.customers.update(live.customer, {"balance": -3000})
    double.advance(days=31)
    assert (latest(double, live).amount_due, balance(double, live)) == (0, -1800)
    double.advance(days=28)
    assert (latest(double, live).amount_due, balance(double, live)) == (0, -600)
    double.advance(days=31)
    assert (latest(double, live).amount_due, balance(double, live)) == (600, 0)


def test_change_to_a_yearly_price_begins_a_new_period(double, prices):
    product = double.api.prices.retrieve(prices.starter).product
    yearly = price(double, product, 12_000, "year")
    live = subscribed(double, prices.starter)
    double.advance(**TEN_DAYS)
    changed = change(double, live, price=yearly, **AT_ONCE)
    assert latest(double, live).total == 12_000 - 813
    end = changed["items"].data[0].current_period_end
    assert datetime.fromtimestamp(end, UTC) == datetime(2027, 1, 11, 12, tzinfo=UTC)


def test_scheduled_downgrade_costs_and_credits_nothing(double, prices):
    live = subscribed(double, prices.pro, 3)
    schedule(double, live, prices.starter, 2)
    double.advance(days=30)
    assert latest(double, live).total == 5700
    double.advance(days=1)
    assert lines(latest(double, live)) == [("2 × Starter (at €12.00 / month)", 2400)]
    again = double.api.subscriptions.retrieve(live.id)
    assert again["items"].data[0].price.id == prices.starter
    assert (again["items"].data[0].quantity, balance(double, live)) == (2, 0)


def test_schedule_is_released_after_its_last_phase(double, prices):
    live = subscribed(double, prices.pro)
    planned = schedule(double, live, prices.starter)
    double.advance(days=60)
    assert double.api.subscriptions.retrieve(live.id).schedule is None
    assert double.api.subscription_schedules.retrieve(planned.id).status == "released"


def test_seat_added_meanwhile_stays_in_the_present_phase(double, prices):
    live = subscribed(double, prices.pro, 3)
    planned = schedule(double, live, prices.starter, 3)
    change(double, live, quantity=5, proration_behavior="none")
    phases = double.api.subscription_schedules.retrieve(planned.id).phases
    assert [phase["items"][0].quantity for phase in phases] == [5, 3]


def test_released_schedule_changes_nothing_any_more(double, prices):
    live = subscribed(double, prices.pro)
    planned = schedule(double, live, prices.starter)
    double.api.subscription_schedules.release(planned.id)
    double.advance(days=31)
    assert latest(double, live).total == 1900


def test_cancelling_is_refused_where_a_schedule_manages(double, prices):
    live = subscribed(double, prices.pro)
    planned = schedule(double, live, prices.starter)
    with pytest.raises(stripe.InvalidRequestError, match=planned.id) as refused:
        double.api.subscriptions.update(live.id, {"cancel_at_period_end": True})
    assert "managed by the subscription schedule" in str(refused.value)


def test_second_schedule_is_refused(double, prices):
    live = subscribed(double, prices.pro)
    schedule(double, live, prices.starter)
    with pytest.raises(stripe.InvalidRequestError, match="already attached"):
        schedule(double, live, prices.starter)


def test_present_phase_keeps_its_beginning(double, prices):
    live = subscribed(double, prices.pro)
    planned = schedule(double, live, prices.starter)
    phase = {"items": [{"price": prices.pro}], "start_date": double.now() + 5}
    with pytest.raises(stripe.InvalidRequestError, match="start date of the current"):
        double.api.subscription_schedules.update(planned.id, {"phases": [phase]})


# --- previews -----------------------------------------------------------------------


def test_preview_is_what_the_change_then_costs(double, prices):
    live = subscribed(double, prices.starter, 3)
    double.advance(**TEN_DAYS)
    wanted = [{"id": item_of(live), "price": prices.pro, "quantity": 5}]
    seen = preview(double, live, items=wanted, **AT_ONCE)
    double.api.subscriptions.update(live.id, {"items": wanted, **AT_ONCE})
    invoice = latest(double, live)
    assert lines(seen) == lines(invoice)
    assert (seen.total, seen.amount_due) == (invoice.total, invoice.amount_due)


def test_preview_leaves_nothing_behind(double, prices):
    live = subscribed(double, prices.starter, 3)
    before = (double.events(), double.every("invoice"), double.every("invoiceitem"))
    wanted = [{"id": item_of(live), "price": prices.pro}]
    seen = preview(double, live, items=wanted, **AT_ONCE)
    assert seen.id.startswith("upcoming_in_")
    assert before == (
        double.events(),
        double.every("invoice"),
        double.every("invoiceitem"),
    )
    assert double.api.subscriptions.retrieve(live.id).to_dict() == live.to_dict()


def test_preview_without_a_change_is_the_next_invoice(double, prices):
    live = subscribed(double, prices.starter, 3)
    double.advance(**TEN_DAYS)
    change(double, live, quantity=4)
    seen = preview(double, live)
    double.advance(days=21)
    assert lines(seen) == lines(latest(double, live))


def test_preview_of_waiting_prorations_shows_them_on_the_next_invoice(double, prices):
    live = subscribed(double, prices.starter, 3)
    double.advance(**TEN_DAYS)
    seen = preview(double, live, items=[{"id": item_of(live), "quantity": 4}])
    assert [amount for _said, amount in lines(seen)] == [-2439, 3252, 4800]


def test_preview_knows_what_was_scheduled(double, prices):
    live = subscribed(double, prices.pro)
    schedule(double, live, prices.starter)
    assert lines(preview(double, live)) == [("1 × Starter (at €12.00 / month)", 1200)]


def test_preview_counts_the_credit_of_the_customer(double, prices):
    live = subscribed(double, prices.starter)
    double.api.customers.update(live.customer, {"balance": -500})
    seen = preview(double, live)
    assert (seen.total, seen.starting_balance, seen.amount_due) == (1200, -500, 700)


def test_nothing_comes_after_a_cancellation(double, prices):
    live = subscribed(double, prices.starter)
    double.api.subscriptions.update(live.id, {"cancel_at_period_end": True})
    with pytest.raises(stripe.InvalidRequestError) as refused:
        preview(double, live)
    assert refused.value.code == "invoice_upcoming_none"
    assert preview(double, live, cancel_at_period_end=False).total == 1200


def test_preview_of_a_first_subscription_needs_a_customer_only(double, prices):
    who = customer(double)
    wanted = [{"price": prices.pro, "quantity": 2}]
    body = {"customer": who, "subscription_details": {"items": wanted}}
    assert double.api.invoices.create_preview(body).total == 3800
    assert double.every("subscription") == []


# --- cards --------------------------------------------------------------------------


@pytest.mark.parametrize("card", [DECLINES, FAILS_LATER])
def test_declined_card_leaves_the_checkout_open(double, prices, card):
    session = checkout(double, customer(double), prices.starter)
    with pytest.raises(Refusal, match="declined"):
        double.pay(session.id, card)
    assert double.api.checkout.sessions.retrieve(session.id).status == "open"
    assert double.every("subscription") == double.every("invoice") == []
    assert double.every("payment_method") == []


def test_number_that_is_no_card_is_told_apart(double, prices):
    session = checkout(double, customer(double), prices.starter)
    with pytest.raises(Refusal, match="number is incorrect"):
        double.pay(session.id, "1234")


def test_upgrade_that_is_declined_changes_nothing(double, prices):
    live = subscribed(double, prices.starter)
    before = double.events()
    double.decline_next(live.customer)
    with pytest.raises(stripe.CardError) as refused:
        change(
            double,
            live,
            price=prices.pro,
            payment_behavior="error_if_incomplete",
            **AT_ONCE,
        )
    assert (refused.value.http_status, refused.value.code) == (402, "card_declined")
    assert refused.value.json_body["error"]["decline_code"] == "insufficient_funds"
    again = double.api.subscriptions.retrieve(live.id)
    assert again["items"].data[0].price.id == prices.starter
    assert double.events() == before


def test_upgrade_that_is_declined_may_be_owed(double, prices):
    live = subscribed(double, prices.starter)
    double.advance(**TEN_DAYS)
    double.decline_next(live.customer)
    changed = change(double, live, price=prices.pro, **AT_ONCE)
    assert changed.status == "past_due"
    assert latest(double, live).status == "open"


def test_subscription_without_a_card_is_refused(double, prices):
    body = {"customer": customer(double), "items": [{"price": prices.starter}]}
    with pytest.raises(stripe.InvalidRequestError, match="no attached payment source"):
        double.api.subscriptions.create(body)


def test_subscription_is_made_with_a_customers_card(double, prices):
    who = customer(double, payment_method="pm_card_visa")
    (method,) = double.api.payment_methods.list({"customer": who}).data
    usual = {"invoice_settings": {"default_payment_method": method.id}}
    double.api.customers.update(who, usual)
    wanted = [{"price": prices.starter, "quantity": 2}]
    made = double.api.subscriptions.create({"customer": who, "items": wanted})
    assert (made.status, latest(double, made).amount_paid) == ("active", 2400)


def test_new_customer_brings_the_card_that_pays(double, prices):
    usual = {"default_payment_method": "pm_card_visa"}
    who = customer(double, payment_method="pm_card_visa", invoice_settings=usual)
    wanted = [{"price": prices.starter}]
    made = double.api.subscriptions.create({"customer": who, "items": wanted})
    assert made.status == "active"


def test_first_payment_that_fails_leaves_it_incomplete(double, prices):
    who = customer(double)
    method = double.api.payment_methods.attach(
        "pm_card_chargeCustomerFail", {"customer": who}
    )
    terms = {"default_payment_method": method.id}
    wanted = [{"price": prices.starter}]
    made = double.api.subscriptions.create({"customer": who, "items": wanted, **terms})
    assert made.status == "incomplete"
    double.advance(days=1)
    again = double.api.subscriptions.retrieve(made.id)
    assert again.status == "incomplete_expired"
    assert latest(double, made).status == "void"


def test_first_payment_may_be_made_up_for(double, prices):
    who = customer(double)
    method = double.api.payment_methods.attach(
        "pm_card_chargeCustomerFail", {"customer": who}
    )
    wanted = [{"price": prices.starter}]
    terms = {"default_payment_method": method.id}
    made = double.api.subscriptions.create({"customer": who, "items": wanted, **terms})
    double.api.payment_methods.attach("pm_card_visa", {"customer": who})
    good = double.api.payment_methods.list({"customer": who}).data[0].id
    double.api.invoices.pay(made.latest_invoice, {"payment_method": good})
    assert double.api.subscriptions.retrieve(made.id).status == "active"


# --- refunds ------------------------------------------------------------------------


def test_refund_gives_the_whole_invoice_back(double, prices):
    live = subscribed(double, prices.starter, 3)
    refund = double.refund(live.latest_invoice)
    charge = double.api.charges.retrieve(refund["charge"])
    assert (refund["amount"], charge.amount_refunded, charge.refunded) == (
        3600,
        3600,
        True,
    )


def test_refund_in_parts_gives_back_no_more_than_was_taken(double, prices):
    live = subscribed(double, prices.starter, 3)
    double.refund(live.latest_invoice, 1000)
    with pytest.raises(Refusal, match="greater than 2600"):
        double.refund(live.latest_invoice, 2601)
    double.refund(live.latest_invoice)
    with pytest.raises(Refusal, match="already been refunded"):
        double.refund(live.latest_invoice)
    (charge,) = double.every("charge")
    assert (charge["amount_refunded"], charge["refunded"]) == (3600, True)


def test_cancelling_with_a_credit_bills_what_was_not_used(double, prices):
    live = subscribed(double, prices.starter, 3)
    double.advance(**TEN_DAYS)
    ended = double.api.subscriptions.cancel(
        live.id, {"prorate": True, "invoice_now": True}
    )
    assert ended.status == "canceled"
    assert (latest(double, live).total, balance(double, live)) == (-2439, -2439)
