"""Files that nothing names any more are deleted once their change is kept."""

from typing import Any

from accounts.pictures import discard
from accounts.signals import person_changed
from organizations.audit.recording import recorded
from organizations.tenancy import identity
from organizations.tenancy.jobs import enqueue, job

KEY = "picture"
LOGO = "logo"


@job()
def discard_picture(*, name: str) -> None:
    """Delete a picture that was replaced or removed."""
    discard(name)


def discard_later(*, person: Any, before: Any, **kwargs: Any) -> None:
    """Have a person's former picture deleted."""
    if before.get(KEY):
        with identity(person):
            enqueue(discard_picture, name=before[KEY])


def discard_logo_later(*, entry: Any, **kwargs: Any) -> None:
    """Have an organization's former logo deleted."""
    if entry.action == "organization.logo_changed" and entry.before.get(LOGO):
        enqueue(discard_picture, name=entry.before[LOGO])


def connect() -> None:
    """Listen, once."""
    person_changed.connect(discard_later, dispatch_uid="pictures.person")
    recorded.connect(discard_logo_later, dispatch_uid="pictures.logo")
