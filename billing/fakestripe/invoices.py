"""Invoices: their lines, their totals, and what becomes of them."""

from copy import deepcopy
from typing import Any, Final

from django.conf import settings

from billing.fakestripe.endpoints import PAGING, endpoint, included, page, within
from billing.fakestripe.errors import invalid
from billing.fakestripe.events import add, change, emit
from billing.fakestripe.params import Times, choice
from billing.fakestripe.periods import DAY
from billing.fakestripe.prorations import named, pricing, worth
from billing.fakestripe.shapes import INVOICE as SHAPE
from billing.fakestripe.store import Books, Thing
from billing.fakestripe.things import listing, new, new_id

# Days from one try to be paid to the next; after the last one Stripe gives up.
RETRIES: Final = (3, 5, 7)
SIGNS: Final = {"eur": "€", "gbp": "£", "usd": "$"}
TOTALS: Final = ("subtotal", "subtotal_excluding_tax", "total", "total_excluding_tax")
STATUS: Final = choice("draft", "open", "paid", "uncollectible", "void")


def money(cents: int, currency: str) -> str:
    """Return an amount as invoices write it."""
    sign = SIGNS.get(currency, f"{currency.upper()} ")
    return f"{'-' if cents < 0 else ''}{sign}{abs(cents) // 100}.{abs(cents) % 100:02}"


def line(books: Books, subscription: Thing, item: Thing, **values: Any) -> Thing:
    """Return an invoice's line for an item of a subscription."""
    price = item["price"]
    drawn: Thing = {
        "id": new_id("il"),
        "object": "line_item",
        "amount": worth(item),
        "currency": price["currency"],
        "description": f"{named(books, item)} (at {rate(price)})",
        "discount_amounts": [],
        "discountable": True,
        "discounts": [],
        "invoice": None,
        "livemode": False,
        "metadata": subscription["metadata"],
        "parent": parent_of_line(subscription["id"], item["id"], None),
        "period": {
            "start": item["current_period_start"],
            "end": item["current_period_end"],
        },
        "pretax_credit_amounts": [],
        "pricing": pricing(price),
        "quantity": item["quantity"],
        "taxes": [],
    }
    drawn.update(values)
    return drawn | {"subtotal": drawn["amount"]}


def rate(price: Thing) -> str:
    """Return a price as a line names it."""
    recurring = price["recurring"]
    each, count = recurring["interval"], recurring["interval_count"]
    often = each if count == 1 else f"{count} {each}s"
    return f"{money(price['unit_amount'], price['currency'])} / {often}"


def parent_of_line(subscription: str, item: str, waited: str | None) -> Thing:
    """Return where a line comes from."""
    details = {
        "invoice_item": waited,
        "proration": waited is not None,
        "proration_details": {"credited_items": None},
        "subscription": subscription,
        "subscription_item": item,
    }
    return {
        "invoice_item_details": None,
        "subscription_item_details": details,
        "type": "subscription_item_details",
    }


def trial_line(books: Books, subscription: Thing, item: Thing) -> Thing:
    """Return the line that says a trial is free."""
    product = books.need("product", item["price"]["product"])
    said = f"Trial period for {product['name']}"
    return line(books, subscription, item, amount=0, description=said)


def line_of(waiting: Thing) -> Thing:
    """Return the line that a waiting invoice item becomes."""
    details = waiting["parent"]["subscription_details"]
    key, item = details["subscription"], details["subscription_item"]
    copied = ("amount", "currency", "description", "period", "pricing", "quantity")
    return {
        "id": new_id("il"),
        "object": "line_item",
        **{name: waiting[name] for name in copied},
        "discount_amounts": [],
        "discountable": False,
        "discounts": [],
        "invoice": None,
        "livemode": False,
        "metadata": waiting["metadata"],
        "parent": parent_of_line(key, item, waiting["id"]),
        "pretax_credit_amounts": [],
        "subtotal": waiting["amount"],
        "taxes": [],
    }


def waiting_for(books: Books, subscription: str) -> list[Thing]:
    """Return invoice items that no invoice has taken yet, oldest first."""
    return [
        one
        for one in reversed(books.every("invoiceitem"))
        if one["invoice"] is None
        and one["parent"]["subscription_details"]["subscription"] == subscription
    ]


def draft(
    books: Books,
    subscription: Thing,
    reason: str,
    lines: list[Thing],
    span: tuple[int, int],
) -> Thing:
    """Return an invoice that is not written yet, with its lines and totals."""
    customer = books.need("customer", subscription["customer"])
    waiting = waiting_for(books, subscription["id"])
    lines = [*(line_of(one) for one in waiting), *lines]
    total = sum(one["amount"] for one in lines)
    due = total + customer["balance"]
    key = new_id("in")
    return {
        **blank(books, customer),
        "id": key,
        "amount_due": max(0, due),
        "amount_remaining": max(0, due),
        "billing_reason": reason,
        "currency": lines[0]["currency"],
        "lines": listing(f"/v1/invoices/{key}/lines", lines),
        "parent": parent_of(subscription),
        "period_start": span[0],
        "period_end": span[1],
        "starting_balance": customer["balance"],
        **dict.fromkeys(TOTALS, total),
    }


def blank(books: Books, customer: Thing) -> Thing:
    """Return what every new invoice of a customer says."""
    told = {f"customer_{name}": customer[name] for name in ("address", "email", "name")}
    who = {"customer": customer["id"], **told}
    return {**new(books, "invoice", "in", **deepcopy(SHAPE)), **who}


