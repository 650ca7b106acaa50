"""Invitations that wait for a person, for the copy they may ask for."""

from typing import Any

from organizations.invitations.queries import waiting_for
from organizations.personal.parts import Rows, collecting_outside


def invitations_of(*, person: Any, **kwargs: Any) -> tuple[str, Rows]:
    """Return the invitations a person could accept now."""
    return "invitations", [
        {"organization": one.name, "role": one.role} for one in waiting_for(person)
    ]


def connect() -> None:
    """Listen, once."""
    collecting_outside.connect(
        invitations_of, dispatch_uid="invitations.invitations_of"
    )
