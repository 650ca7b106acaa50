"""Trying to be paid: payment intents, charges, and money given back."""

from typing import Any, Final

from billing.fakestripe.cards import FAILS_LATER, taken
from billing.fakestripe.endpoints import PAGING, endpoint, included, page
from billing.fakestripe.errors import invalid
from billing.fakestripe.events import add, change, emit
from billing.fakestripe.params import Words, choice
from billing.fakestripe.store import Books, Thing
from billing.fakestripe.things import HIDDEN, hidden, listing, new, new_id, with_words

DECLINED: Final = "Your card was declined."


def method_of(
    books: Books, customer: Thing, subscription: Thing | None
) -> Thing | None:
    """Return what a customer pays a subscription's invoices with."""
    own = subscription and subscription["default_payment_method"]
    key = own or customer["invoice_settings"]["default_payment_method"]
    return books.find(key) if key else None


def refusal_of(books: Books, customer: Thing, method: Thing) -> str | None:
    """Return why a bank refuses, or None where it pays."""
    if hidden(customer).pop("decline_next", None):
        books.put(customer)
        return "insufficient_funds"
    return "generic_decline" if method[HIDDEN]["number"] == FAILS_LATER else None


def pay(books: Books, invoice: Thing, method: Thing) -> str | None:
    """Try to take an invoice's money; return why it was refused, or None."""
    customer = books.need("customer", invoice["customer"])
    refused = refusal_of(books, customer, method)
    intent = intent_of(books, invoice, method)
    charge = charged(books, intent, method, refused)
    books.put(charge)
    intent["latest_charge"] = charge["id"]
    intent["payment_method"] = None if refused else method["id"]
    intent["status"] = "requires_payment_method" if refused else "succeeded"
    intent["amount_received"] = 0 if refused else intent["amount"]
    intent["last_payment_error"] = problem(charge, method) if refused else None
    books.put(intent)
    part = books.every("invoice_payment", invoice=invoice["id"])[0]
    if not refused:
        part.update(status="paid", amount_paid=intent["amount"])
        part["status_transitions"]["paid_at"] = books.now
        books.put(part)
    emit(books, "charge.failed" if refused else "charge.succeeded", charge)
    ending = "payment_failed" if refused else "succeeded"
    emit(books, f"payment_intent.{ending}", intent)
    return refused


def intent_of(books: Books, invoice: Thing, method: Thing) -> Thing:
    """Return an invoice's payment intent; its first try makes it."""
    for part in books.every("invoice_payment", invoice=invoice["id"]):
        return books.need("payment_intent", part["payment"]["payment_intent"])
    amount = invoice["amount_due"]
    key = new_id("pi")
    intent = {
        **new(books, "payment_intent", "pi"),
        "id": key,
        "amount": amount,
        "amount_capturable": 0,
        "amount_received": 0,
        "canceled_at": None,
        "capture_method": "automatic",
        "client_secret": new_id(f"{key}_secret"),
        "confirmation_method": "automatic",
        "currency": invoice["currency"],
        "customer": invoice["customer"],
        "description": "Subscription",
        "latest_charge": None,
        "last_payment_error": None,
        "next_action": None,
        "payment_method": method["id"],
        "payment_method_types": ["card"],
        "receipt_email": None,
        "setup_future_usage": "off_session",
        "status": "requires_payment_method",
    }
    books.put(invoice_payment(books, invoice, intent))
    return add(books, "payment_intent.created", intent)


def invoice_payment(books: Books, invoice: Thing, intent: Thing) -> Thing:
    """Return the tie between an invoice and its payment intent."""
    part = new(
        books,
        "invoice_payment",
        "inpay",
        amount_paid=None,
        amount_requested=intent["amount"],
        currency=invoice["currency"],
        invoice=invoice["id"],
        is_default=True,
        payment={"payment_intent": intent["id"], "type": "payment_intent"},
        status="open",
        status_transitions={"canceled_at": None, "paid_at": None},
    )
    del part["metadata"]
    return part


def charged(books: Books, intent: Thing, method: Thing, refused: str | None) -> Thing:
    """Return the charge that one try leaves."""
    return new(
        books,
        "charge",
        "ch",
        amount=intent["amount"],
        amount_captured=0 if refused else intent["amount"],
        amount_refunded=0,
        balance_transaction=None,
        billing_details=method["billing_details"],
        captured=not refused,
        currency=intent["currency"],
        customer=intent["customer"],
        description=intent["description"],
        disputed=False,
        failure_code="card_declined" if refused else None,
        failure_message=DECLINED if refused else None,
        fraud_details={},
        outcome=outcome(refused),
        paid=not refused,
        payment_intent=intent["id"],
        payment_method=method["id"],
        payment_method_details={"type": "card", "card": card_details(method)},
        receipt_email=None,
        receipt_number=None,
        receipt_url=None,
        refunded=False,
        status="failed" if refused else "succeeded",
    )


