"""One id for a request, in its answer, its log lines, its audit entries and its jobs."""

import re
import time
from collections.abc import Callable
from typing import Final

import structlog
from django.http import HttpRequest, HttpResponse
from uuid_utils.compat import uuid7

from organizations.audit.context import request_facts
from organizations.http import TenantRequest

log = structlog.get_logger("insula.request")
ACCEPTED: Final = re.compile(r"[A-Za-z0-9._-]{8,64}")
# Addresses with one of these in them are secrets, so the log names the route.
SECRET_PARTS: Final = frozenset({"key", "token", "uidb36"})


class RequestIdMiddleware:
    """Takes the caller's id when it is well-formed, makes one otherwise."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: TenantRequest) -> HttpResponse:
        started = time.perf_counter()
        given = request.headers.get("X-Request-ID", "")
        request.id = given if ACCEPTED.fullmatch(given) else uuid7().hex
        structlog.contextvars.bind_contextvars(request_id=request.id)
        try:
            with request_facts(request):
                response = self.get_response(request)
            response.headers["X-Request-ID"] = request.id
            log_answer(request, response, time.perf_counter() - started)
            return response
        finally:
            structlog.contextvars.clear_contextvars()


def log_answer(request: HttpRequest, response: HttpResponse, seconds: float) -> None:
    """Write the one line of a request: never its body, query or cookies."""
    organization = getattr(request, "organization", None)
    user = getattr(request, "user", None)
    log.info(
        "request",
        method=request.method,
        path=loggable_path(request),
        status=response.status_code,
        ms=round(seconds * 1000, 1),
        organization=str(organization.pk) if organization else "",
        user=str(user.pk) if user is not None and user.pk else "",
    )


def loggable_path(request: HttpRequest) -> str:
    match = request.resolver_match
    if match is not None and not SECRET_PARTS.isdisjoint(match.kwargs):
        return f"/{match.route}"
    return request.path
