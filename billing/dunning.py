"""What a late payment leads to: three mails, read-only, suspended; nothing is deleted.

All of it runs in the organization's context, and can be done again at any time.
"""

from typing import Final

from django.db import transaction
from django.utils import timezone

from billing.granting import set_standing
from billing.ladder import READ_ONLY, standing_of, step_due
from billing.models import Subscription
from billing.telling import tell
from organizations.audit.recording import record, using
from organizations.models import Standing

LATE: Final = "a payment is late"
PAID: Final = "no payment is late any more"


def follow() -> None:
    """Climb while a payment is late, and come down once none is."""
    if not climb():
        forgive()


def climb() -> int:
    """Take the step that is due, of several only the newest; 0 when none is."""
    with transaction.atomic(using=using()):
        row = locked()
        if row is None or not row.is_late:
            return 0
        if row.past_due_since is None:
            row.past_due_since = timezone.now()
        step, before = step_due(row), row.dunning_step
        if step <= before:
            return 0
        row.dunning_step = step
        row.save(update_fields=["dunning_step", "past_due_since"])
        facts = {"before": {"step": before}, "after": {"step": step}}
        record("subscription.dunned", row, label=str(row.plan), **facts)
        restrict(row)
        tell("payment_failed" if step < READ_ONLY else "organization_restricted")
    return step


def forgive() -> bool:
    """Come down where no payment is late any more; False elsewhere.

    So it is, too, where the subscription has ended: the free plan is what is left.
    """
    with transaction.atomic(using=using()):
        row = locked()
        if row is None or row.is_late or not row.dunning_step:
            return False
        step = row.dunning_step
        row.dunning_step, row.past_due_since = 0, None
        row.save(update_fields=["dunning_step", "past_due_since"])
        facts = {"before": {"step": step}, "after": {"step": 0}}
        record("subscription.dunning_ended", row, label=str(row.plan), **facts)
        if lift(row, step) and row.is_entitled:
            tell("payment_thanks")
    return True


def locked() -> Subscription | None:
    """Return the organization's subscription, to be changed by nobody else."""
    return Subscription.objects.select_for_update(of=("self",)).first()


def restrict(row: Subscription) -> None:
    """Take from the organization what its step takes; never give anything back."""
    organization = row.organization
    standing, steps = standing_of(row.dunning_step), list(Standing)
    if steps.index(standing) > steps.index(Standing(organization.standing)):
        set_standing(organization=organization, standing=standing, reason=LATE)


def lift(row: Subscription, step: int) -> bool:
    """Take back what a step took; what staff chose instead stays."""
    organization = row.organization
    if organization.standing != standing_of(step):
        return False
    return set_standing(organization=organization, standing=Standing.GOOD, reason=PAID)
