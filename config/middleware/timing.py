"""How long the database took and how often it was asked: a header, and figures."""

import time
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from django.conf import settings
from django.db import connections
from django.http import HttpRequest, HttpResponse

from config.metrics import note_request


class ServerTimingMiddleware:
    """Counts statements and adds the header for staff, and wherever settings ask.

    Timing tells an attacker much, so nobody else gets it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        tally = Tally()
        with ExitStack() as stack:
            for connection in connections.all():
                stack.enter_context(connection.execute_wrapper(tally))
            response = self.get_response(request)
        seconds = time.perf_counter() - started
        note_request(request, response, seconds=seconds, tally=tally)
        user = getattr(request, "user", None)
        if settings.SERVER_TIMING or getattr(user, "is_staff", False):
            response.headers["Server-Timing"] = (
                f'db;desc="{tally.statements}";dur={tally.seconds * 1000:.1f},'
                f" app;dur={seconds * 1000:.1f}"
            )
        return response


class Tally:
    """An execute wrapper that counts statements and their seconds."""

    def __init__(self) -> None:
        self.statements = 0
        self.seconds = 0.0

    def __call__(
        self,
        execute: Callable[..., Any],
        sql: str,
        params: Any,
        many: bool,
        context: dict[str, Any],
    ) -> Any:
        started = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            self.statements += 1
            self.seconds += time.perf_counter() - started
