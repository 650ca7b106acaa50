"""`billing_setup`: what we need at Stripe, made once and then left alone."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from billing import gateway
from billing.intake import kinds
from billing.intake.equipping import equip_endpoint
from billing.models import Plan, Price
from billing.publishing import publish_prices, wrong_prices
from organizations.audit.models import PlatformEntry
from organizations.tenancy import no_context, operator
from tests.billing.conftest import KEY, SECRET, StripeDouble
from tests.operator.conftest import CONSOLE

pytestmark = CONSOLE
URL = "https://insula.example/billing/stripe/events/"


@pytest.fixture
def look(cast):
    def read(question):
        with no_context(), operator(cast.olga, reason="test"):
            return question()

    return read


@pytest.fixture(autouse=True)
def _price_list(cast, look):
    """Prices and plans outlive a test, as other rows of migrations do."""
    plans = look(lambda: list(Plan.objects.values()))
    prices = look(lambda: list(Price.objects.values()))
    look(lambda: Price.objects.all().delete())
    yield
    look(lambda: Price.objects.all().delete())
    for row in plans:
        look(lambda row=row: Plan.objects.filter(code=row["code"]).update(**row))
    look(lambda: Price.objects.bulk_create(Price(**row) for row in prices))


@pytest.fixture
def empty(tmp_path, settings):
    """A Stripe where nothing was ever made."""
    settings.BILLING_DOUBLE = str(tmp_path / "fakestripe.sqlite3")
    settings.BILLING_ON = True
    settings.STRIPE_SECRET_KEY = KEY
    settings.STRIPE_WEBHOOK_SECRET = SECRET
    settings.BASE_URL = "https://insula.example"
    return StripeDouble(settings.BILLING_DOUBLE)


def equip():
    """Do what the command does where Stripe is no double; return what it says."""
    return "\n".join(equip_endpoint())


def run(command="billing_setup", **options):
    out = StringIO()
    call_command(command, stdout=out, **options)
    return out.getvalue()


def current(look):
    rows = look(lambda: list(Price.objects.filter(is_current=True)))
    return {(row.plan_id, row.interval): row for row in rows}


# cap 57
def test_every_plan_that_costs_something_is_put_on_sale(empty, look):
    said = run()
    assert "pro month: a new price at Stripe" in said
    sold = current(look)
    assert set(sold) == {
        (plan, interval)
        for plan in ("starter", "pro")
        for interval in ("month", "year")
    }
    pro = sold["pro", "year"]
    assert (pro.cents, pro.currency) == (19_000, "eur")
    there = empty.get(pro.pk)
    assert there["lookup_key"] == "insula_pro_year"
    assert there["unit_amount"] == 19_000
    assert there["recurring"]["interval"] == "year"
    assert empty.get(there["product"])["name"] == "Pro"
    assert len(empty.every("product")) == 2


def test_the_second_time_changes_nothing_and_says_so(empty, look):
    run()
    events = len(empty.events())
    entries = look(PlatformEntry.objects.count)
    assert run() == "Everything is at Stripe already.\n"
    assert len(empty.events()) == events
    assert look(PlatformEntry.objects.count) == entries


def test_each_price_is_in_the_platforms_history(empty, look):
    run()
    told = look(lambda: list(PlatformEntry.objects.filter(action="price.published")))
    assert len(told) == 4
    assert {entry.target_label for entry in told} == {
        "pro month",
        "pro year",
        "starter month",
        "starter year",
    }
    assert all(entry.after["cents"] for entry in told)


def test_another_amount_is_another_price_and_the_old_one_stays_known(empty, look):
    run()
    before = current(look)["pro", "month"]

    def change():
        Plan.objects.filter(code="pro").update(monthly_cents=2_100)
        return publish_prices(Plan.objects.get(code="pro"))

    said = look(change)
    now = current(look)["pro", "month"]
    assert [line.partition(":")[0] for line in said] == ["pro month", "pro month"]
    assert (now.cents, now.pk) != (before.cents, before.pk)
    old = look(lambda: Price.objects.get(pk=before.pk))
    assert (old.is_current, old.cents, old.plan_id) == (False, 1_900, "pro")
    assert empty.get(before.pk)["lookup_key"] is None
    assert empty.get(before.pk)["product"] == empty.get(now.pk)["product"]
    assert current(look)["pro", "year"].cents == 19_000
    replaced = look(lambda: PlatformEntry.objects.get(action="price.replaced"))
    assert replaced.before["price"] == before.pk


def test_a_price_that_comes_back_is_a_new_one(empty, look):
    """Whoever pays the one of before keeps it; both have their history."""

    def change(cents):
        Plan.objects.filter(code="pro").update(monthly_cents=cents)
        publish_prices(Plan.objects.get(code="pro"))

    run()
    for cents in (2_100, 1_900):
        look(lambda cents=cents: change(cents))
    rows = look(lambda: Price.objects.filter(plan="pro", interval="month").count())
    assert rows == 3
    assert current(look)["pro", "month"].cents == 1_900


def test_a_plan_that_is_called_otherwise_is_so_on_invoices(empty, look):
    run()
    look(lambda: Plan.objects.filter(code="pro").update(name="Professional"))
    assert run() == "pro: called Professional\n"
    assert "Professional" in {product["name"] for product in empty.every("product")}


def test_a_plan_that_is_not_for_sale_any_more_has_no_current_price(empty, look):
    run()
    look(lambda: Plan.objects.filter(code="starter").update(is_for_sale=False))
    assert "starter month: withdrawn" in run()
    assert {plan for plan, _interval in current(look)} == {"pro"}
    assert look(lambda: Price.objects.filter(plan="starter").count()) == 2


def test_prices_that_are_at_stripe_already_are_taken_over(empty, look):
    """An installation whose database is new finds its price list again."""
    run()
    there = {row.pk for row in current(look).values()}
    look(lambda: Price.objects.all().delete())
    said = run()
    assert "a new price" not in said
    assert {row.pk for row in current(look).values()} == there


def test_another_currency_is_another_price(empty, look, settings):
    run()
    settings.BILLING_CURRENCY = "chf"
    run()
    assert {row.currency for row in current(look).values()} == {"chf"}


def test_wrong_prices_are_told(empty, look):
    assert len(look(wrong_prices)) == 4
    run()
    assert look(wrong_prices) == []
    look(lambda: Plan.objects.filter(code="pro").update(yearly_cents=1))
    assert look(wrong_prices) == ["pro year: not at Stripe for what it costs here"]
    run()
    look(lambda: Price.objects.filter(plan="pro").update(is_current=False))
    found = look(wrong_prices)
    assert len(found) == 2
    assert all("is not what is sold here" in line for line in found)


def test_a_double_needs_no_endpoint(empty):
    run()
    assert empty.every("webhook_endpoint") == []


def test_the_endpoint_is_made_once_and_its_secret_told(empty):
    said = equip()
    (endpoint,) = empty.every("webhook_endpoint")
    assert endpoint["url"] == URL
    assert endpoint["api_version"] == "2026-05-27.dahlia"
    assert endpoint["enabled_events"] == kinds.WANTED
    assert "Set STRIPE_WEBHOOK_SECRET to whsec_" in said
    assert "told only once" in said
    again = equip()
    assert again == ""
    assert len(empty.every("webhook_endpoint")) == 1


def test_an_endpoint_that_hears_too_little_is_told_more(empty):
    made = empty.api.webhook_endpoints.create(
        {
            "url": URL,
            "enabled_events": ["customer.created"],
            "api_version": "2026-05-27.dahlia",
        }
    )
    assert "is told of all events we use" in equip()
    assert empty.get(made.id)["enabled_events"] == kinds.WANTED


def test_an_endpoint_that_was_switched_off_is_switched_on(empty):
    equip()
    (endpoint,) = empty.every("webhook_endpoint")
    empty.api.webhook_endpoints.update(endpoint["id"], {"disabled": True})
    equip()
    assert empty.get(endpoint["id"])["status"] == "enabled"


def test_an_endpoint_in_another_version_of_stripes_words_is_not_ours(empty):
    empty.api.webhook_endpoints.create(
        {"url": URL, "enabled_events": ["*"], "api_version": "2020-08-27"}
    )
    assert "an endpoint for events" in equip()
    assert len(empty.every("webhook_endpoint")) == 2


def test_the_portal_is_made_once(empty):
    run()
    run()
    (portal,) = empty.every("billing_portal.configuration")
    features = portal["features"]
    assert features["payment_method_update"]["enabled"] is True
    assert features["subscription_cancel"]["enabled"] is False


def test_people_are_sent_to_the_portal_that_was_made(empty):
    """Before there is one Stripe's own has to do."""
    customer = empty.api.customers.create({"email": "x@example.com"}).id
    gateway.open_portal(customer=customer, back="https://insula.example/")
    run()
    gateway.open_portal(customer=customer, back="https://insula.example/")
    after, before = empty.every("billing_portal.session")
    (ours,) = empty.every(
        "billing_portal.configuration", id=gateway.our_portal(), active=True
    )
    assert after["configuration"] == ours["id"]
    assert before["configuration"] != ours["id"]


