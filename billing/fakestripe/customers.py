"""Customers: who pays, with what, and what is carried over from one invoice on."""

from copy import deepcopy
from typing import Final

from billing.fakestripe.cards import ADDRESS, attach, taken
from billing.fakestripe.endpoints import PAGING, endpoint, included, page, within
from billing.fakestripe.errors import missing
from billing.fakestripe.events import add, change, emit
from billing.fakestripe.params import Times, Words, choice
from billing.fakestripe.shapes import CUSTOMER as SHAPE
from billing.fakestripe.store import Books, Thing
from billing.fakestripe.subscriptions import CLOSED, close
from billing.fakestripe.things import (
    hidden,
    listing,
    new,
    new_id,
    with_values,
    with_words,
)

PLAIN: Final = ("balance", "description", "email", "name", "phone", "preferred_locales")
CUSTOMER: Final = {
    "address": dict.fromkeys(ADDRESS, str),
    "balance": int,
    "description": str,
    "email": str,
    "invoice_settings": {"default_payment_method": str, "footer": str},
    "metadata": Words,
    "name": str,
    "phone": str,
    "preferred_locales": [str],
    "tax_exempt": choice("exempt", "none", "reverse"),
}


@endpoint("POST", "/v1/customers", {**CUSTOMER, "payment_method": str})
def create_customer(books: Books, params: Thing) -> Thing:
    customer = new(books, "customer", "cus", **deepcopy(SHAPE))
    customer["invoice_prefix"] = new_id("")[1:9].upper()
    customer["id"] = new_id("cus", 14)
    books.put(customer)
    if params.get("payment_method"):
        bring_method(books, customer, params)
    write(books, customer, params)
    return add(books, "customer.created", customer)


def bring_method(books: Books, customer: Thing, params: Thing) -> None:
    """Attach what a new customer brings; a test card's name may be the usual one too."""
    named = params["payment_method"]
    method = attach(books, taken(books, named), customer)
    usual = params.get("invoice_settings") or {}
    if usual.get("default_payment_method") == named:
        usual["default_payment_method"] = method["id"]


@endpoint("POST", "/v1/customers/{customer}", CUSTOMER)
def update_customer(books: Books, params: Thing, key: str) -> Thing:
    customer = present(books, key)
    write(books, customer, params)
    return change(books, "customer.updated", customer)


def write(books: Books, customer: Thing, params: Thing) -> None:
    """Take over what was sent."""
    with_values(customer, params, *PLAIN, "tax_exempt")
    with_words(customer, params.get("metadata"))
    if "address" in params:
        given = params["address"]
        customer["address"] = given and {**ADDRESS, **given}
    settings = params.get("invoice_settings") or {}
    if settings.get("default_payment_method"):
        method = taken(books, settings["default_payment_method"])
        if method["customer"] != customer["id"]:
            raise missing("payment_method", method["id"], "invoice_settings", 400)
    customer["invoice_settings"].update(settings)


def present(books: Books, key: str) -> Thing:
    """Return a customer who is not deleted."""
    customer = books.need("customer", key)
    if customer.get("deleted"):
        raise missing("customer", key)
    return customer


@endpoint("GET", "/v1/customers/{customer}")
def retrieve_customer(books: Books, params: Thing, key: str) -> Thing:
    return books.need("customer", key)


@endpoint("GET", "/v1/customers", {**PAGING, "created": Times, "email": str})
def list_customers(books: Books, params: Thing) -> Thing:
    found = [
        customer
        for customer in books.every("customer", email=params.get("email"))
        if not customer.get("deleted")
        and within(customer["created"], params.get("created"))
    ]
    return page("/v1/customers", found, params)


@endpoint("DELETE", "/v1/customers/{customer}")
def delete_customer(books: Books, params: Thing, key: str) -> Thing:
    customer = present(books, key)
    for subscription in books.every("subscription", customer=key):
        if subscription["status"] not in CLOSED:
            close(books, subscription, "cancellation_requested")
    emit(books, "customer.deleted", customer)
    return books.put({"id": key, "object": "customer", "deleted": True})


@included("customer", "sources")
def sources(books: Books, customer: Thing) -> Thing:
    """Nobody pays with the older kind of source."""
    return listing(f"/v1/customers/{customer['id']}/sources", [])


@included("customer", "subscriptions")
def subscriptions(books: Books, customer: Thing) -> Thing:
    """What a customer is subscribed to, what has ended left out."""
    every = books.every("subscription", customer=customer["id"])
    live = [one for one in every if one["status"] not in CLOSED]
    return listing(f"/v1/customers/{customer['id']}/subscriptions", live)


def decline_next(books: Books, key: str) -> None:
    """Let the next payment of a customer be declined, whatever the card."""
    customer = present(books, key)
    hidden(customer)["decline_next"] = True
    books.put(customer)
