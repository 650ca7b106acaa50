"""What is counted of people before they belong anywhere."""

from typing import Any

from accounts.signals import person_changed
from organizations.events.product import track
from organizations.tenancy import identity

CONFIRMED = "user.email_verified"


def count_sign_up(*, action: str, person: Any, **kwargs: Any) -> None:
    """Count that somebody confirmed their first address."""
    if action == CONFIRMED:
        with identity(person):
            track("signup.completed")


def connect() -> None:
    """Listen, once."""
    person_changed.connect(count_sign_up, dispatch_uid="events.count_sign_up")
