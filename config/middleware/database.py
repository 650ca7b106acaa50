"""While the database is away people are told to come back, not that we broke."""

import sys
from collections.abc import Callable
from typing import Any, Final

from django.core.signals import got_request_exception
from django.db import InterfaceError, OperationalError
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse

from config.errors import service_unavailable

AWAY: Final = "away"
BUSY: Final = "busy"
# SQLSTATE classes: connection exceptions, out of resources, operator intervention.
AWAY_CLASSES: Final = ("08", "53", "57")
# Statement and lock time limits, deadlocks and serialization: the server is well.
BUSY_STATES: Final = ("57014", "55P03", "40P01", "40001")


class DatabaseAwayMiddleware:
    """Answers 503 with Retry-After when the database is away or out of time.

    Django turns an exception into an answer at the middleware it passes first, so
    those of session loading or of a template never arrive here; the signal that it
    sends before marks the request instead.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        trouble = getattr(request, "database_trouble", None)
        if trouble is None:
            return response
        return service_unavailable(request, busy=trouble == BUSY)


@receiver(got_request_exception)
def mark_request(request: HttpRequest | None = None, **kwargs: Any) -> None:
    """Remember on the request that its unhandled exception is the database's."""
    if request is not None:
        request.database_trouble = trouble_of(sys.exc_info()[1])  # type: ignore[attr-defined]


def trouble_of(exception: BaseException | None) -> str | None:
    """Return whether an exception means a database away or busy, or a mistake of ours.

    Without an SQLSTATE no server answered: refused, closed or lost connections.
    """
    if isinstance(exception, InterfaceError):
        return AWAY if "connection" in str(exception) else None
    if not isinstance(exception, OperationalError):
        return None
    state = getattr(exception.__cause__, "sqlstate", None)
    if state in BUSY_STATES:
        return BUSY
    if state is None or state[:2] in AWAY_CLASSES:
        return AWAY
    return None
