"""One id for a request, in its answer, its log lines, its audit entries and its jobs."""

import re
import time
from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse
from uuid_utils.compat import uuid7

from organizations.audit.context import request_facts

log = structlog.get_logger("insula.request")
ACCEPTED = re.compile(r"[A-Za-z0-9._-]{8,64}")


class RequestIdMiddleware:
    """Takes the proxy's id when it is well-formed, makes one otherwise."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        request.id = given if ACCEPTED.fullmatch(given) else uuid7().hex  # type: ignore[attr-defined]
        started = time.perf_counter()
        structlog.contextvars.bind_contextvars(request_id=request.id)  # type: ignore[attr-defined]
        try:
            with request_facts(request):
                response = self.get_response(request)
            response["X-Request-ID"] = request.id  # type: ignore[attr-defined]
            self._log(request, response, time.perf_counter() - started)
            return response
        finally:
            structlog.contextvars.clear_contextvars()

    def _log(
        self, request: HttpRequest, response: HttpResponse, seconds: float
    ) -> None:
        organization = getattr(request, "organization", None)
        user = getattr(request, "user", None)
        log.info(
            "request",
            method=request.method,
            path=request.path,
            status=response.status_code,
            ms=round(seconds * 1000, 1),
            organization=str(organization.pk) if organization else "",
            user=str(user.pk) if user is not None and user.pk else "",
        )
