"""Our price list at Stripe: plans as products, and what they cost as prices."""

from collections.abc import Iterator
from typing import Any, Final

from django.conf import settings
from django.db import transaction

from billing import storefront
from billing.models import Interval, Plan, Price
from organizations.audit.recording import record, using

PREFIX: Final = "insula"


def publish_prices(plan: Plan) -> list[str]:
    """Bring what a plan costs to Stripe, and return what was changed.

    Staff only, for prices are everybody's. A price never changes at Stripe: another
    takes its place, and whoever pays the old one goes on doing so.
    """
    if plan.is_free or not plan.is_for_sale:
        return withdraw(plan)
    found = prices_at_stripe(plan)
    told = product_of(plan, found)
    return list(name_product(plan, told)) + [
        said
        for interval in Interval
        for said in publish(plan, interval, found.get(interval), told["id"])
    ]


def withdraw(plan: Plan) -> list[str]:
    """Sell a plan no longer; whoever has it keeps what they pay."""
    with transaction.atomic(using=using()):
        rows = list(Price.objects.filter(plan=plan, is_current=True))
        for row in rows:
            replace(row)
    return [f"{plan.code} {row.interval}: withdrawn" for row in rows]


def replace(row: Price) -> None:
    row.is_current = False
    row.save(update_fields=["is_current"])
    record("price.replaced", row, before=described(row))


def publish(
    plan: Plan, interval: str, there: dict[str, Any] | None, product: str
) -> Iterator[str]:
    """Have one price at Stripe and in our rows; yield what was done."""
    if there is None or not fits(plan, interval, there):
        there = storefront.create_price(
            product=product,
            lookup_key=lookup_key(plan, interval),
            cents=plan.cents(interval),
            currency=settings.BILLING_CURRENCY,
            interval=interval,
        )
        yield f"{plan.code} {interval}: a new price at Stripe, {there['id']}"
    if write(plan, interval, there):
        yield f"{plan.code} {interval}: sold as {there['id']}"


def write(plan: Plan, interval: str, there: dict[str, Any]) -> bool:
    """Sell a plan at a price; False when it is sold so already."""
    values = {
        "plan": plan,
        "interval": interval,
        "cents": there["unit_amount"],
        "currency": there["currency"],
    }
    with transaction.atomic(using=using()):
        current = Price.objects.filter(plan=plan, interval=interval, is_current=True)
        for row in current.exclude(pk=there["id"]):
            replace(row)
        if current.filter(pk=there["id"], **values).exists():
            return False
        row, _made = Price.objects.update_or_create(
            id=there["id"], defaults={**values, "is_current": True}
        )
        record("price.published", row, after=described(row))
    return True


def described(row: Price) -> dict[str, Any]:
    return {"price": row.pk, "cents": row.cents, "currency": row.currency}


def fits(plan: Plan, interval: str, there: dict[str, Any]) -> bool:
    """Whether a price at Stripe is what the plan costs."""
    return bool(
        there["active"]
        and there["unit_amount"] == plan.cents(interval)
        and there["currency"] == settings.BILLING_CURRENCY
        and (there.get("recurring") or {}).get("interval") == interval
    )


def prices_at_stripe(plan: Plan) -> dict[str, dict[str, Any]]:
    """Return the prices at Stripe that have a plan's names, by their interval."""
    keys = {lookup_key(plan, interval): interval for interval in Interval}
    found = storefront.prices_of(list(keys))
    return {keys[each["lookup_key"]]: each for each in found}


def lookup_key(plan: Plan, interval: str) -> str:
    """Return the name that goes from one price to the next."""
    return f"{PREFIX}_{plan.code}_{interval}"


def product_of(plan: Plan, found: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Return what the plan is at Stripe: what is sold there already, or a new one."""
    for price in found.values():
        return storefront.product(str(price["product"]))
    return storefront.create_product(code=plan.code, name=plan.name)


def name_product(plan: Plan, told: dict[str, Any]) -> Iterator[str]:
    """Have invoices call the plan as we do; yield what was done."""
    if told["name"] != plan.name:
        storefront.update_product(told["id"], name=plan.name)
        yield f"{plan.code}: called {plan.name}"


def wrong_prices() -> list[str]:
    """Return where our rows or Stripe say otherwise than the plans; changes nothing."""
    return [
        line
        for plan in Plan.objects.order_by("rank")
        if plan.is_for_sale and not plan.is_free
        for line in wrong_prices_of(plan)
    ]


def wrong_prices_of(plan: Plan) -> Iterator[str]:
    """Yield each price of a plan that is not sold as the plan says."""
    found = prices_at_stripe(plan)
    for interval in Interval:
        there = found.get(interval)
        if there is None or not fits(plan, interval, there):
            yield f"{plan.code} {interval}: not at Stripe for what it costs here"
        elif not Price.objects.filter(
            pk=there["id"], plan=plan, is_current=True, cents=plan.cents(interval)
        ).exists():
            yield f"{plan.code} {interval}: {there['id']} is not what is sold here"
