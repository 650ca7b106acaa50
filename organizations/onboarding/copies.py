"""How far a person came with the set-up, for the copy they may ask for."""

from typing import Any

from organizations.onboarding.models import WelcomeProgress
from organizations.personal.parts import Rows, collecting_outside


def progress_of(*, person: Any, **kwargs: Any) -> tuple[str, Rows]:
    """Return what a person did with each step."""
    found = WelcomeProgress.objects.filter(user=person).select_related("step")
    return "welcome-steps", [
        {
            "step": one.step.shown_title,
            "outcome": one.outcome,
            "settled_at": one.settled_at,
        }
        for one in found.order_by("settled_at", "pk")
    ]


def connect() -> None:
    """Listen, once."""
    collecting_outside.connect(progress_of, dispatch_uid="onboarding.progress_of")