def outcome(refused: str | None) -> Thing:
    """Return what a charge says of how it went."""
    return {
        "network_status": "declined_by_network" if refused else "approved_by_network",
        "reason": refused,
        "risk_level": "normal",
        "seller_message": "The bank refused." if refused else "Payment complete.",
        "type": "issuer_declined" if refused else "authorized",
    }


def card_details(method: Thing) -> Thing:
    told = ("brand", "country", "exp_month", "exp_year", "funding", "last4")
    return {name: method["card"][name] for name in told}


def problem(charge: Thing, method: Thing) -> Thing:
    """Return what a payment intent says of its last try."""
    return {
        "charge": charge["id"],
        "code": "card_declined",
        "decline_code": charge["outcome"]["reason"],
        "message": DECLINED,
        "payment_method": method,
        "type": "card_error",
    }


@included("charge", "refunds")
def refunds_of(books: Books, charge: Thing) -> Thing:
    """What was given back of a charge."""
    found = books.every("refund", charge=charge["id"])
    return listing(f"/v1/charges/{charge['id']}/refunds", found)


@endpoint("GET", "/v1/payment_intents/{intent}")
def retrieve_payment_intent(books: Books, params: Thing, intent: str) -> Thing:
    return books.need("payment_intent", intent)


@endpoint("GET", "/v1/payment_intents", {**PAGING, "customer": str})
def list_payment_intents(books: Books, params: Thing) -> Thing:
    found = books.every("payment_intent", customer=params.get("customer"))
    return page("/v1/payment_intents", found, params)


@endpoint("GET", "/v1/charges/{charge}")
def retrieve_charge(books: Books, params: Thing, charge: str) -> Thing:
    return books.need("charge", charge)


@endpoint("GET", "/v1/charges", {**PAGING, "customer": str, "payment_intent": str})
def list_charges(books: Books, params: Thing) -> Thing:
    asked = {name: params.get(name) for name in ("customer", "payment_intent")}
    return page("/v1/charges", books.every("charge", **asked), params)


@endpoint("GET", "/v1/invoice_payments/{invoice_payment}")
def retrieve_invoice_payment(books: Books, params: Thing, key: str) -> Thing:
    return books.need("invoice_payment", key)


@endpoint(
    "GET",
    "/v1/invoice_payments",
    {**PAGING, "invoice": str, "status": choice("canceled", "open", "paid")},
)
def list_invoice_payments(books: Books, params: Thing) -> Thing:
    asked = {name: params.get(name) for name in ("invoice", "status")}
    return page("/v1/invoice_payments", books.every("invoice_payment", **asked), params)


@endpoint(
    "POST",
    "/v1/refunds",
    {
        "amount": int,
        "charge": str,
        "metadata": Words,
        "payment_intent": str,
        "reason": choice("duplicate", "fraudulent", "requested_by_customer"),
    },
)
def create_refund(books: Books, params: Thing) -> Thing:
    charge = charge_to_refund(books, params)
    left = charge["amount_captured"] - charge["amount_refunded"]
    amount = params.get("amount") or left
    check_refund(charge, amount, left)
    refund = new(
        books,
        "refund",
        "re",
        amount=amount,
        balance_transaction=None,
        charge=charge["id"],
        currency=charge["currency"],
        customer=charge["customer"],
        payment_intent=charge["payment_intent"],
        reason=params.get("reason"),
        receipt_number=None,
        source_transfer_reversal=None,
        status="succeeded",
        transfer_reversal=None,
    )
    del refund["livemode"]
    with_words(refund, params.get("metadata"))
    add(books, "refund.created", refund)
    charge["amount_refunded"] += amount
    charge["refunded"] = amount == left
    change(books, "charge.refunded", charge)
    return refund


def charge_to_refund(books: Books, params: Thing) -> Any:
    """Return the charge a refund is of."""
    key = params.get("charge")
    if params.get("payment_intent"):
        intent = params["payment_intent"]
        found = books.need("payment_intent", intent, "payment_intent", 400)
        key = found["latest_charge"]
    if not key:
        raise invalid("One of the following params should be provided: charge.")
    return books.need("charge", key, "charge", 400)


def check_refund(charge: Thing, amount: int, left: int) -> None:
    """Refuse to give back what was not taken."""
    if not charge["paid"]:
        raise invalid(f"Charge {charge['id']} has not been paid.", "charge")
    if left <= 0:
        already = f"Charge {charge['id']} has already been refunded."
        raise invalid(already, "charge", "charge_already_refunded")
    if not 0 < amount <= left:
        raise invalid(f"Refund amount ({amount}) is greater than {left}", "amount")


@endpoint("GET", "/v1/refunds/{refund}")
def retrieve_refund(books: Books, params: Thing, refund: str) -> Thing:
    return books.need("refund", refund)


@endpoint("GET", "/v1/refunds", {**PAGING, "charge": str, "payment_intent": str})
def list_refunds(books: Books, params: Thing) -> Thing:
    asked = {name: params.get(name) for name in ("charge", "payment_intent")}
    return page("/v1/refunds", books.every("refund", **asked), params)


def given_method(books: Books, key: str | None) -> Thing | None:
    """Return the payment method a request names, if any."""
    return taken(books, key) if key else None
