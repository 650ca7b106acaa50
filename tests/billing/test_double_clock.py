"""What time brings: renewals, trials, tries to be paid, and ends."""

from datetime import UTC, datetime, timedelta

import pytest
import stripe

from billing.fakestripe.cards import FAILS_LATER
from billing.fakestripe.errors import Refusal
from billing.fakestripe.periods import after, next_end
from tests.billing.story import (
    catalog,
    change,
    checkout,
    customer,
    latest,
    price,
    schedule,
    subscribed,
)

MONTH = {"interval": "month", "interval_count": 1}
YEAR = {"interval": "year", "interval_count": 1}
TRIAL = {"subscription_data": {"trial_period_days": 14}}


def moment(year, month, day, hour=12):
    return datetime(year, month, day, hour, tzinfo=UTC)


@pytest.fixture
def double(stripe_double):
    stripe_double.freeze(moment(2026, 1, 1))
    return stripe_double


@pytest.fixture
def prices(double):
    return catalog(double)


def again(double, subscription):
    return double.api.subscriptions.retrieve(subscription.id)


def end_of(double, subscription):
    end = again(double, subscription)["items"].data[0].current_period_end
    return datetime.fromtimestamp(end, UTC)


def kinds(double):
    return [event["type"] for event in double.events()]


def without_card(ending="cancel"):
    """Return a checkout that asks for no card, and what then becomes of the trial."""
    settings = {"end_behavior": {"missing_payment_method": ending}}
    data = {"trial_period_days": 14, "trial_settings": settings}
    return {"payment_method_collection": "if_required", "subscription_data": data}


# --- months -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("anchor", "recurring", "count", "expected"),
    [
        (moment(2026, 1, 31), MONTH, 1, moment(2026, 2, 28)),
        (moment(2026, 1, 31), MONTH, 2, moment(2026, 3, 31)),
        (moment(2026, 1, 31), MONTH, 3, moment(2026, 4, 30)),
        (moment(2028, 1, 31), MONTH, 1, moment(2028, 2, 29)),
        (moment(2026, 12, 15), MONTH, 1, moment(2027, 1, 15)),
        (moment(2028, 2, 29), YEAR, 1, moment(2029, 2, 28)),
        (moment(2028, 2, 29), YEAR, 4, moment(2032, 2, 29)),
        (
            moment(2026, 1, 1),
            {"interval": "week", "interval_count": 2},
            1,
            moment(2026, 1, 15),
        ),
        (
            moment(2026, 3, 1),
            {"interval": "day", "interval_count": 10},
            3,
            moment(2026, 3, 31),
        ),
        (
            moment(2026, 1, 31),
            {"interval": "month", "interval_count": 3},
            1,
            moment(2026, 4, 30),
        ),
    ],
)
def test_period_ends_on_the_day_of_its_anchor_where_there_is_one(
    anchor, recurring, count, expected
):
    ends = after(int(anchor.timestamp()), recurring, count)
    assert datetime.fromtimestamp(ends, UTC) == expected


@pytest.mark.parametrize("months", [1, 2, 11, 12, 13, 47, 300])
def test_next_end_is_the_first_one_after_a_moment(months):
    anchor = int(moment(2026, 1, 31).timestamp())
    begun = after(anchor, MONTH, months)
    assert next_end(anchor, MONTH, begun) == after(anchor, MONTH, months + 1)
    assert next_end(anchor, MONTH, begun - 1) == begun


def test_subscription_of_the_31st_renews_through_a_leap_february(stripe_double):
    double = stripe_double
    double.freeze(moment(2028, 1, 31))
    live = subscribed(double, catalog(double).starter)
    ends = []
    for _month in range(4):
        ends.append(end_of(double, live))
        double.advance_to(ends[-1])
    assert ends == [
        moment(2028, 2, 29),
        moment(2028, 3, 31),
        moment(2028, 4, 30),
        moment(2028, 5, 31),
    ]
    assert len(double.every("invoice")) == 5


def test_share_of_a_leap_february_is_reckoned_with_its_29_days(stripe_double):
    double = stripe_double
    double.freeze(moment(2028, 2, 1))
    live = subscribed(double, catalog(double, flat=2900).flat)
    double.advance(days=10)
    change(double, live, quantity=2, proration_behavior="always_invoice")
    assert latest(double, live).total == 1900


def test_year_is_renewed_after_a_year(double, prices):
    product = double.api.prices.retrieve(prices.starter).product
    live = subscribed(double, price(double, product, 12_000, "year"))
    double.advance(days=364)
    assert len(double.every("invoice")) == 1
    double.advance(days=1)
    assert [one["total"] for one in double.every("invoice")] == [12_000, 12_000]
    assert end_of(double, live) == moment(2028, 1, 1)


