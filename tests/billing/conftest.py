"""A double of Stripe of each test's own, with the acts of a buyer."""

import logging
import shutil
from typing import Any
from urllib.parse import urlsplit

import pytest
import stripe
from django.db import connections
from django.test import Client, override_settings
from django.urls import reverse

from billing.fakestripe.client import FakeHTTPClient
from billing.fakestripe.delivering import Post
from billing.fakestripe.world import FakeStripe
from billing.models import Interval, Plan, Price, Subscription
from organizations.models import Organization
from organizations.tenancy import no_context, operator, tenant
from organizations.tenancy.models import uuid7

KEY = "sk_test_" + "x" * 24
SECRET = "whsec_of_the_tests"
EVENTS = "/billing/stripe/events/"
OVERVIEW = "/billing/"


class StripeDouble(FakeStripe):
    """The double, and what tests do with it."""

    def __init__(self, path: Any) -> None:
        super().__init__(path)
        self.api = stripe.StripeClient(
            KEY, http_client=FakeHTTPClient(), stripe_version="2026-05-27.dahlia"
        ).v1

    def deliver(self, to: Client | Post) -> int:
        """Hand the events that wait to a client's server; return how many it took."""
        if not isinstance(to, Client):
            return super().deliver(to)

        def post(body: bytes, headers: dict[str, str]) -> int:
            kind = "application/json"
            return to.post(EVENTS, body, kind, headers=headers).status_code

        return super().deliver(post)


@pytest.fixture(scope="session")
def price_list(django_db_setup, django_db_blocker, tmp_path_factory) -> Any:
    """Put the plans on sale once in a process; return the file of a double that knows.

    The rows stay, as those of migrations do.
    """
    path = tmp_path_factory.mktemp("price-list") / "fakestripe.sqlite3"
    with override_settings(BILLING_DOUBLE=path), django_db_blocker.unblock():
        api = StripeDouble(path).api
        with no_context(), operator(None, "price list of the tests"):
            Price.objects.all().delete()
            for plan in Plan.objects.filter(is_for_sale=True, monthly_cents__gt=0):
                product = api.products.create({"name": plan.name}).id
                for interval in Interval:
                    put_on_sale(api, plan, product, interval)
        connections["operator"].close()
    return path


def put_on_sale(api: Any, plan: Plan, product: str, interval: str) -> None:
    made = api.prices.create(
        {
            "product": product,
            "currency": "eur",
            "unit_amount": plan.cents(interval),
            "recurring": {"interval": interval},
            "lookup_key": f"insula_{plan.code}_{interval}",
        }
    )
    Price.objects.create(
        id=made.id,
        plan=plan,
        interval=interval,
        cents=plan.cents(interval),
        currency="eur",
    )


@pytest.fixture
def stripe_double(tmp_path, settings) -> StripeDouble:
    """A double with an empty file, whose clock runs with ours until it is moved."""
    # Two lines for each request would hide what a failing test says.
    logging.getLogger("stripe").setLevel(logging.WARNING)
    settings.BILLING_DOUBLE = str(tmp_path / "fakestripe.sqlite3")
    settings.BILLING_DOUBLE_DELIVERS_TO = ""
    settings.BILLING_ON = True
    settings.STRIPE_SECRET_KEY = KEY
    settings.STRIPE_WEBHOOK_SECRET = SECRET
    return StripeDouble(settings.BILLING_DOUBLE)


@pytest.fixture
def shop(price_list, stripe_double) -> StripeDouble:
    """A double that sells our plans."""
    shutil.copy(price_list, stripe_double.store.path)
    return stripe_double


def page(name, *args):
    return reverse(f"billing:{name}", args=args)


@pytest.fixture
def inside(cast):
    """Return a call that asks something inside Acme."""

    def ask(question):
        with no_context(), tenant(cast.acme, cast.alice):
            return question()

    return ask


@pytest.fixture
def row(inside):
    return lambda: inside(lambda: Subscription.objects.select_related("plan").get())


@pytest.fixture
def acme_now(inside, cast):
    return lambda: inside(lambda: Organization.objects.get(pk=cast.acme.pk))


def choice(interval="month", **values):
    return {"interval": interval, "sent_as": str(uuid7()), **values}


def session_in(answer):
    return urlsplit(answer["Location"]).path.rstrip("/").rpartition("/")[2]


@pytest.fixture
def bought(as_alice, shop):
    """Return a call that buys a plan and comes back from paying."""

    def buy(plan="pro", interval="month", card="4242424242424242"):
        answer = as_alice.post(page("plan_buy", plan), choice(interval))
        assert answer.status_code == 302, answer.content
        session = session_in(answer)
        shop.pay(session, card)
        back = as_alice.get(f"{page('confirm')}?session={session}")
        assert back.status_code == 302
        assert back["Location"] == OVERVIEW
        return session

    return buy


@pytest.fixture
def paid(as_alice, bought, shop):
    """Return a call that buys a plan and lets its trial pass."""

    def buy(plan="pro", **how):
        bought(plan, **how)
        shop.advance(days=15)
        as_alice.get(page("confirm"))

    return buy
