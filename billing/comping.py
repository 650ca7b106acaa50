"""Plans given by staff: nobody pays, and they end at a moment or when staff say so.

All of it runs in the organization's context.
"""

from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from billing import dunning
from billing.entitlement import write_plan
from billing.models import Plan, Subscription, SubscriptionStatus
from billing.telling import tell
from organizations.audit.recording import record, using

WEEK: Final = timedelta(days=7)
# What a plan that is given has nothing of: it is no business of Stripe's. That there
# was a trial stays: there is one only.
NOT_PAID: Final[dict[str, Any]] = {
    "cents": 0,
    "stripe_subscription_id": "",
    "stripe_item_id": "",
    "stripe_price_id": "",
    "stripe_schedule_id": "",
    "current_period_start": None,
    "current_period_end": None,
    "cancel_at_period_end": False,
    "cancel_at": None,
    "ended_at": None,
    "next_plan_id": None,
    "next_interval": "",
    "trial_reminded_at": None,
}


class PaidAlready(Exception):
    """A subscription is paid at Stripe, and must end there first."""


def comp(
    *,
    plan: Plan,
    until: datetime | None = None,
    seats: int = 1,
    reason: str,
    by: Any,
) -> Subscription:
    """Give the active organization a plan, or change what was given.

    PaidAlready while a subscription runs at Stripe.
    """
    with transaction.atomic(using=using()):
        Subscription.objects.get_or_create(defaults={"plan": plan})
        row = Subscription.objects.select_for_update(of=("self",)).get()
        if row.is_at_stripe:
            raise PaidAlready
        before = given(row) if row.is_comped else {}
        row.plan, row.seats, row.status = plan, seats, SubscriptionStatus.ACTIVE
        row.is_comped, row.comped_until = True, until
        for name, value in NOT_PAID.items():
            setattr(row, name, value)
        row.save()
        write_plan(row)
        after = given(row) | {"reason": reason}
        record("subscription.comped", row, by=by, before=before, after=after)
        dunning.forgive()
    return row


def end_comp(*, reason: str, by: Any = None) -> bool:
    """Take back what was given; False when nothing is."""
    with transaction.atomic(using=using()):
        row = Subscription.objects.select_for_update(of=("self",)).first()
        if row is None or not row.is_comped:
            return False
        before = given(row)
        row.status, row.ended_at = SubscriptionStatus.CANCELED, timezone.now()
        row.is_comped, row.comped_until = False, None
        row.save(update_fields=["status", "ended_at", "is_comped", "comped_until"])
        write_plan(row)
        record(
            "subscription.comp_ended",
            row,
            by=by,
            before=before,
            after={"reason": reason},
        )
        tell("comp_ended")
    return True


def keep_time() -> None:
    """End what was given until now, and remind of what ends within a week."""
    now = timezone.now()
    with transaction.atomic(using=using()):
        row = Subscription.objects.select_for_update(of=("self",)).first()
        if row is None or not row.is_comped or row.comped_until is None:
            return
        if row.comped_until <= now:
            end_comp(reason="its time is over")
        elif row.comped_until <= now + WEEK and row.trial_reminded_at is None:
            row.trial_reminded_at = now
            row.save(update_fields=["trial_reminded_at"])
            record("subscription.comp_reminded", row)
            tell("comp_ending")


def given(row: Subscription) -> dict[str, Any]:
    """Return what was given, for the history."""
    until = row.comped_until
    told: dict[str, Any] = {"plan": row.plan_id, "seats": row.seats}
    return told | ({"until": until.isoformat()} if until else {})