# --- renewals -----------------------------------------------------------------------


# cap 51
def test_renewal_moves_the_period_and_is_paid(double, prices):
    live = subscribed(double, prices.starter, 3)
    double.advance(days=31)
    invoice = latest(double, live)
    assert (invoice.billing_reason, invoice.status) == ("subscription_cycle", "paid")
    assert end_of(double, live) == moment(2026, 3, 1)
    first, last = invoice.period_start, invoice.period_end
    assert last - first == 31 * 86_400


def test_many_months_are_caught_up_with_at_once(double, prices):
    live = subscribed(double, prices.starter)
    double.advance_to(moment(2027, 1, 1, 13))
    assert len(double.every("invoice")) == 13
    assert again(double, live).status == "active"
    assert end_of(double, live) == moment(2027, 2, 1)


def test_clock_does_not_go_back(double, prices):
    before = double.now()
    double.advance_to(moment(2025, 1, 1))
    assert double.now() == before


def test_running_clock_keeps_its_lead(stripe_double):
    before = stripe_double.now()
    stripe_double.advance(days=40)
    assert 40 * 86_400 <= stripe_double.now() - before < 40 * 86_400 + 60


def test_what_is_due_is_done_before_the_next_request_changes_something(double, prices):
    live = subscribed(double, prices.starter)
    double.freeze(moment(2026, 2, 2))
    double.api.customers.update(live.customer, {"name": "Acme & Sons"})
    assert end_of(double, live) == moment(2026, 3, 1)


# --- trials -------------------------------------------------------------------------


# cap 52
def test_trial_starts_with_an_invoice_of_nothing(double, prices):
    live = subscribed(double, prices.pro, 3, **TRIAL)
    invoice = latest(double, live)
    assert (live.status, invoice.total, invoice.status) == ("trialing", 0, "paid")
    assert invoice.lines.data[0].description == "Trial period for Pro"
    assert live.trial_end - live.trial_start == 14 * 86_400
    assert double.every("charge") == []


def test_reminder_comes_three_days_before_the_trial_ends_and_once(double, prices):
    subscribed(double, prices.pro, **TRIAL)
    double.advance(days=10, seconds=86_399)
    assert "customer.subscription.trial_will_end" not in kinds(double)
    double.advance(1)
    double.advance(days=2)
    assert kinds(double).count("customer.subscription.trial_will_end") == 1


def test_short_trial_reminds_at_once(double, prices):
    data = {"subscription_data": {"trial_period_days": 2}}
    subscribed(double, prices.pro, **data)
    assert kinds(double).count("customer.subscription.trial_will_end") == 1


def test_first_charge_is_at_the_end_of_the_trial(double, prices):
    live = subscribed(double, prices.pro, 3, **TRIAL)
    double.advance(days=14)
    assert (again(double, live).status, latest(double, live).amount_paid) == (
        "active",
        5700,
    )
    assert end_of(double, live) == moment(2026, 2, 15)


def test_trial_whose_card_fails_is_past_due(double, prices):
    live = subscribed(double, prices.pro, 1, FAILS_LATER, **TRIAL)
    double.advance(days=14)
    assert again(double, live).status == "past_due"


@pytest.mark.parametrize(
    ("ending", "status"),
    [("cancel", "canceled"), ("pause", "paused"), ("create_invoice", "past_due")],
)
def test_trial_without_a_card_ends_as_agreed(double, prices, ending, status):
    live = subscribed(double, prices.pro, 1, "", **without_card(ending))
    assert live.default_payment_method is None
    double.advance(days=15)
    assert again(double, live).status == status


def test_paused_trial_is_resumed_with_a_card(double, prices):
    live = subscribed(double, prices.pro, 1, "", **without_card("pause"))
    double.advance(days=40)
    resume = double.api.subscriptions.resume
    with pytest.raises(stripe.InvalidRequestError, match="no attached payment source"):
        resume(live.id)
    double.change_card(live.customer, "4242424242424242")
    assert (resume(live.id).status, latest(double, live).amount_paid) == (
        "active",
        1900,
    )
    assert end_of(double, live) == moment(2026, 3, 10)
    with pytest.raises(stripe.InvalidRequestError, match="paused"):
        resume(live.id)


def test_seats_of_a_trial_change_without_a_charge(double, prices):
    live = subscribed(double, prices.pro, 3, **TRIAL)
    double.advance(days=5)
    change(double, live, quantity=5, proration_behavior="always_invoice")
    assert double.every("invoiceitem") == []
    double.advance(days=9)
    assert latest(double, live).total == 9500


