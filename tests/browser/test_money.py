"""From the free plan to the end of a paid one, in a real browser, at the double."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from django.test import Client
from django.urls import include, path

from config.urls import urlpatterns as house
from organizations.tenancy import no_context, tenant
from tests.billing.conftest import (  # noqa: F401
    acme_now,
    inside,
    price_list,
    row,
    shop,
    stripe_double,
)
from tests.browser.test_endings import look_of, looks, sound
from tests.browser.test_first_day import sign_in
from tests.conftest import join

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "operator"])
both_ways = pytest.mark.parametrize("scripts", [True, False], indirect=True)
with_scripts = pytest.mark.parametrize("scripts", [True], indirect=True)
handler404 = "config.errors.not_found"
urlpatterns = [*house, path("fakestripe/", include("billing.fakestripe.urls"))]


@pytest.fixture
def stripe(shop, settings, run_jobs):
    """The double with its pages, and a call by which its word arrives."""
    settings.ROOT_URLCONF = __name__

    def work():
        run_jobs()
        connections.close_all()

    def arrive(**later):
        if later:
            shop.advance(**later)
        shop.deliver(Client())
        # The browser keeps an event loop in this thread, and the worker wants its own.
        with ThreadPoolExecutor(1) as other:
            other.submit(work).result()

    shop.arrive = arrive
    return shop


def seen(visitor, words):
    """Wait until a page says something."""
    visitor.page.get_by_text(words).first.wait_for()


# cap 47, 48, 49, 50, 51, 52, 53, 56
@both_ways
def test_a_plan_from_its_trial_to_its_end(
    visit,
    cast,
    stripe,
    row,
    acme_now,
    scripts,
):
    alice = visit()
    sign_in(alice, cast.alice)
    alice.go("/billing/")
    seen(alice, "Free plan")
    alice.go("/billing/plans/pro/")
    sound(alice, scripts)
    alice.press("Go on")
    seen(alice, "no money moves")
    sound(alice, scripts)
    alice.page.get_by_label("4242 4242 4242 4242 pays").check()
    alice.press("Start trial")
    seen(alice, "You try Pro until")
    assert (row().status, acme_now().plan) == ("trialing", "pro")
    sound(alice, scripts)

    stripe.arrive(days=15)
    alice.go("/billing/")
    seen(alice, "€19 × 4 seats = €76")
    seen(alice, "Paid")
    assert row().status == "active"

    join(cast.acme, cast.nora, "member")
    stripe.arrive()
    stripe.arrive()
    alice.go("/billing/")
    seen(alice, "€19 × 5 seats = €95")

    alice.press("Payment details")
    seen(alice, "Payment method")
    sound(alice, scripts)
    alice.press("Return", "link")
    seen(alice, "Pro plan")

    alice.press("Cancel plan", "link")
    seen(alice, "Cancel Pro?")
    sound(alice, scripts)
    alice.press("Cancel Pro")
    seen(alice, "Pro ends on")
    sound(alice, scripts)
    assert row().cancel_at_period_end

    stripe.arrive(days=32)
    alice.go("/billing/")
    seen(alice, "Free plan")
    seen(alice, "Pro ended on")
    assert (row().status, acme_now().plan) == ("canceled", "free")
    sound(alice, scripts)


@with_scripts
def test_a_declined_card_is_told_and_mended(
    visit,
    cast,
    stripe,
    row,
    scripts,
):
    alice = visit(**look_of("dark", 390))
    sign_in(alice, cast.alice)
    alice.go("/billing/plans/starter/")
    alice.press("Go on")
    alice.page.get_by_label("4242 4242 4242 4242 pays").check()
    alice.press("Start trial")
    seen(alice, "You try Starter until")
    with no_context(), tenant(cast.acme, cast.alice):
        stripe.decline_next(row().stripe_customer_id)
    stripe.arrive(days=15)
    alice.go("/billing/")
    seen(alice, "was declined")
    sound(alice, scripts)
    assert row().display_status == "past_due"
    stripe.arrive(days=4)
    alice.go("/billing/")
    assert row().status == "active"


@looks
@with_scripts
def test_prices_are_read_on_any_screen(visit, db, scripts, scheme, width):
    somebody = visit(**look_of(scheme, width))
    somebody.go("/pricing/")
    seen(somebody, "What it costs")
    sound(somebody, scripts)
    somebody.press("Yearly", "link")
    seen(somebody, "paid yearly")
    sound(somebody, scripts)
