"""The queue's jobs about people and organizations; what they do is told elsewhere."""

from typing import Any

from accounts.jobs import clear_expired_sessions, send_welcome, sweep_cache
from accounts.signals import person_changed
from organizations.tenancy import identity
from organizations.tenancy.jobs import enqueue, job, periodic

welcome = job()(send_welcome)

periodic("17 3 * * *")(clear_expired_sessions)
periodic("7 * * * *")(sweep_cache)


def welcome_later(*, action: str, person: Any, **kwargs: Any) -> None:
    """Welcome a person once their address is confirmed, if the change is kept."""
    if action == "user.email_verified":
        with identity(person):
            enqueue(welcome, user_id=str(person.pk))


def connect() -> None:
    """Listen, once."""
    person_changed.connect(welcome_later, dispatch_uid="organizations.welcome")