def test_trial_may_be_ended_now(double, prices):
    live = subscribed(double, prices.pro, **TRIAL)
    double.advance(days=5)
    ended = double.api.subscriptions.update(live.id, {"trial_end": "now"})
    assert (ended.status, latest(double, live).amount_paid) == ("active", 1900)
    assert end_of(double, live) == moment(2026, 2, 6)


def test_trial_without_a_card_cannot_be_ended_now(double, prices):
    live = subscribed(double, prices.pro, 1, "", **without_card())
    with pytest.raises(stripe.InvalidRequestError, match="no attached payment source"):
        double.api.subscriptions.update(live.id, {"trial_end": "now"})
    assert again(double, live).status == "trialing"


def test_trial_may_be_made_longer(double, prices):
    live = subscribed(double, prices.pro, **TRIAL)
    later = int(moment(2026, 3, 1).timestamp())
    double.api.subscriptions.update(live.id, {"trial_end": later})
    double.advance(days=20)
    assert again(double, live).status == "trialing"
    assert end_of(double, live) == moment(2026, 3, 1)


# --- tries to be paid ---------------------------------------------------------------


def test_declined_renewal_is_tried_again_after_three_five_and_seven_days(
    double, prices
):
    live = subscribed(double, prices.starter)
    double.change_card(live.customer, FAILS_LATER)
    double.advance_to(moment(2026, 2, 1))
    tries = []
    while (invoice := latest(double, live)).next_payment_attempt:
        tries.append((invoice.attempt_count, invoice.next_payment_attempt))
        assert again(double, live).status == "past_due"
        double.advance_to(invoice.next_payment_attempt)
    begun = moment(2026, 2, 1)
    days = [begun + timedelta(days=each) for each in (3, 8, 15)]
    assert tries == [(n, int(day.timestamp())) for n, day in enumerate(days, 1)]
    assert (again(double, live).status, latest(double, live).status) == (
        "unpaid",
        "open",
    )


def test_new_card_is_used_for_the_next_try(double, prices):
    live = subscribed(double, prices.starter)
    double.decline_next(live.customer)
    double.advance(days=31)
    assert again(double, live).status == "past_due"
    assert double.api.customers.retrieve(live.customer).delinquent is True
    double.advance(days=3)
    assert again(double, live).status == "active"
    assert double.api.customers.retrieve(live.customer).delinquent is False


def test_owed_invoice_may_be_paid_at_once(double, prices):
    live = subscribed(double, prices.starter)
    double.decline_next(live.customer)
    double.advance(days=31)
    paid = double.api.invoices.pay(latest(double, live).id)
    assert (paid.status, paid.amount_paid, paid.next_payment_attempt) == (
        "paid",
        1200,
        None,
    )
    assert again(double, live).status == "active"


def test_paying_again_with_a_bad_card_is_counted_and_refused(double, prices):
    live = subscribed(double, prices.starter, 1)
    double.change_card(live.customer, FAILS_LATER)
    double.advance(days=31)
    before = latest(double, live)
    with pytest.raises(stripe.CardError, match="declined"):
        double.api.invoices.pay(before.id)
    invoice = latest(double, live)
    assert invoice.attempt_count == before.attempt_count + 1
    assert invoice.next_payment_attempt == before.next_payment_attempt


def test_paid_invoice_is_not_paid_twice(double, prices):
    live = subscribed(double, prices.starter)
    with pytest.raises(stripe.InvalidRequestError, match="already paid"):
        double.api.invoices.pay(live.latest_invoice)


def test_unpaid_subscription_comes_back_with_a_payment(double, prices):
    live = subscribed(double, prices.starter)
    double.change_card(live.customer, FAILS_LATER)
    double.advance(days=48)
    assert again(double, live).status == "unpaid"
    double.change_card(live.customer, "4242424242424242")
    double.api.invoices.pay(latest(double, live).id)
    assert again(double, live).status == "active"


def test_unpaid_subscription_goes_on_with_drafts_nobody_is_asked_to_pay(double, prices):
    live = subscribed(double, prices.starter)
    double.change_card(live.customer, FAILS_LATER)
    double.advance(days=65)
    invoice = latest(double, live)
    assert (invoice.status, invoice.auto_advance) == ("draft", False)


def test_account_may_cancel_what_is_not_paid(double, prices):
    double.after_retries("canceled")
    live = subscribed(double, prices.starter)
    double.change_card(live.customer, FAILS_LATER)
    double.advance(days=48)
    ended = again(double, live)
    assert (ended.status, ended.cancellation_details.reason) == (
        "canceled",
        "payment_failed",
    )


