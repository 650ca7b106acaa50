"""Test cards, known by their numbers, and the payment methods they become."""

import re
from typing import Final

from billing.fakestripe.endpoints import PAGING, endpoint, page
from billing.fakestripe.errors import Refusal, declined, invalid
from billing.fakestripe.events import change, emit
from billing.fakestripe.params import Words, choice
from billing.fakestripe.store import Books, Thing
from billing.fakestripe.things import HIDDEN, new, with_words

PAYS: Final = "4242424242424242"
DECLINES: Final = "4000000000000002"
FAILS_LATER: Final = "4000000000000341"
# The number, what becomes of it, and the name it has at Stripe.
CARDS: Final = {
    PAYS: "pm_card_visa",
    DECLINES: "pm_card_chargeDeclined",
    FAILS_LATER: "pm_card_chargeCustomerFail",
}
NUMBERS: Final = {name: number for number, name in CARDS.items()}
ADDRESS: Final = dict.fromkeys(
    ("city", "country", "line1", "line2", "postal_code", "state")
)


def payment_method(books: Books, number: str) -> Thing:
    """Return a payment method of a card's number, which belongs to nobody yet."""
    digits = re.sub(r"[\s-]", "", number)
    if digits not in CARDS:
        raise Refusal(
            402,
            "card_error",
            "Your card number is incorrect.",
            code="incorrect_number",
            param="number",
        )
    return new(
        books,
        "payment_method",
        "pm",
        allow_redisplay="unspecified",
        billing_details={
            "address": {**ADDRESS},
            "email": None,
            "name": None,
            "phone": None,
            "tax_id": None,
        },
        card=card(digits),
        customer=None,
        type="card",
        **{HIDDEN: {"number": digits}},
    )


def card(digits: str) -> Thing:
    """Return what is told of a card."""
    return {
        "brand": "visa",
        "checks": {
            "address_line1_check": None,
            "address_postal_code_check": None,
            "cvc_check": "pass",
        },
        "country": "US",
        "display_brand": "visa",
        "exp_month": 12,
        "exp_year": 2034,
        "fingerprint": f"double{digits[-10:]}",
        "funding": "credit",
        "generated_from": None,
        "last4": digits[-4:],
        "networks": {"available": ["visa"], "preferred": None},
        "regulated_status": "unregulated",
        "three_d_secure_usage": {"supported": True},
        "wallet": None,
    }


def attach(books: Books, method: Thing, customer: Thing) -> Thing:
    """Give a customer a payment method; some cards refuse at once."""
    if method[HIDDEN]["number"] == DECLINES:
        raise declined("generic_decline")
    if method["customer"] not in {None, customer["id"]}:
        raise invalid(
            "The payment method you provided has already been attached to a customer."
        )
    method["customer"] = customer["id"]
    books.put(method)
    emit(books, "payment_method.attached", method)
    return method


def taken(books: Books, name: str, param: str = "payment_method") -> Thing:
    """Return a payment method by its id, or a new one of a test card's name."""
    if name in NUMBERS:
        return payment_method(books, NUMBERS[name])
    return books.need("payment_method", name, param, 400)


@endpoint(
    "POST",
    "/v1/payment_methods/{payment_method}/attach",
    {"customer": str},
    required=("customer",),
)
def attach_payment_method(books: Books, params: Thing, key: str) -> Thing:
    customer = books.need("customer", params["customer"], "customer", 400)
    return attach(books, taken(books, key), customer)


@endpoint("POST", "/v1/payment_methods/{payment_method}/detach")
def detach_payment_method(books: Books, params: Thing, key: str) -> Thing:
    method = books.need("payment_method", key)
    customer = books.find(method["customer"])
    if customer is None:
        raise invalid("The payment method you provided is not attached to a customer.")
    if customer["invoice_settings"]["default_payment_method"] == key:
        customer["invoice_settings"]["default_payment_method"] = None
        change(books, "customer.updated", customer)
    method["customer"] = None
    books.put(method)
    emit(
        books, "payment_method.detached", method, {**method, "customer": customer["id"]}
    )
    return method


@endpoint("GET", "/v1/payment_methods/{payment_method}")
def retrieve_payment_method(books: Books, params: Thing, key: str) -> Thing:
    return books.need("payment_method", key)


@endpoint(
    "GET",
    "/v1/payment_methods",
    {**PAGING, "customer": str, "type": choice("card")},
)
def list_payment_methods(books: Books, params: Thing) -> Thing:
    found = books.every("payment_method", customer=params.get("customer"))
    return page(
        "/v1/payment_methods", [one for one in found if one["customer"]], params
    )


@endpoint("GET", "/v1/customers/{customer}/payment_methods", {**PAGING, "type": str})
def list_customer_payment_methods(books: Books, params: Thing, key: str) -> Thing:
    books.need("customer", key)
    found = books.every("payment_method", customer=key)
    return page(f"/v1/customers/{key}/payment_methods", found, params)


@endpoint("POST", "/v1/payment_methods/{payment_method}", {"metadata": Words})
def update_payment_method(books: Books, params: Thing, key: str) -> Thing:
    method = books.need("payment_method", key)
    with_words(method, params.get("metadata"))
    return change(books, "payment_method.updated", method)
