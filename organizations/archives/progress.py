"""How far a long piece of work has come, for the page that waits for it.

The work is one transaction, so what it writes is seen by nobody before its end; the
cache may stand in the same database and would be no better. The numbers are written on
a connection of their own, by a thread that has the work's context and nothing else:
row security holds there as everywhere.
"""

import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import copy_context
from typing import Any, Final

import structlog
from django.db import DatabaseError, connection

log = structlog.get_logger("insula.archives")

EVERY_SECONDS: Final = 1.0


class Watch:
    """Hears of each row that is done, and makes nothing of it."""

    def expect(self, total: int) -> None:
        """Hear how many steps there will be."""

    def step(self) -> None:
        """Hear that one more is done."""


class Progress(Watch):
    """Writes to a row with `done` and `total` how much is done, once a second at most."""

    def __init__(self, row: Any, writer: ThreadPoolExecutor) -> None:
        self.rows = type(row).objects.filter(pk=row.pk, **{row.IS_AT: row.is_at})
        self.writer, self.context = writer, copy_context()
        self.done, self.total, self.next = 0, 0, 0.0
        self.written: Future[None] | None = None

    def expect(self, total: int) -> None:
        self.total = total

    def step(self) -> None:
        self.done = min(self.done + 1, self.total)
        now = time.monotonic()
        if now < self.next or (self.written and not self.written.done()):
            return
        self.next = now + EVERY_SECONDS
        self.written = self.writer.submit(self.context.run, self.write, self.done)

    def write(self, done: int) -> None:
        """Note how much is done; the work goes on where that cannot be noted."""
        try:
            self.rows.update(done=done, total=self.total)
        except DatabaseError:
            log.warning("archive.progress", exc_info=True)


@contextmanager
def progress(row: Any) -> Iterator[Progress]:
    """Watch a piece of work; enter it outside of the work's transaction.

    The thread may wait for a row that the work has changed, and the work must not wait
    for the thread before its transaction has ended.
    """
    with ThreadPoolExecutor(max_workers=1) as writer:
        try:
            yield Progress(row, writer)
        finally:
            writer.submit(hang_up)


def hang_up() -> None:
    """Close the connection of the thread that calls."""
    connection.close()


def percent(done: int, total: int) -> int:
    """Return how much is done; a hundred is left to the end."""
    return min(99, 100 * done // total) if total else 0
