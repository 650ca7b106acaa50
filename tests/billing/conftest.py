"""A double of Stripe of each test's own, with the acts of a buyer."""

from typing import Any

import pytest
import stripe
from django.test import Client

from billing.fakestripe.client import FakeHTTPClient
from billing.fakestripe.delivering import Post
from billing.fakestripe.world import FakeStripe

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


@pytest.fixture
def stripe_double(tmp_path, settings) -> StripeDouble:
    """A double with an empty file, whose clock runs with ours until it is moved."""
    settings.BILLING_DOUBLE = str(tmp_path / "fakestripe.sqlite3")
    settings.BILLING_DOUBLE_DELIVERS_TO = ""
    settings.STRIPE_SECRET_KEY = ""
    settings.STRIPE_WEBHOOK_SECRET = SECRET
    return StripeDouble(settings.BILLING_DOUBLE)
