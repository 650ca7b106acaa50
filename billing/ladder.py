"""The steps after a failed payment: when each is due, and what it leaves."""

from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.utils import timezone

from billing.models import Subscription, SubscriptionStatus
from organizations.models import Standing

# The steps before are mails.
READ_ONLY: Final = 4
SUSPENDED: Final = 5


def step_due(row: Subscription) -> int:
    """Return the step that the days since the payment failed have led to."""
    if row.past_due_since is None:
        return 0
    late_for = timezone.now() - row.past_due_since
    days = settings.BILLING_DUNNING_DAYS
    due = sum(late_for >= timedelta(days=each) for each in days)
    # Stripe has given up: there is no other try to wait for.
    given_up = row.status == SubscriptionStatus.UNPAID
    return max(due, READ_ONLY if given_up else 1)


def step_at(row: Subscription, step: int) -> datetime | None:
    """Return when a step comes; None while no payment is late."""
    since = row.past_due_since
    return since and since + timedelta(days=settings.BILLING_DUNNING_DAYS[step - 1])


def standing_of(step: int) -> Standing:
    """Return what a step leaves an organization."""
    if step >= SUSPENDED:
        return Standing.SUSPENDED
    return Standing.READ_ONLY if step >= READ_ONLY else Standing.GOOD
