"""A double of Stripe of each test's own, with the acts of a buyer."""

import shutil
from typing import Any

import pytest
import stripe
from django.db import connections
from django.test import Client, override_settings

from billing.fakestripe.client import FakeHTTPClient
from billing.fakestripe.delivering import Post
from billing.fakestripe.world import FakeStripe
from billing.models import Interval, Plan, Price
from organizations.tenancy import no_context, operator

KEY = "sk_test_" + "x" * 24
SECRET = "whsec_of_the_tests"
EVENTS = "/billing/stripe/events/"


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
def stripe_double(price_list, tmp_path, settings) -> StripeDouble:
    """A double that sells our plans, whose clock runs with ours until it is moved."""
    settings.BILLING_DOUBLE = str(tmp_path / "fakestripe.sqlite3")
    shutil.copy(price_list, settings.BILLING_DOUBLE)
    settings.BILLING_DOUBLE_DELIVERS_TO = ""
    settings.BILLING_ON = True
    settings.STRIPE_SECRET_KEY = KEY
    settings.STRIPE_WEBHOOK_SECRET = SECRET
    return StripeDouble(settings.BILLING_DOUBLE)
