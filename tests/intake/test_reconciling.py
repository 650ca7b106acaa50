"""`billing_reconcile`: what our rows say against what Stripe does, and mending it."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from billing.intake.reconciling import repair_all
from billing.models import Invoice, Subscription
from organizations.audit.models import AuditEntry
from organizations.tenancy import no_context, tenant
from tests.conftest import signed_in_client
from tests.intake.conftest import outside


def reconcile(**options):
    """Return what the command says, and whether it ended well."""
    out = StringIO()
    try:
        call_command("billing_reconcile", stdout=out, **options)
    except CommandError as error:
        return f"{out.getvalue()}{error}", False
    return out.getvalue(), True


@pytest.fixture
def lost(double, client):
    """Return a call that lets all events that wait be lost."""

    def lose():
        double.deliver(lambda body, headers: 200)

    return lose


# cap 56
def test_rows_that_agree_are_told_so(paid, delivered, double):
    paid()
    delivered()
    assert reconcile() == ("Nothing differs.\n", True)


# cap 56
def test_an_event_that_never_came_is_seen_and_mended(
    bought, double, lost, row, inside, acme_now
):
    bought()
    double.advance(days=15)
    lost()
    said, is_well = reconcile()
    assert not is_well
    assert "acme: status is 'trialing', at Stripe 'active'" in said
    assert row().status == "trialing"
    said, is_well = reconcile(repair=True)
    assert is_well
    assert "(mended)" in said
    assert row().status == "active"
    assert reconcile() == ("Nothing differs.\n", True)


def test_mending_leaves_one_entry(paid, double, lost, row, inside):
    paid()
    double.api.subscriptions.update(
        row().stripe_subscription_id, {"cancel_at_period_end": True}
    )
    lost()
    before = inside(AuditEntry.objects.count)
    reconcile(repair=True)
    assert inside(AuditEntry.objects.count) == before + 1
    entry = inside(lambda: AuditEntry.objects.order_by("-sequence")[0])
    assert (entry.action, entry.actor_type) == ("subscription.changed", "system")
    assert "ends_at" in entry.after


def test_an_invoice_that_is_missing_is_seen(paid, double, inside):
    paid()
    inside(lambda: Invoice.objects.first().delete())
    said, is_well = reconcile()
    assert not is_well
    assert "is missing" in said
    reconcile(repair=True)
    assert reconcile()[1]


def test_only_one_organization_is_looked_at_if_asked(bought, double, lost):
    bought()
    double.advance(days=15)
    lost()
    assert "acme: " in reconcile(organization="acme")[0]
    said, is_well = reconcile(organization="globex")
    assert (said, is_well) == (
        "globex: there is no such customer\n1 things differ from Stripe.",
        False,
    )


def test_organizations_that_pay_nothing_are_not_asked_about(cast, double):
    assert reconcile() == ("Nothing differs.\n", True)


def test_what_is_nobodys_is_told_and_not_wrong(cast, double):
    stranger = double.api.customers.create({"email": "x@example.com"}).id
    said, is_well = reconcile()
    assert is_well
    assert f"-: {stranger} is no customer" in said


def test_a_strangers_subscription_is_told(cast, double, row, bought, inside):
    bought()
    subscription = row().stripe_subscription_id
    inside(lambda: Subscription.objects.all().delete())
    said, is_well = reconcile()
    assert is_well
    assert f"{subscription} of cus_" in said
    assert "is nobody's subscription" in said


def test_a_price_that_differs_from_its_plan_is_wrong(cast, double):
    price = double.api.prices.list({"lookup_keys": ["insula_pro_year"]}).data[0]
    double.api.prices.update(price.id, {"active": False})
    said, is_well = reconcile()
    assert not is_well
    assert "-: pro year: not at Stripe for what it costs here" in said


@pytest.fixture
def both(bought, sign_in, cast, double, row):
    """Two organizations that pay."""
    bought()
    from tests.billing.conftest import choice, page, session_in

    charlie = signed_in_client(cast.charlie, cast.globex.pk)
    answer = charlie.post(page("plan_buy", "pro"), choice())
    double.pay(session_in(answer))
    charlie.get(f"{page('confirm')}?session={session_in(answer)}")
    double.advance(days=15)
    double.deliver(lambda body, headers: 200)


def globex_row(cast):
    with no_context(), tenant(cast.globex, cast.charlie):
        return Subscription.objects.get()


def test_one_that_fails_does_not_stop_the_others(both, double, row, cast):
    with double.store.books() as books:
        books.connection.execute(
            "DELETE FROM objects WHERE id = ?", (row().stripe_customer_id,)
        )
    said, is_well = reconcile(repair=True)
    assert not is_well
    assert "acme: Refused: " in said
    assert globex_row(cast).status == "active"
    assert row().status == "trialing"


def test_each_is_mended_in_its_own_walls(both, row, cast):
    said, is_well = reconcile(repair=True)
    assert is_well
    assert "acme: status" in said
    assert "globex: status" in said
    assert row().status == globex_row(cast).status == "active"
    assert row().stripe_customer_id != globex_row(cast).stripe_customer_id


def test_while_stripe_is_away_it_says_so(both, settings):
    settings.BILLING_DOUBLE, settings.STRIPE_API_BASE = None, "http://127.0.0.1:9"
    said, is_well = reconcile()
    assert not is_well
    assert "acme: StripeAway" in said
    assert "-: StripeAway" in said


def test_every_night_what_differs_is_mended(both, row, cast):
    outside(repair_all)
    assert row().status == globex_row(cast).status == "active"


def test_without_payments_the_night_asks_nobody(both, row, settings):
    settings.BILLING_ON = False
    outside(repair_all)
    assert row().status == "trialing"


def test_the_clock_calls_both_jobs_every_night():
    from procrastinate.contrib.django import app

    names = {name for name, _id in app.periodic_registry.periodic_tasks}
    assert any(name.endswith("repair_all") for name in names)
    assert any(name.endswith("purge_old") for name in names)
