from datetime import timedelta

import pytest
from django.utils import timezone

from billing import figures
from billing.models import Plan, Subscription
from organizations import flows
from organizations.models import Organization
from tests.billing.paid import change, invoiced, paid
from tests.operator.conftest import CONSOLE, address
from tests.operator.test_rights import helper  # noqa: F401

pytestmark = CONSOLE


def days(number):
    return timezone.now() + timedelta(days=number)


@pytest.fixture
def more(cast):
    """Make further organizations, one for each name."""

    def make(*names):
        return [
            flows.create_organization(
                user=cast.nora, name=name, slug=name.lower(), task_prefix=name.upper()
            )
            for name in names
        ]

    return make


@pytest.fixture
def told(look):
    return lambda: look(figures.figures)


@pytest.fixture
def planned(look):
    """Read the table by plan, by the plan's code."""
    return lambda: {row["plan"].code: row for row in look(figures.by_plan)}


# cap 53
def test_monthly_revenue_is_what_is_paid_each_month(cast, more, told):
    one, two, three = more("One", "Two", "Three")
    paid(cast.acme, seats=4, cents=1900)
    paid(cast.globex, seats=3, cents=9000, interval="year", plan="starter")
    paid(one, status="past_due", seats=1, cents=900, past_due_since=days(-1))
    paid(two, seats=1, cents=19_001, interval="year")
    paid(three, seats=1, cents=1)
    # 76.00 + 22.50 + 9.00 + 15.834 + 0.01, rounded once.
    assert told().mrr_cents == round(7600 + 2250 + 900 + 19_001 / 12 + 1)
    assert told().paying == 5


@pytest.mark.parametrize(
    "values",
    [
        {"status": "trialing", "trial_end": days(3)},
        {"status": "unpaid", "past_due_since": days(-20)},
        {"status": "canceled", "ended_at": days(-2)},
        {"status": "paused"},
        {"status": "incomplete"},
        {"is_comped": True, "cents": 0},
        {"currency": "usd"},
        {"cents": 0},
    ],
)
def test_what_brings_nothing_is_no_revenue(cast, told, values):
    paid(cast.acme, **values)
    found = told()
    assert (found.mrr_cents, found.paying) == (0, 0)


def test_deleted_organizations_bring_nothing(cast, told, look):
    paid(cast.acme)
    paid(cast.globex)
    gone = Organization.objects.filter(pk=cast.acme.pk)
    look(lambda: gone.update(deleted_at=timezone.now()))
    assert told().mrr_cents == 7600


@pytest.mark.parametrize(
    ("row", "cents"),
    [
        ({"cents": 1900, "seats": 4}, 7600),
        ({"cents": 19_000, "seats": 1, "interval": "year"}, 1583),
        ({"cents": 0, "seats": 9}, 0),
    ],
)
def test_one_row_brings_its_part(row, cents):
    assert figures.monthly(Subscription(**row)) == cents


def test_trials_are_counted_and_those_that_end_within_a_week(cast, more, told):
    one, two = more("One", "Two")
    for organization, left in ((cast.acme, 2), (cast.globex, 7), (one, 8)):
        paid(organization, status="trialing", trial_end=days(left - 0.01))
    paid(two)
    assert (told().trials, told().trials_ending) == (3, 2)


def test_conversion_is_of_trials_that_ended_in_ninety_days(cast, more, told):
    one, two, three, four = more("One", "Two", "Three", "Four")
    paid(cast.acme, trial_end=days(-80))
    paid(cast.globex, status="past_due", trial_end=days(-1), past_due_since=days(0))
    paid(one, status="canceled", trial_end=days(-30), ended_at=days(-30))
    paid(two, trial_end=days(-91))
    paid(three, status="trialing", trial_end=days(1))
    paid(four, status="canceled", trial_end=days(-10), ended_at=days(-1))
    found = told().converted
    assert (found.part, found.whole, found.percent) == (2, 4, 50.0)


def test_churn_is_of_those_who_paid_thirty_days_ago(cast, more, told):
    one, two, three, four = more("One", "Two", "Three", "Four")
    long_ago = {"status": "paid", "issued_at": days(-60)}
    for organization in (cast.acme, cast.globex, one, two):
        invoiced(organization, **long_ago)
    invoiced(three, status="paid", issued_at=days(-5))
    invoiced(four, status="open", issued_at=days(-60))
    paid(cast.acme)
    paid(cast.globex, status="canceled", ended_at=days(-3))
    paid(one, status="canceled", ended_at=days(-40))
    paid(two, status="unpaid", past_due_since=days(-20))
    paid(three, status="canceled", ended_at=days(-2))
    paid(four, status="canceled", ended_at=days(-2))
    found = told().churned
    assert (found.part, found.whole) == (1, 3)


