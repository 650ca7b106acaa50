"""The log of slow statements: their text without values, and what they belonged to."""

import time
from collections.abc import Callable
from typing import Any, Final

import structlog
from django.conf import settings
from django.db.backends.signals import connection_created

log = structlog.get_logger("insula.slow")
MOST_CHARACTERS: Final = 2_000


def watch_statements() -> None:
    """Watch every connection that is opened from now on, of web, worker and commands."""
    connection_created.connect(watch, dispatch_uid="slow statements")


def watch(connection: Any, **kwargs: Any) -> None:
    # A connection that was lost and opened again is the same object.
    if note_slow not in connection.execute_wrappers:
        connection.execute_wrappers.append(note_slow)


def note_slow(
    execute: Callable[..., Any],
    sql: str,
    params: Any,
    many: bool,
    context: dict[str, Any],
) -> Any:
    """Run a statement; when it was slow, write one line that says which.

    The line has the ids of its request or job. Values are left out: they are
    somebody's data.
    """
    started = time.perf_counter()
    try:
        return execute(sql, params, many, context)
    finally:
        ms = (time.perf_counter() - started) * 1000
        if 0 < settings.SLOW_STATEMENT_MS <= ms:
            text = sql if isinstance(sql, str) else str(sql)
            log.warning(
                "statement.slow",
                ms=round(ms, 1),
                connection=context["connection"].alias,
                sql=" ".join(text.split())[:MOST_CHARACTERS],
            )
