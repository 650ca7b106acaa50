"""What the pages of billing say in each state, and how much they ask for it."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.models import Invoice, Plan, Subscription
from billing.money import money
from organizations.tenancy import no_context, tenant
from tests.billing.conftest import OVERVIEW, page

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)


@pytest.fixture
def having(cast):
    """Return a call that writes Acme's row as a reading would."""

    def write(**values):
        with no_context(), tenant(cast.acme, cast.alice):
            values = {
                "plan": Plan.objects.get(code=values.pop("plan", "pro")),
                "status": "active",
                "seats": 4,
                "cents": 1900,
                "currency": "eur",
                "stripe_customer_id": "cus_1",
                "stripe_subscription_id": "sub_1",
                "current_period_start": NOW,
                "current_period_end": NOW + timedelta(days=30),
                "card": {"brand": "visa", "last4": "4242", "month": 8, "year": 2028},
            } | values
            return Subscription.objects.create(**values)

    return write


@pytest.fixture
def invoiced(cast):
    """Return a call that writes invoices of Acme."""

    def write(count, **values):
        with no_context(), tenant(cast.acme, cast.alice):
            made = [
                Invoice(
                    stripe_id=f"in_{number}",
                    number=f"INS-{number:04}",
                    status=values.get("status", "paid"),
                    currency="eur",
                    total_cents=values.get("cents", 7600),
                    refunded_cents=values.get("refunded", 0),
                    issued_at=NOW + timedelta(days=number // 2),
                    hosted_url="https://invoice.example/1",
                    next_attempt_at=values.get("again"),
                )
                for number in range(count)
            ]
            Invoice.objects.bulk_create(made)

    return write


# cap 49
@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, ["€19 × 4 seats = €76", "Renews", "1 December 2026", "Visa", "08/2028"]),
        ({"status": "past_due", "past_due_since": NOW}, ["Past due", "was declined"]),
        ({"status": "unpaid", "past_due_since": NOW, "card": {}}, ["payment of"]),
        ({"status": "trialing", "trial_end": NOW}, ["You try Pro", "first payment"]),
        (
            {"status": "trialing", "trial_end": NOW, "card": {}},
            ["Without a card", "Add a card"],
        ),
        ({"cancel_at_period_end": True}, ["Pro ends on 1 December", "Keep Pro"]),
        ({"status": "canceled", "ended_at": NOW}, ["Pro ended on 1 November 2026"]),
        ({"status": "incomplete"}, ["first payment is not through"]),
        ({"interval": "year", "cents": 19_000}, ["€760 a year"]),
    ],
)
def test_the_page_says_how_things_stand(as_alice, stripe_double, having, values, words):
    having(**values)
    text = " ".join(as_alice.get(OVERVIEW).text.split())
    for each in words:
        assert each in text, each


def test_a_planned_change_names_both_plans(as_alice, stripe_double, having):
    having(next_plan=Plan.objects.get(code="starter"), stripe_schedule_id="sub_sched_1")
    text = as_alice.get(OVERVIEW).text
    assert "Starter begins on 1 December 2026" in text
    assert "Until then you keep Pro" in text
    detail = as_alice.get(page("plan_detail", "starter")).text
    assert "Take that back first" in detail


def test_a_plan_given_by_staff_is_said_to_be(as_alice, stripe_double, having):
    having(
        is_comped=True,
        comped_until=NOW,
        stripe_customer_id="",
        stripe_subscription_id="",
    )
    text = as_alice.get(OVERVIEW).text
    assert "Given to you" in text
    assert "1 November 2026" in text
    assert "Cancel plan" not in text


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, "Paid"),
        ({"status": "open"}, "Open"),
        ({"status": "void"}, "Void"),
        ({"refunded": 500}, "€5.00 refunded"),
    ],
)
def test_an_invoice_says_what_became_of_it(
    as_alice, stripe_double, invoiced, values, words
):
    invoiced(1, **values)
    text = as_alice.get(OVERVIEW).text
    assert words in text
    assert "€76.00" in text
    assert "https://invoice.example/1" in text


def test_invoices_go_on_from_page_to_page_without_a_gap(as_alice, cast, invoiced):
    invoiced(120)
    seen, address = [], page("invoice_list")
    while address:
        answer = as_alice.get(address)
        seen += [one.number for one in answer.context["invoices"]]
        place = answer.context["page"].next
        address = place and (
            f"{page('invoice_list')}?before={place.before.isoformat()}".replace(
                "+", "%2B"
            )
            + f"&before_id={place.before_id}"
        )
    assert len(seen) == len(set(seen)) == 120


@pytest.mark.parametrize("query", ["?before=x", "?before_id=7", "?before=&before_id="])
def test_a_place_that_makes_no_sense_is_the_beginning(as_alice, invoiced, query):
    invoiced(3)
    answer = as_alice.get(page("invoice_list") + query)
    assert answer.status_code == 200
    assert len(answer.context["invoices"]) == 3


def test_another_organization_sees_no_invoice(as_charlie, stripe_double, invoiced):
    invoiced(3)
    text = as_charlie.get(OVERVIEW).text + as_charlie.get(page("invoice_list")).text
    assert "INS-" not in text


def test_as_many_statements_for_many_invoices_as_for_one(
    as_alice, stripe_double, having, invoiced, django_assert_max_num_queries
):
    having()
    with django_assert_max_num_queries(20) as few:
        as_alice.get(OVERVIEW)
    count = len(few)
    invoiced(60)
    with django_assert_max_num_queries(count):
        as_alice.get(OVERVIEW)


def test_what_a_smaller_plan_does_not_hold_is_listed(
    as_alice, stripe_double, having, cast
):
    having()
    with no_context(), tenant(cast.acme, cast.alice):
        type(cast.acme).objects.filter(pk=cast.acme.pk).update(
            limit_overrides={"members": 2}
        )
        cast.acme.refresh_from_db()
    text = as_alice.get(page("subscription_cancel")).text
    assert "This is more than Free holds" in text
    assert "Seats: 4, and Free holds 2" in text


@given(
    cents=st.integers(-(10**12), 10**12),
    currency=st.sampled_from(["eur", "usd", "jpy"]),
)
def test_an_amount_can_be_read_back(cents, currency):
    for exact in (True, False):
        text = money(cents, currency, exact=exact)
        digits = "".join(each for each in text if each.isdigit())
        whole = int(digits) if "." in text else int(digits) * 100
        assert whole == abs(cents)
        assert text.startswith("-") == (cents < 0)


@pytest.mark.parametrize(
    ("cents", "exact", "words"),
    [
        (0, False, "€0"),
        (1900, False, "€19"),
        (1900, True, "€19.00"),
        (1983, False, "€19.83"),
        (123_456_789, True, "€1,234,567.89"),
        (-50, False, "-€0.50"),
    ],
)
def test_amounts_are_written_as_people_write_them(cents, exact, words):
    assert money(cents, "eur", exact=exact) == words
