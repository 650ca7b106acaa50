"""What we need at Stripe before anybody buys: prices, an endpoint, a portal."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.urls import reverse

from billing import gateway, storefront
from billing.intake.kinds import WANTED
from billing.models import Plan
from billing.publishing import publish_prices


def equip() -> Iterator[str]:
    """Make what is missing at Stripe, and yield what was done; staff only."""
    for plan in Plan.objects.order_by("rank"):
        yield from publish_prices(plan)
    if not settings.BILLING_DOUBLE:
        yield from equip_endpoint()
    if not gateway.our_portal():
        storefront.create_portal(back=f"{settings.BASE_URL}/billing/")
        yield "a portal for cards, addresses and invoices"


def equip_endpoint() -> Iterator[str]:
    """Have the events we use sent to us; yield the secret that proves them."""
    there = our_endpoint()
    if there is None:
        made = storefront.create_endpoint(
            url=address(), events=WANTED, version=settings.STRIPE_API_VERSION
        )
        yield f"an endpoint for events, {address()}"
        yield f"Set STRIPE_WEBHOOK_SECRET to {made['secret']} (it is told only once)."
    elif not hears_all(there):
        storefront.update_endpoint(there["id"], events=WANTED)
        yield f"the endpoint {address()} is told of all events we use"


def our_endpoint() -> dict[str, Any] | None:
    """Return the endpoint at Stripe that leads here, in our version of its words."""
    for each in storefront.endpoints():
        version = each.get("api_version")
        if each["url"] == address() and version == settings.STRIPE_API_VERSION:
            return each
    return None


def hears_all(endpoint: dict[str, Any]) -> bool:
    wanted = {"*"} & set(endpoint["enabled_events"]) or set(WANTED)
    return endpoint["status"] == "enabled" and wanted <= set(endpoint["enabled_events"])


def address() -> str:
    """Return where Stripe reaches us."""
    return f"{settings.BASE_URL.rstrip('/')}{reverse('intake:stripe_event')}"
