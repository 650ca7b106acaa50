"""What billing's mails say, read from the rows when they are sent; None sends nothing."""

from collections.abc import Callable
from typing import Any, Final

from django.utils.translation import gettext as _

from billing.entitlement import effective, lowest_plan
from billing.ladder import READ_ONLY, SUSPENDED, step_at
from billing.models import Interval, Invoice, InvoiceStatus, Subscription
from billing.money import money
from organizations.limits.counting import usage

Letter = dict[str, Any] | None


def payment_failed(row: Subscription) -> Letter:
    """Say which payment failed, when it is tried again, and what happens when."""
    if not row.is_late or not 0 < row.dunning_step < READ_ONLY:
        return None
    ends = {"is_first": row.dunning_step == 1, "is_last": row.dunning_step == 3}
    return ends | owed(row)


def organization_restricted(row: Subscription) -> Letter:
    """Say what is closed, and what comes next."""
    if not row.is_late or row.dunning_step < READ_ONLY:
        return None
    return {"is_suspended": row.dunning_step >= SUSPENDED} | owed(row)


def payment_thanks(row: Subscription) -> Letter:
    """Say that everything is open again."""
    return None if row.is_late else {}


def trial_ending(row: Subscription) -> Letter:
    """Say when, and what it will cost or what it falls back to."""
    if not row.is_trial:
        return None
    has_card = bool(row.card.get("last4"))
    return {
        "has_card": has_card,
        "pays": has_card and not row.ends_at,
        "card": row.card,
        "cost": cost(row),
    } | what_is_left(row)


def cost(row: Subscription) -> str:
    """Return what a period costs, and for a price of seats how that comes about."""
    each = _("a year") if row.interval == Interval.YEAR else _("a month")
    price, total = (
        money(cents, row.currency) for cents in (row.cents, row.total_cents)
    )
    words = {"total": total, "each": each, "seats": row.seats, "price": price}
    if not row.plan.is_per_seat:
        return _("%(total)s %(each)s") % words
    return _("%(total)s %(each)s: %(seats)s × %(price)s") % words


def trial_ended(row: Subscription) -> Letter:
    """Say that it is over, and what is left."""
    return None if row.is_entitled else what_is_left(row)


def comp_ending(row: Subscription) -> Letter:
    """Say until when the plan is given."""
    return what_is_left(row) if row.is_comped and row.comped_until else None


def comp_ended(row: Subscription) -> Letter:
    """Say that the plan is given no more."""
    return None if row.is_entitled else what_is_left(row)


def owed(row: Subscription) -> dict[str, Any]:
    """Return what is owed, and when which step comes."""
    unpaid = Invoice.objects.filter(
        status__in=[InvoiceStatus.OPEN, InvoiceStatus.UNCOLLECTIBLE]
    )
    invoice = unpaid.order_by("issued_at", "pk").first()
    cents = row.total_cents
    if invoice is not None:
        cents = invoice.total_cents - invoice.paid_cents
    return {
        "invoice": invoice,
        "amount": money(cents, row.currency),
        "card": row.card,
        "tried_at": invoice and invoice.next_attempt_at,
        "read_only_at": step_at(row, READ_ONLY),
        "suspended_at": step_at(row, SUSPENDED),
    }


def what_is_left(row: Subscription) -> dict[str, Any]:
    """Return the plan that costs nothing, and what is more than it allows."""
    free = lowest_plan()
    limits = effective(free.limits, row.organization.limit_overrides)
    passed = [
        _("%(thing)s: %(used)s of %(limit)s")
        % {
            "thing": use.key.label,
            "used": use.used_words,
            "limit": use._replace(limit=limits[use.key]).limit_words,
        }
        for use in usage()
        if use.key in limits and use.used > limits[use.key]
    ]
    return {"free": free, "over": "; ".join(passed)}


LETTERS: Final[dict[str, Callable[[Subscription], Letter]]] = {
    each.__name__: each
    for each in (
        payment_failed,
        organization_restricted,
        payment_thanks,
        trial_ending,
        trial_ended,
        comp_ending,
        comp_ended,
    )
}
