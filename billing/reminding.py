"""What the people of a trial are told: three days before its end, and after it.

Both run in the organization's context, and tell each thing once.
"""

from datetime import timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone

from billing.models import Subscription, SubscriptionStatus
from billing.telling import tell
from organizations.audit.recording import record, using

# Stripe tells of the end three days before it, give or take the way of the event.
SOON: Final = timedelta(days=3, hours=1)
AT_THE_END: Final = timedelta(hours=2)
# Whoever hears of it later has noticed.
FRESH: Final = timedelta(days=7)


def remind_of_trial() -> bool:
    """Tell when a trial ends, three days before; False when it is not the time."""
    now = timezone.now()
    with transaction.atomic(using=using()):
        row = locked()
        if row is None or not row.is_trial or row.trial_end is None:
            return False
        if was_told(row) or not now < row.trial_end <= now + SOON:
            return False
        return note(row, "trial_ending")


def tell_of_ended_trial() -> bool:
    """Tell that a trial has ended and nobody pays; False when that is not so."""
    with transaction.atomic(using=using()):
        row = locked()
        if row is None or not ended_with_trial(row):
            return False
        return note(row, "trial_ended")


def locked() -> Subscription | None:
    return Subscription.objects.select_for_update(of=("self",)).first()


def was_told(row: Subscription) -> bool:
    """Whether people were told of this trial: the mark may be of what came before."""
    start, told = row.trial_start, row.trial_reminded_at
    return told is not None and (start is None or told >= start)


def ended_with_trial(row: Subscription) -> bool:
    """Whether a trial ran out just now, unpaid and untold.

    One that was given up before its end was ended by its people.
    """
    if row.status != SubscriptionStatus.CANCELED or not (
        row.trial_end and row.ended_at
    ):
        return False
    if abs(row.ended_at - row.trial_end) > AT_THE_END:
        return False
    told = row.trial_reminded_at
    return row.ended_at > timezone.now() - FRESH and not (told and told > row.ended_at)


def note(row: Subscription, name: str) -> bool:
    """Keep that people are told, and tell them."""
    row.trial_reminded_at = timezone.now()
    row.save(update_fields=["trial_reminded_at"])
    record(f"subscription.{name}_told", row, label=str(row.plan))
    tell(name)
    return True
