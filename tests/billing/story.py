"""A story of money in which everything the double has comes up once."""

from types import SimpleNamespace
from typing import Any

from billing.fakestripe.cards import FAILS_LATER

KINDS = (
    "billing_portal.configuration",
    "billing_portal.session",
    "charge",
    "checkout.session",
    "customer",
    "invoice",
    "invoice_payment",
    "invoiceitem",
    "payment_intent",
    "payment_method",
    "price",
    "product",
    "refund",
    "subscription",
    "subscription_schedule",
    "webhook_endpoint",
)
BACK = {
    "success_url": "https://insula.example/back/?session={CHECKOUT_SESSION_ID}",
    "cancel_url": "https://insula.example/away/",
}


def catalog(double: Any, **amounts: int) -> SimpleNamespace:
    """Make a product and a monthly price for each amount, by its name."""
    found = {}
    for name, amount in (amounts or {"starter": 1200, "pro": 1900}).items():
        product = double.api.products.create({"name": name.title()})
        found[name] = price(double, product.id, amount, lookup_key=f"{name}_month")
    return SimpleNamespace(**found)


def price(
    double: Any, product: str, amount: int, interval: str = "month", **more: Any
) -> str:
    made = double.api.prices.create(
        {
            "product": product,
            "currency": "eur",
            "unit_amount": amount,
            "recurring": {"interval": interval},
            **more,
        }
    )
    return made.id


def customer(double: Any, email: str = "office@acme.example", **more: Any) -> str:
    return double.api.customers.create({"email": email, "name": "Acme", **more}).id


def checkout(double: Any, who: str, price_: str, quantity: int = 1, **more: Any) -> Any:
    lines = [{"price": price_, "quantity": quantity}]
    body = {
        "mode": "subscription",
        "customer": who,
        "line_items": lines,
        **BACK,
        **more,
    }
    return double.api.checkout.sessions.create(body)


def subscribed(
    double: Any,
    price_: str,
    quantity: int = 1,
    card: str = "4242424242424242",
    **more: Any,
) -> Any:
    """Take a new customer through checkout; return the subscription."""
    session = checkout(double, customer(double), price_, quantity, **more)
    done = double.pay(session.id, card)
    return double.api.subscriptions.retrieve(done["subscription"])


def item_of(subscription: Any) -> str:
    return subscription["items"].data[0].id


def change(double: Any, subscription: Any, **more: Any) -> Any:
    """Change the one item of a subscription: its price, its quantity, how it is billed."""
    wanted = {name: more.pop(name) for name in ("price", "quantity") if name in more}
    body = {"items": [{"id": item_of(subscription), **wanted}], **more}
    return double.api.subscriptions.update(subscription.id, body)


def lines(invoice: Any) -> list[tuple[str, int]]:
    return [(line.description, line.amount) for line in invoice.lines.data]


def latest(double: Any, subscription: Any) -> Any:
    again = double.api.subscriptions.retrieve(subscription.id)
    return double.api.invoices.retrieve(again.latest_invoice)


def schedule(double: Any, subscription: Any, price_: str, quantity: int = 1) -> Any:
    """Let a subscription change to another price when its period ends."""
    api = double.api.subscription_schedules
    made = api.create({"from_subscription": subscription.id})
    now = made.phases[0]
    same = [{"price": one.price, "quantity": one.quantity} for one in now["items"]]
    phases = [
        {"items": same, "start_date": now.start_date, "end_date": now.end_date},
        {"items": [{"price": price_, "quantity": quantity}]},
    ]
    return api.update(made.id, {"phases": phases, "end_behavior": "release"})


def tell(double: Any) -> None:
    """Let everything happen once."""
    api = double.api
    prices = catalog(double)
    api.webhook_endpoints.create(
        {"url": "https://insula.example/", "enabled_events": ["*"]}
    )
    live = subscribed(double, prices.starter, 3)
    double.advance(days=10)
    change(double, live, price=prices.pro, proration_behavior="always_invoice")
    change(double, live, quantity=4)
    double.refund(latest(double, live).id, 100)
    schedule(double, live, prices.starter)
    trial = {"subscription_data": {"trial_period_days": 14}}
    subscribed(double, prices.pro, **trial)
    late = subscribed(double, prices.pro)
    method = api.payment_methods.attach(
        "pm_card_chargeCustomerFail", {"customer": late.customer}
    )
    api.subscriptions.update(late.id, {"default_payment_method": method.id})
    gone = subscribed(double, prices.pro)
    api.subscriptions.update(gone.id, {"cancel_at_period_end": True})
    expired = checkout(double, customer(double), prices.pro)
    api.checkout.sessions.expire(expired.id)
    api.billing_portal.sessions.create({"customer": live.customer})
    api.payment_methods.detach(
        api.payment_methods.attach("pm_card_visa", {"customer": live.customer}).id
    )
    api.products.update(double.every("product")[0]["id"], {"description": "More"})
    api.prices.update(prices.pro, {"nickname": "Pro, monthly"})
    double.advance(days=75)
    assert api.subscriptions.retrieve(late.id).status == "unpaid"
    api.customers.delete(customer(double, "gone@acme.example"))
    assert FAILS_LATER.endswith(method.card.last4)
