"""Journeys of a newcomer: step by step, to the end or out of it."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.flows import complete_onboarding
from accounts.models import User
from organizations.audit.recording import record, using
from organizations.onboarding.models import Outcome, WelcomeProgress, WelcomeStep
from organizations.tenancy import as_user, no_context


def settle_step(*, user: Any, step: WelcomeStep, outcome: Outcome) -> bool:
    """Keep what a person did with a step; False when that is kept already.

    What is done stays done, also when it is skipped the next time.
    """
    with no_context(), as_user(user), transaction.atomic():
        kept, new = WelcomeProgress.objects.get_or_create(
            user=user, step=step, defaults={"outcome": outcome}
        )
        if not new:
            if kept.outcome in (outcome, Outcome.DONE):
                return False
            kept.outcome, kept.settled_at = outcome, timezone.now()
            kept.save(update_fields=["outcome", "settled_at"])
        done = outcome == Outcome.DONE
        action = "user.welcome_step_done" if done else "user.welcome_step_skipped"
        record(action, step, by=user)
    return True


def finish(*, user: Any, dismissed: bool = False) -> bool:
    """End a person's set-up, done or not; False when it has ended."""
    with no_context(), as_user(user):
        return complete_onboarding(user=user, dismissed=dismissed)


def announce(*, step: WelcomeStep, by: Any, reason: str) -> int:
    """Offer a step to everybody who had finished; return how many they are.

    0 as well when it was announced before: nobody is told twice.
    """
    with transaction.atomic(using=using()):
        rows = WelcomeStep.objects.filter(pk=step.pk, announced_at=None)
        now = timezone.now()
        if not rows.update(announced_at=now):
            return 0
        step.announced_at = now
        people = finished_people()
        after = {"people": people, "reason": reason}
        record("welcome_step.announced", step, by=by, after=after)
    return people


def finished_people() -> int:
    """Return how many people have finished their set-up and can sign in."""
    return User.objects.filter(onboarding_completed=True, is_active=True).count()