def parent_of(subscription: Thing) -> Thing:
    """Return what an invoice is for."""
    return {
        "quote_details": None,
        "subscription_details": {
            "metadata": subscription["metadata"],
            "subscription": subscription["id"],
        },
        "type": "subscription_details",
    }


def write(books: Books, invoice: Thing) -> Thing:
    """Write a draft; the invoice items it took wait no longer."""
    for one in invoice["lines"]["data"]:
        one["invoice"] = invoice["id"]
        waited = one["parent"]["subscription_item_details"]["invoice_item"]
        if waited:
            books.put(books.need("invoiceitem", waited) | {"invoice": invoice["id"]})
    return add(books, "invoice.created", invoice)


def finalize(books: Books, invoice: Thing) -> Thing:
    """Give an invoice its number, and take what the customer has as credit."""
    customer = books.need("customer", invoice["customer"])
    number = customer["next_invoice_sequence"]
    address = f"{settings.BASE_URL}/fakestripe/invoice/{invoice['id']}/"
    invoice.update(
        effective_at=books.now,
        ending_balance=min(0, invoice["total"] + customer["balance"]),
        hosted_invoice_url=address,
        invoice_pdf=f"{address}?print=1",
        number=f"{customer['invoice_prefix']}-{number:04}",
        starting_balance=customer["balance"],
        status="open",
    )
    invoice["amount_due"] = max(0, invoice["total"] + customer["balance"])
    invoice["amount_remaining"] = invoice["amount_due"]
    invoice["status_transitions"]["finalized_at"] = books.now
    customer.update(
        balance=invoice["ending_balance"],
        currency=invoice["currency"],
        next_invoice_sequence=number + 1,
    )
    change(books, "customer.updated", customer)
    books.put(invoice)
    emit(books, "invoice.finalized", invoice)
    return invoice


def settle(books: Books, invoice: Thing) -> None:
    """Write that an invoice is paid."""
    invoice.update(
        amount_paid=invoice["amount_due"],
        amount_remaining=0,
        attempted=True,
        auto_advance=False,
        next_payment_attempt=None,
        status="paid",
    )
    invoice["status_transitions"]["paid_at"] = books.now
    books.put(invoice)
    emit(books, "invoice.paid", invoice)
    emit(books, "invoice.payment_succeeded", invoice)


def fail(books: Books, invoice: Thing, *, again: bool) -> None:
    """Write that a try to be paid failed, and when the next one is."""
    invoice["attempted"] = True
    tries = invoice["attempt_count"]
    moment = None
    if again and tries <= len(RETRIES):
        moment = books.now + RETRIES[tries - 1] * DAY
    invoice["next_payment_attempt"] = moment
    invoice["auto_advance"] = moment is not None
    books.put(invoice)
    emit(books, "invoice.payment_failed", invoice)


@endpoint("GET", "/v1/invoices/{invoice}")
def retrieve_invoice(books: Books, params: Thing, key: str) -> Thing:
    return books.need("invoice", key)


@endpoint(
    "GET",
    "/v1/invoices",
    {
        **PAGING,
        "created": Times,
        "customer": str,
        "status": STATUS,
        "subscription": str,
    },
)
def list_invoices(books: Books, params: Thing) -> Thing:
    asked = {name: params.get(name) for name in ("customer", "status")}
    found = [
        invoice
        for invoice in books.every("invoice", **asked)
        if params.get("subscription") in {None, subscription_of(invoice)}
        and within(invoice["created"], params.get("created"))
    ]
    return page("/v1/invoices", found, params)


def subscription_of(invoice: Thing) -> str:
    """Return the id of the subscription an invoice is for."""
    return str(invoice["parent"]["subscription_details"]["subscription"])


@endpoint("GET", "/v1/invoices/{invoice}/lines", PAGING)
def list_invoice_lines(books: Books, params: Thing, key: str) -> Thing:
    lines = books.need("invoice", key)["lines"]["data"]
    return page(f"/v1/invoices/{key}/lines", lines, params)


@endpoint("POST", "/v1/invoices/{invoice}/void")
def void_invoice(books: Books, params: Thing, key: str) -> Thing:
    invoice = books.need("invoice", key)
    if invoice["status"] not in {"open", "uncollectible"}:
        raise invalid(f"You can only void open invoices, not {invoice['status']} ones.")
    invoice.update(status="void", auto_advance=False, next_payment_attempt=None)
    invoice["status_transitions"]["voided_at"] = books.now
    return change(books, "invoice.voided", invoice)


@included("invoice", "payments")
def payments(books: Books, invoice: Thing) -> Thing:
    """How an invoice was or is to be paid."""
    found = books.every("invoice_payment", invoice=invoice["id"])
    return listing(f"/v1/invoice_payments?invoice={invoice['id']}", found)


@endpoint("GET", "/v1/invoiceitems/{invoiceitem}")
def retrieve_invoice_item(books: Books, params: Thing, key: str) -> Thing:
    return books.need("invoiceitem", key)


@endpoint(
    "GET",
    "/v1/invoiceitems",
    {**PAGING, "customer": str, "invoice": str, "pending": bool},
)
def list_invoice_items(books: Books, params: Thing) -> Thing:
    asked = {name: params.get(name) for name in ("customer", "invoice")}
    found = books.every("invoiceitem", **asked)
    if "pending" in params:
        found = [one for one in found if (one["invoice"] is None) == params["pending"]]
    return page("/v1/invoiceitems", found, params)
