"""The double itself: answers requests, keeps the clock, plays the bank and the buyer."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from billing.fakestripe import (
    changing,
    checkout,
    clock,
    customers,
    delivering,
    events,
    hooks,
    invoices,
    payments,
    portal,
    previews,
    schedules,
    subscribing,
)
from billing.fakestripe.cards import PAYS
from billing.fakestripe.endpoints import check_required, endpoint_of, expand
from billing.fakestripe.errors import Refusal, invalid, other_parameters
from billing.fakestripe.params import parsed, typed
from billing.fakestripe.store import Books, Store, Thing
from billing.fakestripe.things import new_id, shown

Answered = tuple[int, Thing]
# Their addresses are declared by being imported.
MAP = (checkout, customers, hooks, payments, portal, previews, schedules)


def current() -> "FakeStripe":
    """Return the double of the settings."""
    path = getattr(settings, "BILLING_DOUBLE", None)
    if not path:
        raise ImproperlyConfigured("BILLING_DOUBLE names no file: there is no double.")
    return FakeStripe(path)


class FakeStripe:
    """A stand-in for Stripe that keeps its state in one file."""

    def __init__(self, path: Any) -> None:
        self.store = Store(path)

    @contextmanager
    def writing(self) -> Iterator[Books]:
        """Open a transaction whose events are sent when it has ended."""
        with self.store.books() as books:
            yield books
        delivering.soon(self)

    # --- requests ---------------------------------------------------------------

    def answer(self, method: str, url: str, body: Any, key: str | None) -> Answered:
        """Answer one request; the same key gets the same answer again."""
        request = {"id": new_id("req", 14), "idempotency_key": key}
        opened = self.store.books if method == "GET" else self.writing
        with opened() as books:
            if method != "GET":
                clock.run_due(books, books.now)
            books.request = request
            try:
                path, given = parsed(url, body)
                asked = json.dumps([method, path, given], sort_keys=True)
                stored = (
                    answered_before(books, key, asked) if method == "POST" else None
                )
                if stored:
                    return stored
                status, answer = attempted(books, method, path, given)
            except Refusal as refusal:
                return refusal.status, refusal.body()
            if key and method == "POST":
                remember(books, key, asked, status, answer)
            return status, answer

    # --- the clock --------------------------------------------------------------

    def now(self) -> int:
        with self.store.books() as books:
            return books.now

    def freeze(self, moment: datetime | int) -> None:
        """Stop the clock at a moment; from then on it moves only when it is moved."""
        with self.store.books() as books:
            books.note("frozen", seconds(moment))

    def advance_to(self, moment: datetime | int) -> int:
        """Move the clock on, doing all that becomes due; return how much that was."""
        until = seconds(moment)
        with self.writing() as books:
            before = books.now
            done = clock.run_due(books, until)
            if books.meta("frozen"):
                books.note("frozen", max(before, until))
            elif until > before:
                books.note("offset", int(books.meta("offset") or 0) + until - before)
        return done

    def advance(self, seconds: int = 0, *, days: int = 0) -> int:
        """Move the clock on by a while."""
        return self.advance_to(self.now() + seconds + days * 86_400)

    # --- the bank and the buyer -------------------------------------------------

    def pay(self, session: str, card: str = PAYS, email: str = "") -> Thing:
        """Do what somebody does on the page of a checkout session."""
        with self.writing() as books:
            return dict(shown(checkout.complete(books, session, card, email)))

    def expire_session(self, session: str) -> None:
        with self.writing() as books:
            checkout.expire_session(books, {}, session)

    def change_card(self, customer: str, card: str) -> Thing:
        """Do what somebody does in the portal who has a new card."""
        with self.writing() as books:
            return dict(shown(portal.change_card(books, customer, card)))

    def decline_next(self, customer: str) -> None:
        """Let the next payment of a customer be declined."""
        with self.writing() as books:
            customers.decline_next(books, customer)

    def refund(self, invoice: str, amount: int | None = None) -> Thing:
        """Give back what was paid for an invoice, or a part of it."""
        with self.writing() as books:
            books.need("invoice", invoice)
            for part in books.every("invoice_payment", invoice=invoice, status="paid"):
                intent = part["payment"]["payment_intent"]
                given = {"payment_intent": intent, "amount": amount}
                return dict(shown(payments.create_refund(books, given)))
            raise invalid("Nothing was paid for this invoice.", "invoice")

    def after_retries(self, ending: str) -> None:
        """Say what becomes of a subscription nobody pays: unpaid or canceled."""
        with self.store.books() as books:
            books.note("after_retries", ending)

    def end_later(self, subscription: str, *, ends: bool) -> None:
        """Let a subscription end with its period, or go on after all."""
        with self.writing() as books:
            found = books.need("subscription", subscription)
            changing.update(books, found, {"cancel_at_period_end": ends})

    def pay_invoice(self, invoice: str, card: str) -> None:
        """Pay an open invoice with another card, which is used from then on."""
        customer = self.get(invoice)["customer"]
        method = self.change_card(customer, card)
        with self.writing() as books, books.attempt():
            subscribing.pay_invoice(books, {"payment_method": method["id"]}, invoice)

    def step(self, step: str, subscription: str) -> None:
        """Let time or the bank do something to a subscription."""
        if step == "day":
            self.advance(days=1)
            return
        found = self.get(subscription)
        if step == "decline":
            self.decline_next(found["customer"])
        elif step == "refund":
            self.refund(self.last_paid(found))
        else:
            with self.store.books() as books:
                moment = clock.next_of(books, step, subscription)
            self.advance_to(moment)

    def last_paid(self, subscription: Thing) -> str:
        """Return the newest invoice of a subscription that money was taken for."""
        found = self.every("invoice", customer=subscription["customer"], status="paid")
        for invoice in found:
            ours = invoices.subscription_of(invoice) == subscription["id"]
            if ours and invoice["amount_paid"]:
                return str(invoice["id"])
        raise invalid("Nothing was paid yet.")

    # --- looking in -------------------------------------------------------------

    def get(self, key: str) -> Thing:
        """Return an object as it is shown."""
        with self.store.books() as books:
            found = books.find(key)
        if found is None:
            raise LookupError(key)
        return dict(shown(found))

    def read(self, page: Callable[..., Thing], *keys: str) -> Thing:
        """Return what a page shows of the objects with these ids."""
        with self.store.books() as books:
            found = [books.find(key) for key in keys]
            if None in found:
                raise LookupError(keys)
            return page(books, *found)

    def every(self, kind: str, **equal: Any) -> list[Thing]:
        """Return objects of a kind, newest first."""
        with self.store.books() as books:
            return list(shown(books.every(kind, **equal)))

    def events(self) -> list[Thing]:
        with self.store.books() as books:
            return events.told(books)

    def outbox(self) -> list[Thing]:
        """Return the events nobody has taken yet."""
        with self.store.books() as books:
            return events.waiting(books)

    # --- delivery ---------------------------------------------------------------

    def signed(self, event: Thing, secret: str, at: int | None = None) -> Any:
        """Return an event's body, and the header that proves where it is from."""
        return events.signed(event, secret, self.signing_time() if at is None else at)

    def signing_time(self) -> int:
        """Return the real time: whoever verifies has no clock of ours."""
        return int(time.time())

    def deliver(self, post: delivering.Post) -> int:
        """Hand over each event that waits; return how many were taken."""
        taken = 0
        for event in self.outbox():
            with self.store.books() as books:
                otherwise = getattr(settings, "STRIPE_WEBHOOK_SECRET", "")
                secret = hooks.secret_for(books, event, otherwise)
            if secret is not None:
                body, signature = self.signed(event, secret)
                headers = {"Stripe-Signature": signature}
                if not 200 <= post(body, headers) < 300:
                    self.mark(events.refused, event)
                    continue
                taken += 1
            self.mark(events.delivered, event)
        return taken

    def mark(self, how: Callable[[Books, Thing], None], event: Thing) -> None:
        with self.store.books() as books:
            how(books, event)


