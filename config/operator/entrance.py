"""The door of the console: one request, wholly inside the operator's context."""

from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse

from organizations.audit.recording import record
from organizations.tenancy import bind, operator

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
# In the session: this browser's first visit is recorded already.
VISITED = "console"


def answer_as_operator(
    request: HttpRequest, view: Callable[[], HttpResponse]
) -> HttpResponse:
    """Run a view as the operator, and finish its answer before the context is left.

    A write and its entries are one transaction. Templates are rendered here, since
    their querysets would find no operator any more where Django renders them.
    """
    with (
        operator(request.user, reason=f"console {request.method} {request.path}") as me,
        saving(request),
    ):
        note_visit(request)
        response: Any = view()
        if not getattr(response, "is_rendered", True):
            response.render()
    if response.streaming:
        response.streaming_content = bind(me, response.streaming_content)
    return response


def saving(request: HttpRequest) -> Any:
    """Return a transaction for a request that may write, nothing for one that reads."""
    if request.method in SAFE_METHODS:
        return nullcontext()
    return transaction.atomic(using="operator")


def note_visit(request: HttpRequest) -> None:
    """Record that a member of staff came in, once a session."""
    if not request.session.get(VISITED):
        record("console.entered", by=request.user)
        request.session[VISITED] = True
