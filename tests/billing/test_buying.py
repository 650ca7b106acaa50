"""Choosing a plan, paying for it, changing it, ending it: through the pages."""

import pytest

from billing.models import Invoice
from organizations.audit.models import AuditEntry
from tests.billing.conftest import OVERVIEW, choice, page


# cap 57
def test_everybody_sees_what_it_costs(client, db):
    answer = client.get("/pricing/")
    assert answer.status_code == 200
    assert "€19" in answer.text
    assert "€190" not in answer.text
    yearly = client.get("/pricing/?interval=year").text
    assert "paid yearly" in yearly
    assert "€15.83" in yearly


def test_prices_are_shown_for_an_interval_that_makes_no_sense(client, db):
    assert "€19" in client.get("/pricing/?interval=fortnight").text


@pytest.mark.parametrize("person", ["as_bob", "as_vera"])
def test_members_see_no_amounts(request, person, shop):
    answer = request.getfixturevalue(person).get(OVERVIEW)
    assert answer.status_code == 403


def test_a_free_organization_sees_its_plan_and_the_others(as_alice, shop):
    text = as_alice.get(OVERVIEW).text
    assert "Free plan" in text
    assert "Try for 14 days" in text
    assert "No invoices yet" in text


# cap 48
# cap 52
# cap 55
def test_a_trial_begins_at_stripe(bought, row, acme_now, cast, inside):
    bought()
    now = row()
    assert (now.status, now.plan_id, now.seats) == ("trialing", "pro", 4)
    assert now.stripe_customer_id.startswith("cus_")
    assert now.stripe_subscription_id.startswith("sub_")
    assert (now.trial_end - now.trial_start).days == 14
    assert now.buyer_id == cast.alice.pk
    assert (acme_now().plan, acme_now().limit("members")) == ("pro", 100)
    started = inside(lambda: AuditEntry.objects.get(action="subscription.started"))
    assert started.after["plan"] == "pro"


def test_a_trial_needs_no_card_and_is_had_once(as_alice, bought, shop, row, acme_now):
    bought(card="")
    shop.advance(days=15)
    as_alice.get(page("confirm"))
    assert row().status == "canceled"
    assert acme_now().plan == "free"
    assert "Try for" not in as_alice.get(OVERVIEW).text
    bought(plan="starter")
    assert (row().status, row().plan_id) == ("active", "starter")


# cap 51
# cap 53
def test_trial_becomes_paid_and_renews(as_alice, paid, shop, row, inside):
    paid()
    now = row()
    assert now.status == "active"
    assert (now.cents, now.total_cents, now.currency) == (1900, 4 * 1900, "eur")
    paid = inside(lambda: Invoice.objects.filter(status="paid", total_cents__gt=0))
    assert [invoice.total_cents for invoice in inside(lambda: list(paid))] == [7600]
    text = as_alice.get(OVERVIEW).text
    assert "€19 × 4 seats = €76" in text
    assert "Paid" in text


def test_sent_twice_is_bought_once(as_alice, shop):
    decided = choice()
    first = as_alice.post(page("plan_buy", "pro"), decided)
    second = as_alice.post(page("plan_buy", "pro"), decided)
    assert first["Location"] == second["Location"]
    assert len(shop.every("checkout.session")) == 1
    assert len(shop.every("customer")) == 1


def test_an_upgrade_is_shown_and_charged_at_once(as_alice, paid, shop, row, acme_now):
    paid("starter")
    shown = as_alice.get(page("plan_detail", "pro"))
    preview = shown.context["preview"]
    assert preview.due in shown.text
    sent = choice(moment=preview.moment)
    assert as_alice.post(page("plan_change", "pro"), sent).status_code == 302
    assert (row().plan_id, row().status, acme_now().plan) == ("pro", "active", "pro")


def test_a_downgrade_waits_for_the_end_of_the_period(
    as_alice, paid, shop, row, acme_now
):
    paid()
    assert as_alice.get(page("plan_detail", "starter")).status_code == 200
    as_alice.post(page("plan_change", "starter"), choice())
    assert (row().plan_id, row().next_plan_id) == ("pro", "starter")
    assert "Starter begins on" in as_alice.get(OVERVIEW).text
    shop.advance(days=32)
    as_alice.get(page("confirm"))
    assert (row().plan_id, row().next_plan_id) == ("starter", None)
    assert acme_now().plan == "starter"


def test_a_planned_change_is_taken_back(as_alice, paid, shop, row):
    paid()
    as_alice.post(page("plan_change", "starter"), choice())
    assert as_alice.post(page("subscription_keep")).status_code == 302
    assert row().next_plan_id is None
    assert row().stripe_schedule_id == ""


def test_canceling_keeps_what_is_paid_and_then_expires(
    as_alice, paid, shop, row, acme_now
):
    paid()
    assert "Cancel Pro?" in as_alice.get(page("subscription_cancel")).text
    as_alice.post(page("subscription_cancel"))
    assert row().cancel_at_period_end
    assert acme_now().plan == "pro"
    shop.advance(days=32)
    as_alice.get(page("confirm"))
    assert row().status == "canceled"
    assert acme_now().plan == "free"
    assert "ended on" in as_alice.get(OVERVIEW).text


def test_the_portal_is_opened_for_the_own_customer(as_alice, bought, row):
    bought()
    answer = as_alice.post(page("portal"))
    assert answer.status_code == 302
    assert "portal" in answer["Location"]


def test_nobody_changes_a_plan_who_only_reads(as_bob, as_vera, shop):
    for client in (as_bob, as_vera):
        assert client.post(page("plan_buy", "pro"), choice()).status_code == 403
    assert shop.every("customer") == []


@pytest.mark.parametrize("code", ["enterprise", "nothing"])
def test_what_is_not_for_sale_is_not_found(as_alice, shop, code):
    assert as_alice.get(page("plan_detail", code)).status_code == 404
    assert as_alice.post(page("plan_buy", code), choice()).status_code == 404


def test_what_is_given_back_stands_at_its_invoice(as_alice, paid, shop, inside):
    paid()
    (invoice,) = [one for one in shop.every("invoice") if one["total"]]
    shop.refund(invoice["id"], 1900)
    as_alice.get(page("confirm") + "?from=portal")
    kept = inside(lambda: Invoice.objects.get(stripe_id=invoice["id"]))
    assert (kept.status, kept.refunded_cents) == ("paid", 1900)
    assert "€19.00 refunded" in as_alice.get(OVERVIEW).text
    free = inside(lambda: Invoice.objects.get(total_cents=0))
    assert free.refunded_cents == 0
