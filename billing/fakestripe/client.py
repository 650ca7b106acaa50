"""What the stripe package speaks to in the place of the network."""

import json
from collections.abc import Mapping
from typing import Any

import stripe

from billing.fakestripe.events import API_VERSION
from billing.fakestripe.things import new_id
from billing.fakestripe.world import current


class FakeHTTPClient(stripe.HTTPClient):
    """A client that answers in the same process; nothing leaves it."""

    name = "double"

    def request(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None,
        post_data: Any = None,
        *,
        _usage: list[str] | None = None,
    ) -> tuple[str, int, Mapping[str, str]]:
        """Answer one request."""
        sent = {name.lower(): value for name, value in (headers or {}).items()}
        key = sent.get("idempotency-key")
        double = current()
        if not double.speaks():
            raise stripe.APIConnectionError("The double is silent.")
        status, body = double.answer(method.upper(), url, post_data, key)
        told = {
            "Request-Id": new_id("req", 14),
            "Stripe-Version": sent.get("stripe-version", API_VERSION),
        }
        return json.dumps(body), status, told

    def close(self) -> None:
        """Leave nothing open: there is nothing."""
