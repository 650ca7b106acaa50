"""Where a change came from: the request's facts, for every entry made during it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.http import HttpRequest


@dataclass(frozen=True)
class Facts:
    """Address, browser and id of the request a change is made in."""

    address: str | None = None
    user_agent: str = ""
    request_id: str = ""


_facts: ContextVar[Facts] = ContextVar("audit_facts", default=Facts())
facts = _facts.get


@contextmanager
def request_facts(request: HttpRequest) -> Iterator[None]:
    """Remember a request's facts for the entries recorded in it."""
    token = _facts.set(
        Facts(
            address=request.META.get("REMOTE_ADDR") or None,
            user_agent=request.headers.get("User-Agent", "")[:500],
            request_id=request.id,  # type: ignore[attr-defined]
        )
    )
    try:
        yield
    finally:
        _facts.reset(token)