def test_a_trial_that_cost_nothing_is_no_churn(cast, told):
    invoiced(cast.acme, status="paid", total_cents=0, issued_at=days(-45))
    paid(cast.acme, status="canceled", ended_at=days(-20), trial_end=days(-20))
    assert told().churned == figures.Share(0, 0)


def test_late_payments_are_counted_with_what_is_open(cast, more, told):
    (one,) = more("One")
    paid(cast.acme, status="past_due", past_due_since=days(-3))
    paid(cast.globex, status="unpaid", past_due_since=days(-20))
    paid(one)
    invoiced(cast.acme, total_cents=7600, paid_cents=600)
    invoiced(cast.acme, stripe_id="in_paid", status="paid", total_cents=7600)
    invoiced(cast.globex, total_cents=1000)
    invoiced(cast.globex, stripe_id="in_void", status="void", total_cents=5000)
    invoiced(one, total_cents=9999)
    assert (told().late, told().late_cents) == (2, 8000)


def test_without_any_row_every_figure_is_nothing(cast, told):
    nothing = figures.Share(0, 0)
    assert told() == figures.Figures(0, 0, 0, 0, nothing, nothing, 0, 0, 0)
    assert nothing.percent is None


def test_each_plan_shows_who_is_on_it_and_what_it_brings(cast, more, planned):
    one, two, _three = more("One", "Two", "Three")
    paid(cast.acme, seats=4, cents=1900)
    paid(cast.globex, seats=2, cents=19_000, interval="year")
    paid(one, status="trialing", trial_end=days(3), plan="starter", cents=900)
    paid(two, is_comped=True, cents=0, stripe_subscription_id="")
    found = planned()
    assert list(found) == ["free", "starter", "pro", "enterprise"]
    pro = found["pro"]
    assert (pro["organizations"], pro["paying"], pro["seats"]) == (3, 2, 6)
    assert (pro["comped"], pro["trials"]) == (1, 0)
    assert pro["year"] == 12 * 7600 + 38_000
    assert (found["starter"]["trials"], found["starter"]["year"]) == (1, 0)
    assert found["free"]["organizations"] == 1


def test_the_first_page_shows_the_money(as_olga, cast):
    paid(cast.acme)
    paid(cast.globex, status="past_due", past_due_since=days(-1), seats=1)
    invoiced(cast.globex)
    page = as_olga.get("/admin/")
    shown = {card["label"]: card for card in page.context["revenue"]["cards"]}
    assert shown["Monthly revenue"]["value"] == "€95"
    assert shown["Monthly revenue"]["detail"] == "2 paying"
    assert shown["Late payments"]["detail"] == "€76 open"
    assert shown["Churn"]["value"] == "–"
    text = page.content.decode()
    assert "€95" in text
    assert "Trials that pay" in text


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("Monthly revenue", {"Acme", "Globex"}),
        ("Late payments", {"Globex", "Two"}),
        ("Trials", {"One"}),
        ("Given by staff", {"Three"}),
    ],
)
def test_a_figure_leads_to_the_rows_it_counts(as_olga, cast, more, label, expected):
    one, two, three = more("One", "Two", "Three")
    paid(cast.acme)
    paid(cast.globex, status="past_due", past_due_since=days(-1))
    paid(one, status="trialing", trial_end=days(1))
    paid(two, status="unpaid", past_due_since=days(-1))
    paid(three, is_comped=True, cents=0, stripe_subscription_id="")
    cards = as_olga.get("/admin/").context["revenue"]["cards"]
    url = next(card["url"] for card in cards if card["label"] == label)
    listed = as_olga.get(url).context["cl"].result_list
    assert {str(row.organization) for row in listed} == expected


def test_staff_who_see_no_subscriptions_see_no_money(helper, cast):
    page = helper("view_organization").get("/admin/")
    assert page.context["revenue"] == {}
    assert "Monthly revenue" not in page.content.decode()


def test_figures_are_asked_over_all_organizations_in_few_statements(
    look, cast, django_assert_num_queries
):
    paid(cast.acme)
    with django_assert_num_queries(5, using="operator"):
        look(lambda: (figures.figures(), figures.by_plan()))


def test_members_see_no_figures(as_alice):
    assert as_alice.get("/admin/").status_code == 404


def test_a_list_shows_what_a_subscription_brings_a_month(as_olga, cast):
    paid(cast.acme, cents=19_000, seats=1, interval="year")
    change(cast.acme, next_plan=Plan.objects.get(code="starter"))
    page = as_olga.get(address(Subscription, "changelist")).content.decode()
    assert "€15.83" in page
