"""The ladder and the reminders as they follow from what Stripe says."""

import pytest
import time_machine
from django.utils import timezone

from billing import comping, gateway
from billing.models import Plan, Subscription
from billing.syncing import sync
from organizations.tenancy import no_context, tenant
from tests.billing.paid import now_of, row_of


@pytest.fixture
def stripe(shop):
    # Its clock would run with ours twice as far.
    shop.freeze(timezone.now())
    return shop


@pytest.fixture
def buy(stripe, cast):
    """Let Acme buy Pro for four people, with a card or on trial without one."""

    def at_stripe(**params):
        (price,) = stripe.api.prices.list({"lookup_keys": ["insula_pro_month"]}).data
        customer = gateway.create_customer(
            organization_id=cast.acme.pk, name="Acme", email="alice@example.com"
        )["id"]
        with no_context(), tenant(cast.acme):
            Subscription.objects.create(
                plan=Plan.objects.get(code="pro"), stripe_customer_id=customer
            )
        session = stripe.api.checkout.sessions.create(
            {
                "mode": "subscription",
                "customer": customer,
                "line_items": [{"price": price.id, "quantity": 4}],
                "success_url": "https://insula.example/done/",
                "cancel_url": "https://insula.example/back/",
                **params,
            }
        )
        stripe.pay(session.id, **({"card": ""} if params else {}))
        return customer

    return at_stripe


@pytest.fixture
def read(cast):
    def again():
        with no_context(), tenant(cast.acme):
            return sync()

    return again


@pytest.fixture
def later(stripe):
    """Let days pass, at Stripe and here."""

    def pass_days(days):
        stripe.advance(days=days)
        return time_machine.travel(stripe.now(), tick=False)

    return pass_days


def failing(stripe, customer):
    """Let every further payment fail."""
    stripe.change_card(customer, "4000000000000341")


# cap 56
def test_a_late_payment_is_told_with_the_reading_that_finds_it(
    stripe, buy, read, later, cast, run_jobs, mailoutbox
):
    customer = buy()
    read()
    failing(stripe, customer)
    with later(32):
        assert read()
        run_jobs()
    row = row_of(cast.acme)
    assert (row.status, row.dunning_step) == ("past_due", 1)
    assert {m.subject for m in mailoutbox} == {"Acme: a payment failed"}
    assert "It is tried again on" in " ".join(mailoutbox[0].body.split())


def test_what_stripe_gives_up_is_closed_and_opened_by_paying(
    stripe, buy, read, later, cast
):
    customer = buy()
    failing(stripe, customer)
    with later(50):
        read()
        assert row_of(cast.acme).status == "unpaid"
        assert now_of(cast.acme).standing == "read_only"
        stripe.change_card(customer, "4242424242424242")
        for invoice in stripe.api.invoices.list({"customer": customer}).data:
            if invoice.status == "open":
                stripe.api.invoices.pay(invoice.id)
        read()
    assert row_of(cast.acme).status == "active"
    assert row_of(cast.acme).dunning_step == 0
    assert now_of(cast.acme).standing == "good"


def test_a_plan_given_to_a_former_customer_outlives_readings(stripe, buy, read, cast):
    customer = buy()
    read()
    stripe.api.subscriptions.cancel(row_of(cast.acme).stripe_subscription_id)
    read()
    assert now_of(cast.acme).plan == "free"
    with no_context(), tenant(cast.acme):
        comping.comp(plan=Plan.objects.get(code="pro"), reason="Sorry", by=cast.olga)
    assert not read()
    row = row_of(cast.acme)
    assert (row.is_comped, row.stripe_customer_id) == (True, customer)
    assert now_of(cast.acme).plan == "pro"


def test_a_given_plan_is_refused_while_one_runs_at_stripe(buy, read, cast):
    buy()
    read()
    with no_context(), tenant(cast.acme), pytest.raises(comping.PaidAlready):
        comping.comp(plan=Plan.objects.get(code="pro"), reason="Sorry", by=cast.olga)


# cap 52
def test_a_trial_without_a_card_is_reminded_of_and_ends_by_itself(
    buy, read, later, cast, run_jobs, mailoutbox
):
    days = {"trial_period_days": 14}
    days["trial_settings"] = {"end_behavior": {"missing_payment_method": "cancel"}}
    buy(subscription_data=days, payment_method_collection="if_required")
    read()
    run_jobs()
    assert mailoutbox == []
    with later(12):
        read()
        run_jobs()
    assert "the trial ends on" in mailoutbox[0].subject
    mailoutbox.clear()
    with later(3):
        read()
        read()
        run_jobs()
    assert [m.subject for m in mailoutbox] == ["Acme: the trial has ended"] * 2
    assert now_of(cast.acme).plan == "free"
