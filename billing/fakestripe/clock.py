"""The clock: what becomes due is done in its order, at its moment."""

from collections.abc import Callable, Iterator
from typing import Final

from billing.fakestripe import checkout, cycles, schedules, subscriptions
from billing.fakestripe.errors import invalid
from billing.fakestripe.periods import DAY
from billing.fakestripe.store import Books, Thing
from billing.fakestripe.subscriptions import CLOSED, REMINDER
from billing.fakestripe.things import hidden

Step = tuple[int, int, Callable[[Books, Thing], object], Thing]
# A first payment may wait this long.
PATIENCE: Final = DAY - 3600


def run_due(books: Books, until: int) -> int:
    """Do everything due up to a moment; return how much that was."""
    done = 0
    while True:
        waiting = [step for step in steps(books) if step[0] <= until]
        if not waiting:
            books.at = None
            return done
        moment, _order, act, thing = min(waiting, key=lambda step: step[:2])
        books.at = moment
        act(books, thing)
        done += 1


def steps(books: Books) -> Iterator[Step]:
    """Yield all that time will bring, each with its moment."""
    for session in books.every("checkout.session", status="open"):
        yield session["expires_at"], 0, expire_session, session
    for schedule in books.every("subscription_schedule", status="active"):
        yield schedules.next_moment(schedule), 1, schedules.go_on, schedule
    for invoice in books.every("invoice", status="open"):
        if invoice["next_payment_attempt"]:
            yield invoice["next_payment_attempt"], 2, cycles.retry, invoice
    for subscription in books.every("subscription"):
        if subscription["status"] not in CLOSED:
            yield from of_subscription(subscription)


def of_subscription(subscription: Thing) -> Iterator[Step]:
    """Yield what time will bring a subscription."""
    status, (begun, end) = subscription["status"], subscriptions.span(subscription)
    if status == "incomplete":
        yield begun + PATIENCE, 3, cycles.expire, subscription
        return
    if subscription["cancel_at"]:
        yield min(subscription["cancel_at"], end), 2, finish, subscription
    if status == "trialing":
        reminder = max(begun, end - REMINDER)
        if not hidden(subscription).get("reminded"):
            yield reminder, 1, subscriptions.remind, subscription
        yield end, 4, cycles.end_trial, subscription
    elif status != "paused":
        yield end, 4, cycles.renew, subscription


def finish(books: Books, subscription: Thing) -> None:
    """End a subscription as it was asked to."""
    subscriptions.close(books, subscription, "cancellation_requested")


def expire_session(books: Books, session: Thing) -> None:
    checkout.expire_session(books, {}, session["id"])


def next_of(books: Books, step: str, key: str) -> int:
    """Return the moment of a subscription's reminder, or of its period's end."""
    subscription = books.need("subscription", key)
    if subscription["status"] in CLOSED:
        raise invalid("This subscription has ended.")
    end = subscriptions.span(subscription)[1]
    if step == "end":
        return end
    if subscription["status"] != "trialing":
        raise invalid("This subscription is not in a trial.")
    return max(end - REMINDER, books.now)
