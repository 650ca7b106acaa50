"""Invitations forget the address of a person who is erased."""

from typing import Any

from organizations.invitations.models import Invitation
from organizations.personal.erasure import forgetting


def forget_address(
    *, email: str, neutral: str, organization_id: Any, **kwargs: Any
) -> None:
    """Write the neutral address over theirs in the active organization."""
    if organization_id is not None:
        Invitation.objects.filter(email=email).update(email=neutral)


def connect() -> None:
    """Listen, once."""
    forgetting.connect(forget_address, dispatch_uid="invitations.forget_address")
