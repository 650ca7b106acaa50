"""Parts of a period, to the second and to the cent."""

from copy import deepcopy
from fractions import Fraction
from typing import Any

from billing.fakestripe.periods import day_of
from billing.fakestripe.shapes import INVOICE_ITEM
from billing.fakestripe.store import Books, Thing
from billing.fakestripe.things import new


def share(amount: int, span: tuple[int, int], at: int) -> int:
    """Return what an amount for a period is worth from a moment on, halves rounded up."""
    start, end = span
    part = Fraction(amount * (end - at), end - start)
    cents = int(abs(part) + Fraction(1, 2))
    return cents if part >= 0 else -cents


def worth(item: Thing) -> int:
    """Return what an item costs for a whole period."""
    return int(item["price"]["unit_amount"] * item["quantity"])


def named(books: Books, item: Thing) -> str:
    """Return how many of what an item is, as invoices write it."""
    product = books.find(item["price"]["product"])
    return f"{item['quantity']} × {product['name'] if product else item['price']['id']}"


def same(one: Thing, other: Thing) -> bool:
    return bool(
        one["price"]["id"] == other["price"]["id"]
        and one["quantity"] == other["quantity"]
    )


def adjustments(
    books: Books, subscription: Thing, before: list[Thing], now: list[Thing], at: int
) -> list[Thing]:
    """Return invoice items for what is unused of the old items and left of the new."""
    span = (before[0]["current_period_start"], before[0]["current_period_end"])
    found = []
    for sign, items, others, words in (
        (-1, before, now, "Unused time on"),
        (1, now, before, "Remaining time on"),
    ):
        for item in items:
            if any(same(item, other) for other in others):
                continue
            amount = sign * share(worth(item), span, at)
            said = f"{words} {named(books, item)} after {day_of(at)}"
            values = {"amount": amount, "description": said}
            found.append(invoice_item(books, subscription, item, (at, span[1]), values))
    return [one for one in found if one["amount"]]


def unused(
    books: Books, subscription: Thing, before: list[Thing], at: int
) -> list[Any]:
    """Return invoice items for what is left of a period that ends early."""
    return adjustments(books, subscription, before, [], at)


def invoice_item(
    books: Books, subscription: Thing, item: Thing, span: tuple[int, int], values: Thing
) -> Thing:
    """Return an invoice item that waits for the subscription's next invoice."""
    price = item["price"]
    waiting = new(
        books,
        "invoiceitem",
        "ii",
        **deepcopy(INVOICE_ITEM),
        currency=price["currency"],
        customer=subscription["customer"],
        date=books.now,
        net_amount=values["amount"],
        parent=parent_of(subscription, item),
        period={"start": span[0], "end": span[1]},
        pricing=pricing(price),
        quantity=item["quantity"],
        quantity_decimal=str(item["quantity"]),
        **values,
    )
    del waiting["created"]
    return waiting


def parent_of(subscription: Thing, item: Thing) -> Thing:
    """Return what an invoice item is of."""
    return {
        "subscription_details": {
            "subscription": subscription["id"],
            "subscription_item": item["id"],
        },
        "type": "subscription_details",
    }


def pricing(price: Thing) -> Thing:
    """Return what a line says of its price."""
    return {
        "price_details": {"price": price["id"], "product": price["product"]},
        "type": "price_details",
        "unit_amount_decimal": price["unit_amount_decimal"],
    }
