"""Where a person asked to join, for the copy they may ask for."""

from typing import Any

from organizations.domains.models import JoinRequest
from organizations.personal.parts import Rows, collecting_outside

FACTS = ("organization_id", "created_at", "approved_at", "denied_at")


def requests_of(*, person: Any, **kwargs: Any) -> tuple[str, Rows]:
    """Return a person's requests to every organization, answered or not."""
    found = JoinRequest.own.filter(user=person).order_by("pk")
    return "join-requests", list(found.values(*FACTS))


def connect() -> None:
    """Listen, once."""
    collecting_outside.connect(requests_of, dispatch_uid="domains.requests_of")
