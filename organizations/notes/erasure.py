"""What staff noted about somebody goes when their account is erased."""

from typing import Any

from organizations.notes.statements import forget_notes
from organizations.personal.erasure import forgetting


def forget(*, person: Any, organization_id: Any, **kwargs: Any) -> None:
    """Delete the notes, once, outside of every organization."""
    if organization_id is None:
        forget_notes()


def connect() -> None:
    """Listen, once."""
    forgetting.connect(forget, dispatch_uid="notes.forget")
