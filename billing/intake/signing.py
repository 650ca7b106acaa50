"""Whether a request is Stripe's: nothing of it is kept or believed before."""

import json
import re
from typing import Any, Final

import stripe
from django.conf import settings
from django.http import HttpRequest

SECONDS: Final = 300
NAME: Final = re.compile(r"evt_\w{1,200}")


class NotStripe(Exception):
    """A request that Stripe did not send, or not just now, or not to us."""


def received(request: HttpRequest) -> dict[str, Any]:
    """Return the event that a request brings; NotStripe when it is none of Stripe's."""
    body = request.body
    if not is_signed(body, request.headers.get("Stripe-Signature", "")):
        raise NotStripe("The signature is missing, wrong or too old.")
    event = parsed(body)
    if not has_shape(event):
        raise NotStripe("The body is no event.")
    if event["livemode"] is not settings.STRIPE_LIVE_MODE:
        raise NotStripe("Test events and live ones have endpoints of their own.")
    return event


def is_signed(body: bytes, header: str) -> bool:
    """Whether a body was signed with one of our secrets within the last minutes.

    There are two for as long as one is being replaced by the other.
    """
    return any(
        fits(body, header, secret)
        for secret in settings.STRIPE_WEBHOOK_SECRET.split(",")
        if secret.strip()
    )


def fits(body: bytes, header: str, secret: str) -> bool:
    try:
        stripe.WebhookSignature.verify_header(body, header, secret.strip(), SECONDS)
    except (stripe.SignatureVerificationError, ValueError, TypeError, OverflowError):
        # Bytes that are no text, and numbers that are none.
        return False
    return True


def parsed(body: bytes) -> Any:
    try:
        return storable(json.loads(body))
    except (ValueError, RecursionError):
        return None


def storable(value: Any) -> Any:
    """Return a value without the characters that the database's JSON refuses."""
    if isinstance(value, str):
        return value.replace("\0", "").encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {storable(key): storable(each) for key, each in value.items()}
    if isinstance(value, list):
        return [storable(each) for each in value]
    return value


def has_shape(event: Any) -> bool:
    """Whether an event has all that is read before it is applied."""
    return (
        isinstance(event, dict)
        and isinstance(event.get("id"), str)
        and bool(NAME.fullmatch(event["id"]))
        and isinstance(event.get("type"), str)
        and len(event["type"]) <= 100
        and type(event.get("created")) is int
        and 0 <= event["created"] < 2**32
        and isinstance(event.get("livemode"), bool)
    )
