"""Every call to Stripe that is about what we sell, and not about a customer."""

from typing import Any, Final

from billing.gateway import MADE_BY, MOST, answering, client, keyed
from organizations.tenancy.models import uuid7

# What people do at Stripe by themselves; the rest has pages of ours.
PORTAL: Final[dict[str, Any]] = {
    "customer_update": {"enabled": True, "allowed_updates": ["address", "email"]},
    "invoice_history": {"enabled": True},
    "payment_method_update": {"enabled": True},
    "subscription_cancel": {"enabled": False},
    "subscription_update": {"enabled": False},
}


def create_product(*, code: str, name: str) -> dict[str, Any]:
    """Make what a plan is called at Stripe; asked again at once it is the same one."""
    params: Any = {"name": name, "metadata": {"plan": code}}
    with answering():
        made = client().v1.products.create(params, keyed("product", f"{code}-{name}"))
    return made.to_dict()


def product(key: str) -> dict[str, Any]:
    with answering():
        return client().v1.products.retrieve(key).to_dict()


def update_product(key: str, *, name: str) -> None:
    with answering():
        client().v1.products.update(key, {"name": name})


def prices_of(lookup_keys: list[str]) -> list[dict[str, Any]]:
    """Return the prices that have one of these names now."""
    params: Any = {"lookup_keys": lookup_keys, "limit": MOST}
    with answering():
        return [each.to_dict() for each in client().v1.prices.list(params).data]


def create_price(
    *, product: str, lookup_key: str, cents: int, currency: str, interval: str
) -> dict[str, Any]:
    """Make a price, which takes its name from the one that had it."""
    params: Any = {
        "product": product,
        "currency": currency,
        "unit_amount": cents,
        "recurring": {"interval": interval},
        "lookup_key": lookup_key,
        "transfer_lookup_key": True,
    }
    with answering():
        return client().v1.prices.create(params, keyed("price", uuid7())).to_dict()


def endpoints() -> list[dict[str, Any]]:
    """Return the addresses that are told of events."""
    params: Any = {"limit": MOST}
    with answering():
        found = client().v1.webhook_endpoints.list(params)
        return [each.to_dict() for each in found.auto_paging_iter()]


def create_endpoint(*, url: str, events: list[str], version: str) -> dict[str, Any]:
    """Have events sent to us; the answer is the only one that holds their secret."""
    params: Any = {
        "url": url,
        "enabled_events": events,
        "api_version": version,
        "description": "Insula",
    }
    with answering():
        made = client().v1.webhook_endpoints.create(params, keyed("endpoint", uuid7()))
    return made.to_dict()


def update_endpoint(key: str, *, events: list[str]) -> None:
    params: Any = {"enabled_events": events, "disabled": False}
    with answering():
        client().v1.webhook_endpoints.update(key, params)


def create_portal(*, back: str) -> None:
    params: Any = {
        "features": PORTAL,
        "default_return_url": back,
        "metadata": {"made_by": MADE_BY},
    }
    with answering():
        client().v1.billing_portal.configurations.create(params)


def all_subscriptions() -> list[dict[str, Any]]:
    """Return every subscription that lives, of whichever customer."""
    params: Any = {"limit": MOST}
    with answering():
        found = client().v1.subscriptions.list(params)
        return [each.to_dict() for each in found.auto_paging_iter()]


def all_customers() -> list[dict[str, Any]]:
    """Return every customer."""
    params: Any = {"limit": MOST}
    with answering():
        found = client().v1.customers.list(params)
        return [each.to_dict() for each in found.auto_paging_iter()]
