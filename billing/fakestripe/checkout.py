"""Checkout: somebody is sent to a page of Stripe's and comes back subscribed."""

from copy import deepcopy
from typing import Final

from billing.fakestripe import cards
from billing.fakestripe.customers import create_customer, present
from billing.fakestripe.endpoints import PAGING, endpoint, included, page
from billing.fakestripe.errors import invalid
from billing.fakestripe.events import change
from billing.fakestripe.params import Moment, Words, choice
from billing.fakestripe.periods import DAY
from billing.fakestripe.shapes import SESSION as SHAPE
from billing.fakestripe.store import Books, Thing
from billing.fakestripe.subscribing import TRIAL
from billing.fakestripe.subscriptions import start
from billing.fakestripe.things import (
    hidden,
    listing,
    new,
    new_id,
    origin,
    with_values,
    with_words,
)

SESSION: Final = {
    "allow_promotion_codes": bool,
    "billing_address_collection": choice("auto", "required"),
    "cancel_url": str,
    "client_reference_id": str,
    "customer": str,
    "customer_email": str,
    "expires_at": int,
    "line_items": [{"price": str, "quantity": int}],
    "locale": str,
    "metadata": Words,
    "mode": choice("payment", "setup", "subscription"),
    "payment_method_collection": choice("always", "if_required"),
    "payment_method_types": [str],
    "subscription_data": {
        "description": str,
        "metadata": Words,
        "trial_end": Moment(),
        "trial_period_days": int,
        "trial_settings": TRIAL,
    },
    "success_url": str,
}


@endpoint("POST", "/v1/checkout/sessions", SESSION, required=("mode", "success_url"))
def create_session(books: Books, params: Thing) -> Thing:
    if params["mode"] != "subscription":
        raise invalid("The double knows mode=subscription only.", "mode")
    if not params.get("line_items"):
        message = "Missing required param: line_items."
        raise invalid(message, "line_items", "parameter_missing")
    if params.get("customer"):
        present(books, params["customer"])
    key = new_id("cs_test", 58)
    lines = [
        line_item(books, one, place) for place, one in enumerate(params["line_items"])
    ]
    session = drawn(books, key, params, lines)
    with_words(session, params.get("metadata"))
    hidden(session).update(lines=lines, data=params.get("subscription_data") or {})
    return books.put(session)


def line_item(books: Books, one: Thing, place: int) -> Thing:
    """Return one thing that is bought."""
    param = f"line_items[{place}]"
    price = books.need("price", one.get("price"), f"{param}[price]", 400)
    if price["recurring"] is None:
        raise invalid(f"{param} must have a recurring price.", f"{param}[price]")
    if not price["active"]:
        message = f"The price specified is inactive: {price['id']}."
        raise invalid(message, f"{param}[price]")
    quantity = one.get("quantity", 1)
    amount = quantity * price["unit_amount"]
    product = books.need("product", price["product"])
    return {
        "id": new_id("li"),
        "object": "item",
        "amount_discount": 0,
        "amount_subtotal": amount,
        "amount_tax": 0,
        "amount_total": amount,
        "currency": price["currency"],
        "description": product["name"],
        "discounts": [],
        "price": price,
        "quantity": quantity,
    }


def drawn(books: Books, key: str, params: Thing, lines: list[Thing]) -> Thing:
    """Return a new session with all that it says."""
    data = params.get("subscription_data") or {}
    trial = data.get("trial_period_days") or data.get("trial_end")
    total = 0 if trial else sum(line["amount_total"] for line in lines)
    session = {
        **new(books, "checkout.session", "cs", **deepcopy(SHAPE)),
        "id": key,
        "amount_subtotal": total,
        "amount_total": total,
        "currency": lines[0]["currency"],
        "expires_at": books.now + DAY,
        "url": f"{origin(params['success_url'])}/fakestripe/checkout/{key}/",
    }
    with_values(session, params, *(SESSION.keys() & session.keys() - {"metadata"}))
    session["success_url"] = params["success_url"]
    return session


@endpoint("GET", "/v1/checkout/sessions/{session}")
def retrieve_session(books: Books, params: Thing, key: str) -> Thing:
    return books.need("checkout.session", key)


@endpoint(
    "GET",
    "/v1/checkout/sessions",
    {
        **PAGING,
        "customer": str,
        "status": choice("complete", "expired", "open"),
        "subscription": str,
    },
)
def list_sessions(books: Books, params: Thing) -> Thing:
    asked = {name: params.get(name) for name in ("customer", "status", "subscription")}
    return page(
        "/v1/checkout/sessions", books.every("checkout.session", **asked), params
    )


@endpoint("POST", "/v1/checkout/sessions/{session}/expire")
def expire_session(books: Books, params: Thing, key: str) -> Thing:
    session = books.need("checkout.session", key)
    if session["status"] != "open":
        raise invalid(
            "Only Checkout Sessions with a status in [open] can be expired. This "
            f"Checkout Session has a status of {session['status']}."
        )
    session.update(status="expired", url=None)
    return change(books, "checkout.session.expired", session)


@included("checkout.session", "line_items")
def line_items(books: Books, session: Thing) -> Thing:
    """What is bought, shown on request only."""
    lines = hidden(session)["lines"]
    return listing(f"/v1/checkout/sessions/{session['id']}/line_items", lines)


@included("", "breakdown")
def breakdown(books: Books, totals: Thing) -> Thing:
    """Nothing is taxed, and nothing is cheaper."""
    return {"discounts": [], "taxes": []}


@endpoint("GET", "/v1/checkout/sessions/{session}/line_items", PAGING)
def list_session_line_items(books: Books, params: Thing, key: str) -> Thing:
    session = books.need("checkout.session", key)
    url = f"/v1/checkout/sessions/{key}/line_items"
    return page(url, hidden(session)["lines"], params)


def needs_card(session: Thing) -> bool:
    """Tell whether the page must ask for a card."""
    always = session["payment_method_collection"] == "always"
    return always or session["amount_total"] > 0


def complete(books: Books, key: str, number: str, email: str = "") -> Thing:
    """Do what the page's button does; a refused card leaves all as it was."""
    session = books.need("checkout.session", key)
    if session["status"] != "open":
        raise invalid("This Checkout Session is no longer open.")
    if not session["customer"]:
        told = session["customer_email"] or email or None
        session["customer"] = create_customer(books, {"email": told})["id"]
    customer = present(books, session["customer"])
    terms = dict(hidden(session)["data"])
    if number or needs_card(session):
        method = cards.attach(books, cards.payment_method(books, number), customer)
        terms["default_payment_method"] = method["id"]
    wanted = [
        {"price": line["price"]["id"], "quantity": line["quantity"]}
        for line in hidden(session)["lines"]
    ]
    terms["payment_behavior"] = "error_if_incomplete"
    subscription = start(books, customer, wanted, terms)
    customer = present(books, session["customer"])
    session.update(
        customer_details=details_of(customer),
        invoice=subscription["latest_invoice"],
        payment_status="paid" if session["amount_total"] else "no_payment_required",
        status="complete",
        subscription=subscription["id"],
        url=None,
    )
    return change(books, "checkout.session.completed", session)


def details_of(customer: Thing) -> Thing:
    """Return what a session tells of who paid."""
    told = {name: customer[name] for name in ("address", "email", "name", "phone")}
    return {**told, "tax_exempt": "none", "tax_ids": []}
