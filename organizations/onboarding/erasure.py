"""What somebody did with the set-up goes with their name."""

from typing import Any

from organizations.onboarding.models import WelcomeProgress
from organizations.personal.erasure import forgetting


def forget_progress(*, person: Any, organization_id: Any, **kwargs: Any) -> None:
    """Delete a person's progress."""
    if organization_id is None:
        WelcomeProgress.objects.filter(user=person).delete()


def connect() -> None:
    """Listen, once."""
    forgetting.connect(forget_progress, dispatch_uid="onboarding.forget_progress")
