"""What billing's mails say, read from the rows when they are sent; None sends nothing."""

from collections.abc import Callable
from typing import Any, Final

from billing.entitlement import effective, lowest_plan
from billing.ladder import READ_ONLY, SUSPENDED, step_at
from billing.models import Invoice, InvoiceStatus, Subscription, SubscriptionStatus
from organizations.models import Organization

Letter = dict[str, Any] | None


def payment_failed(row: Subscription) -> Letter:
    """Say which payment failed, when it is tried again, and what happens when."""
    if not row.is_late or not 0 < row.dunning_step < READ_ONLY:
        return None
    return {
        "invoice": owed(),
        "is_last": row.dunning_step == READ_ONLY - 1,
        "is_first": row.dunning_step == 1,
        "read_only_at": step_at(row, READ_ONLY),
        "suspended_at": step_at(row, SUSPENDED),
    }


def organization_restricted(row: Subscription) -> Letter:
    """Say what is closed, and what comes next."""
    if not row.is_late or row.dunning_step < READ_ONLY:
        return None
    return {
        "invoice": owed(),
        "is_suspended": row.dunning_step >= SUSPENDED,
        "suspended_at": step_at(row, SUSPENDED),
    }


def payment_thanks(row: Subscription) -> Letter:
    """Say that everything is open again."""
    return None if row.is_late else {}


def trial_ending(row: Subscription) -> Letter:
    """Say when, and what it will cost or what it falls back to."""
    if not row.is_trial:
        return None
    free = lowest_plan()
    return {"free": free, "over": too_much_for(row, free)}


def trial_ended(row: Subscription) -> Letter:
    """Say that it is over, and what is left."""
    if row.status != SubscriptionStatus.CANCELED:
        return None
    free = lowest_plan()
    return {"free": free, "over": too_much_for(row, free)}


def comp_ending(row: Subscription) -> Letter:
    """Say until when the plan is given."""
    return {"free": lowest_plan()} if row.is_comped and row.comped_until else None


def comp_ended(row: Subscription) -> Letter:
    """Say that the plan is given no more."""
    return None if row.is_entitled else {"free": lowest_plan()}


def owed() -> Invoice | None:
    """Return the oldest invoice that is not paid."""
    unpaid = Invoice.objects.filter(
        status__in=[InvoiceStatus.OPEN, InvoiceStatus.UNCOLLECTIBLE]
    )
    return unpaid.order_by("issued_at").first()


LETTERS: Final[dict[str, Callable[[Subscription], Letter]]] = {
    "payment_failed": payment_failed,
    "organization_restricted": organization_restricted,
    "payment_thanks": payment_thanks,
    "trial_ending": trial_ending,
    "trial_ended": trial_ended,
    "comp_ending": comp_ending,
    "comp_ended": comp_ended,
}