# --- ends ---------------------------------------------------------------------------


def test_cancelled_subscription_runs_until_its_period_ends(double, prices):
    live = subscribed(double, prices.starter)
    told = double.api.subscriptions.update(live.id, {"cancel_at_period_end": True})
    assert (told.status, told.cancel_at) == (
        "active",
        int(moment(2026, 2, 1).timestamp()),
    )
    double.advance(days=31)
    ended = again(double, live)
    assert (ended.status, ended.ended_at) == ("canceled", told.cancel_at)
    assert len(double.every("invoice")) == 1
    assert kinds(double)[-1] == "customer.subscription.deleted"


def test_cancellation_may_be_taken_back(double, prices):
    live = subscribed(double, prices.starter)
    double.end_later(live.id, ends=True)
    double.end_later(live.id, ends=False)
    same = again(double, live)
    assert (same.cancel_at, same.canceled_at, same.cancel_at_period_end) == (
        None,
        None,
        False,
    )
    double.advance(days=31)
    assert again(double, live).status == "active"


def test_longer_trial_moves_its_end_along(double, prices):
    live = subscribed(double, prices.pro, **TRIAL)
    double.end_later(live.id, ends=True)
    later = int(moment(2026, 3, 1).timestamp())
    moved = double.api.subscriptions.update(live.id, {"trial_end": later})
    assert (moved.cancel_at_period_end, moved.cancel_at) == (True, later)


def test_subscription_may_end_on_a_day(double, prices):
    live = subscribed(double, prices.starter)
    day = int(moment(2026, 1, 20).timestamp())
    double.api.subscriptions.update(live.id, {"cancel_at": day})
    double.advance(days=25)
    assert again(double, live).ended_at == day


def test_what_has_ended_cannot_be_changed_or_ended_again(double, prices):
    live = subscribed(double, prices.starter)
    double.api.subscriptions.cancel(live.id)
    with pytest.raises(stripe.InvalidRequestError, match="canceled subscription"):
        change(double, live, quantity=2)
    with pytest.raises(stripe.InvalidRequestError, match="No such subscription"):
        double.api.subscriptions.cancel(live.id)


def test_ending_stops_the_tries_to_be_paid(double, prices):
    live = subscribed(double, prices.starter)
    double.change_card(live.customer, FAILS_LATER)
    double.advance(days=31)
    double.api.subscriptions.cancel(live.id)
    assert latest(double, live).next_payment_attempt is None
    double.advance(days=31)
    assert latest(double, live).attempt_count == 1


def test_ending_ends_the_schedule_too(double, prices):
    live = subscribed(double, prices.pro)
    planned = schedule(double, live, prices.starter)
    double.api.subscriptions.cancel(live.id)
    assert double.api.subscription_schedules.retrieve(planned.id).status == "canceled"


def test_checkout_expires_after_a_day(double, prices):
    session = checkout(double, customer(double), prices.starter)
    double.advance(days=1)
    assert double.api.checkout.sessions.retrieve(session.id).status == "expired"
    with pytest.raises(Refusal, match="no longer open"):
        double.pay(session.id)


def test_deleted_customer_is_subscribed_to_nothing(double, prices):
    live = subscribed(double, prices.starter)
    double.api.customers.delete(live.customer)
    assert again(double, live).status == "canceled"
    assert double.api.customers.retrieve(live.customer).deleted is True
    with pytest.raises(stripe.InvalidRequestError, match="No such customer"):
        double.api.customers.update(live.customer, {"name": "Back"})


# --- steps of the clock's page ------------------------------------------------------


def test_steps_lead_to_the_next_thing_that_happens(double, prices):
    live = subscribed(double, prices.pro, **TRIAL)
    double.step("reminder", live.id)
    assert kinds(double)[-1] == "customer.subscription.trial_will_end"
    double.step("end", live.id)
    assert again(double, live).status == "active"
    double.step("decline", live.id)
    double.step("end", live.id)
    assert again(double, live).status == "past_due"
    double.step("refund", live.id)
    assert kinds(double)[-1] == "charge.refunded"
    before = double.now()
    double.step("day", "")
    assert double.now() == before + 86_400


@pytest.mark.parametrize(
    ("step", "said"), [("reminder", "not in a trial"), ("end", "has ended")]
)
def test_step_that_cannot_be_is_refused(double, prices, step, said):
    live = subscribed(double, prices.pro)
    if step == "end":
        double.api.subscriptions.cancel(live.id)
    with pytest.raises(Refusal, match=said):
        double.step(step, live.id)