def test_without_a_key_there_is_nobody_to_ask(db, settings):
    settings.BILLING_ON = False
    for command in ("billing_setup", "billing_reconcile"):
        with pytest.raises(CommandError, match="Set STRIPE_SECRET_KEY"):
            call_command(command)


def test_without_the_operator_no_price_is_written(empty, settings):
    settings.HAS_CONSOLE = False
    with pytest.raises(CommandError, match="Set DATABASE_OPERATOR_URL"):
        run()
    assert empty.every("price") == []


def test_it_says_what_stripe_said(empty, settings):
    settings.BILLING_DOUBLE, settings.STRIPE_API_BASE = None, "http://127.0.0.1:9"
    with pytest.raises(CommandError, match="Stripe said"):
        run()


def test_a_newcomers_double_sells_the_plans(empty, settings, look, tmp_path):
    """`make setup` and `make run` tell the story and leave a checkout that works."""
    settings.DEBUG = True
    assert run("seed", if_empty=True) == ""
    assert len(current(look)) == 4
    settings.BILLING_DOUBLE = str(tmp_path / "another.sqlite3")
    run("seed", if_empty=True)
    sold = current(look)
    assert len(sold) == 4
    assert StripeDouble(settings.BILLING_DOUBLE).get(sold["pro", "month"].pk)
