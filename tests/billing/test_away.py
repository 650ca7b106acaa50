"""Stripe silent, slow, refusing or declining: a sentence, and nothing half done."""

import socket
import time

import pytest

from billing import gateway
from billing.models import Subscription
from organizations.audit.models import AuditEntry
from tests.billing.conftest import OVERVIEW, choice, page

AWAY = "does not answer right now"


@pytest.fixture
def away(settings):
    """Return a call that puts a server in Stripe's place at which nobody listens."""

    def leave(port):
        settings.BILLING_ON = True
        settings.BILLING_DOUBLE = None
        settings.STRIPE_SECRET_KEY = "sk_test_" + "y" * 24
        settings.STRIPE_API_BASE = f"http://127.0.0.1:{port}"

    yield leave
    gateway.made.cache_clear()


@pytest.fixture
def nobody():
    """Return a port at which nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def test_unreachable_is_said_and_nothing_is_kept(
    as_alice, price_list, away, nobody, inside
):
    away(nobody)
    answer = as_alice.post(page("plan_buy", "pro"), choice(), follow=True)
    assert AWAY in answer.text
    assert answer.redirect_chain == [(OVERVIEW, 302)]
    assert not inside(lambda: Subscription.objects.exists())
    assert not inside(
        lambda: AuditEntry.objects.filter(action__startswith="subscription").exists()
    )


def test_a_server_that_never_answers_is_given_up_in_time(away, monkeypatch):
    # As configured: a try, at most a second's wait, another try.
    assert gateway.SECONDS * (1 + gateway.TRIES_AGAIN) + 1 < 10
    monkeypatch.setattr(gateway, "SECONDS", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        away(silent.getsockname()[1])
        begun = time.monotonic()
        with pytest.raises(gateway.StripeAway):
            gateway.customer_of("cus_1")
    assert time.monotonic() - begun < 10


def test_a_preview_says_that_nobody_answers(as_alice, paid, away, nobody, row):
    paid("starter")
    away(nobody)
    answer = as_alice.get(page("plan_detail", "pro"))
    assert answer.status_code == 503
    assert AWAY in answer.text
    assert row().plan_id == "starter"


@pytest.mark.parametrize("name", ["portal", "subscription_cancel", "subscription_keep"])
def test_every_decision_can_wait(as_alice, paid, away, nobody, row, name):
    paid()
    before = row().updated_at
    away(nobody)
    answer = as_alice.post(page(name), follow=True)
    assert answer.status_code == 200
    if name != "subscription_keep":
        assert AWAY in answer.text
    assert row().updated_at == before


def test_coming_back_while_nobody_answers_waits(as_alice, shop, away, nobody):
    as_alice.post(page("plan_buy", "pro"), choice())
    away(nobody)
    answer = as_alice.get(page("confirm"))
    assert answer.status_code == 200
    assert "Confirming the payment" in answer.text


def test_it_is_not_looked_for_ever(as_alice, shop):
    part = {"HX-Request": "true"}
    early = as_alice.get(page("confirm") + "?look=3", headers=part)
    assert "look=4" in early.text
    late = as_alice.get(page("confirm") + "?look=10", headers=part)
    assert "longer than usual" in late.text
    assert "hx-get" not in late.text


def test_a_declined_upgrade_changes_nothing(as_alice, paid, shop, row):
    paid("starter")
    customer = row().stripe_customer_id
    shown = as_alice.get(page("plan_detail", "pro")).context["preview"]
    shop.decline_next(customer)
    sent = choice(moment=shown.moment)
    answer = as_alice.post(page("plan_change", "pro"), sent, follow=True)
    assert "declined" in answer.text
    assert (row().plan_id, row().status) == ("starter", "active")
    (there,) = shop.every("subscription")
    assert there["items"]["data"][0]["price"]["unit_amount"] == 900


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"interval": "month"},
        {"interval": "day", "sent_as": "x"},
        {"interval": "month", "sent_as": "not-an-id", "moment": "never"},
    ],
)
def test_a_form_that_makes_no_sense_buys_nothing(as_alice, shop, sent):
    answer = as_alice.post(page("plan_buy", "pro"), sent)
    assert answer.status_code == 302
    assert answer["Location"] == OVERVIEW
    assert shop.every("checkout.session") == []


def test_a_second_subscription_is_not_bought(as_alice, paid, shop):
    paid()
    answer = as_alice.post(page("plan_buy", "starter"), choice(), follow=True)
    assert "changed meanwhile" in answer.text
    assert len(shop.every("subscription")) == 1


def test_without_payments_pages_say_so(as_alice, db):
    assert "Payments are not set up" in as_alice.get(OVERVIEW).text
    detail = as_alice.get(page("plan_detail", "pro"))
    assert "Payments are not set up" in detail.text
    assert "Go on" not in detail.text