def seconds(moment: datetime | int) -> int:
    return moment if isinstance(moment, int) else int(moment.timestamp())


def answered_before(books: Books, key: str | None, asked: str) -> Answered | None:
    """Return the answer a key got, or refuse it for another request."""
    row = books.connection.execute(
        "SELECT request, status, body FROM idempotency WHERE key = ?", (key,)
    ).fetchone()
    if row is None:
        return None
    if row[0] != asked:
        raise other_parameters(str(key))
    return row[1], json.loads(row[2])


def remember(books: Books, key: str, asked: str, status: int, answer: Thing) -> None:
    """Keep an answer for its key."""
    books.connection.execute(
        "INSERT INTO idempotency VALUES (?, ?, ?, ?)",
        (key, asked, status, json.dumps(answer)),
    )


def attempted(books: Books, method: str, path: str, given: Thing) -> Answered:
    """Answer a request; one that is refused leaves nothing behind."""
    one, ids = endpoint_of(method, path)
    params = typed(given, one.accepts) or {}
    check_required(one, params)
    try:
        with books.attempt():
            answer = one.answer(books, params, *ids)
            for way in params.get("expand", []):
                expand(books, answer, way)
    except Refusal as refusal:
        # A bank's refusal is an answer like any other: its key gets it again.
        if refusal.status != 402:
            raise
        return refusal.status, refusal.body()
    return 200, shown(answer)
