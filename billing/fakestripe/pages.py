"""What the double's pages show, in words and amounts."""

from datetime import UTC, datetime
from typing import Any

from billing.fakestripe import portal, previews
from billing.fakestripe.errors import Refusal
from billing.fakestripe.invoices import money, rate
from billing.fakestripe.store import Books, Thing
from billing.fakestripe.subscriptions import CLOSED, span
from billing.fakestripe.things import hidden


def day(moment: int | None) -> datetime | None:
    return None if moment is None else datetime.fromtimestamp(moment, UTC)


def product_of(books: Books, price: Thing) -> Any:
    return books.need("product", price["product"])["name"]


def checkout(books: Books, session: Thing) -> Thing:
    """Return what is bought, and what is due today."""
    lines, data = hidden(session)["lines"], hidden(session)["data"]
    total = sum(line["amount_total"] for line in lines)
    who = books.find(session["customer"]) or {}
    return {
        "session": session,
        "lines": [
            {
                "name": line["description"],
                "quantity": line["quantity"],
                "rate": rate(line["price"]),
                "amount": money(line["amount_total"], line["currency"]),
            }
            for line in lines
        ],
        "email": who.get("email") or session["customer_email"],
        "trial_days": data.get("trial_period_days"),
        "trial_end": day(data.get("trial_end")),
        "total": money(total, session["currency"]),
        "due": money(session["amount_total"], session["currency"]),
    }


def subscription(books: Books, one: Thing) -> Thing:
    """Return a subscription in words."""
    items = one["items"]["data"]
    method = books.find(method_key(books, one)) or {}
    return {
        "id": one["id"],
        "status": one["status"].replace("_", " "),
        "tone": {"active": "green", "trialing": "blue"}.get(one["status"], "amber"),
        "items": [
            {
                "name": product_of(books, item["price"]),
                "quantity": item["quantity"],
                "rate": rate(item["price"]),
            }
            for item in items
        ],
        "period_end": day(span(one)[1]),
        "trialing": one["status"] == "trialing",
        "open": one["status"] not in CLOSED,
        "ends": day(one["cancel_at"]),
        "card": method.get("card"),
        "next": upcoming(books, one),
    }


def method_key(books: Books, one: Thing) -> str | None:
    """Return the payment method a subscription is paid with."""
    own = one["default_payment_method"]
    settings = books.need("customer", one["customer"])["invoice_settings"]
    return own or settings["default_payment_method"]


def upcoming(books: Books, one: Thing) -> Thing | None:
    """Return what is paid next and when, or None where nothing is."""
    try:
        found = previews.create_preview(books, {"subscription": one["id"]})
    except Refusal:
        return None
    amount = money(found["amount_due"], found["currency"])
    return {"amount": amount, "on": day(found["period_end"])}


def invoice_row(invoice: Thing) -> Thing:
    """Return an invoice as lists show it."""
    tone = {"paid": "green", "open": "amber"}.get(invoice["status"], "line")
    return {
        "id": invoice["id"],
        "number": invoice["number"] or invoice["id"],
        "created": day(invoice["created"]),
        "total": money(invoice["total"], invoice["currency"]),
        "status": invoice["status"],
        "tone": tone,
    }


def portal_page(books: Books, session: Thing) -> Thing:
    """Return what somebody looks after in the portal."""
    key = session["customer"]
    live = portal.live_of(books, key)
    invoices = books.every("invoice", customer=key)
    return {
        "session": session,
        "customer": books.need("customer", key),
        "subscription": subscription(books, live) if live else None,
        "invoices": [invoice_row(one) for one in invoices],
    }


def invoice(books: Books, found: Thing) -> Thing:
    """Return an invoice with its lines."""
    currency = found["currency"]
    lines = [
        {
            "description": line["description"],
            "start": day(line["period"]["start"]),
            "end": day(line["period"]["end"]),
            "amount": money(line["amount"], currency),
        }
        for line in found["lines"]["data"]
    ]
    before, after = found["starting_balance"], found["ending_balance"] or 0
    return {
        **invoice_row(found),
        "customer": books.need("customer", found["customer"]),
        "lines": lines,
        "credit": money(before - after, currency) if before != after else "",
        "due": money(found["amount_due"], currency),
        "open": found["status"] == "open",
        "next_try": day(found["next_payment_attempt"]),
        "refunded": refunded(books, found),
    }


def refunded(books: Books, found: Thing) -> str:
    """Return what was given back of an invoice, empty where nothing was."""
    charges = []
    for part in books.every("invoice_payment", invoice=found["id"]):
        intent = part["payment"]["payment_intent"]
        charges += books.every("charge", payment_intent=intent)
    back = sum(charge["amount_refunded"] for charge in charges)
    return money(back, found["currency"]) if back else ""


def overview(books: Books) -> Thing:
    """Return everybody the double knows, and what time it is there."""
    rows = []
    for one in books.every("subscription"):
        who = books.need("customer", one["customer"])
        rows.append({"customer": who, **subscription(books, one)})
    subscribed = {row["customer"]["id"] for row in rows}
    customers = books.every("customer")
    others = [one for one in customers if one["id"] not in subscribed]
    return {"now": day(books.now), "rows": rows, "others": others}
