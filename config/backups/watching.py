"""Which locks a migration holds on the tables that were there, and for how long."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import psycopg

from organizations.tenancy.postgresql import creation

EVERY_SECONDS: Final = 0.02
# Under these nobody reads, or nobody writes; the others disturb nobody.
BLOCKS: Final = {
    "AccessExclusiveLock": "nobody could read or write",
    "ExclusiveLock": "nobody could write",
    "ShareRowExclusiveLock": "nobody could write",
    "ShareLock": "nobody could write",
}
TABLES: Final = """
SELECT c.oid::bigint, c.relname::text FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')"""
HELD: Final = """
SELECT DISTINCT relation::bigint, mode FROM pg_locks
WHERE granted AND locktype = 'relation' AND pid <> pg_backend_pid()
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND mode = ANY(%s)"""


@dataclass(frozen=True, order=True)
class Lock:
    """The longest time, in seconds, that one kind of lock was held on one table."""

    seconds: float
    table: str
    mode: str

    def __str__(self) -> str:
        return f"{self.table:<44} {self.seconds:6.2f} s  {BLOCKS[self.mode]}"


@dataclass
class Watch:
    """What was seen so far; `looks` is how often one looked."""

    tables: dict[int, str]
    looks: int = 0
    longest: dict[tuple[str, str], float] = field(default_factory=dict)
    since: dict[tuple[str, str], float] = field(default_factory=dict)

    def look(self, held: set[tuple[int, str]], now: float) -> None:
        """Note the locks of one moment; one that is gone begins anew next time."""
        self.looks += 1
        seen = {(self.tables[oid], mode) for oid, mode in held if oid in self.tables}
        self.since = {key: self.since.get(key, now) for key in seen}
        for key, first in self.since.items():
            # It was taken some time before it was first seen.
            lasted = now - first + EVERY_SECONDS
            self.longest[key] = max(self.longest.get(key, 0), lasted)

    def locks(self) -> list[Lock]:
        """Return every lock that was seen, the longest first."""
        found = (
            Lock(seconds, table, mode)
            for (table, mode), seconds in self.longest.items()
        )
        return sorted(found, reverse=True)


@contextmanager
def watching(database: str) -> Iterator[Watch]:
    """Look at a database's locks all through a block, from a connection beside."""
    params = creation.owner_params()
    with psycopg.connect(**params, dbname=database, autocommit=True) as session:
        rows: list[Any] = session.execute(TABLES.encode()).fetchall()
        watch, is_over = Watch(dict(rows)), threading.Event()
        looking = threading.Thread(target=look_on, args=[session, watch, is_over])
        looking.start()
        try:
            yield watch
        finally:
            is_over.set()
            looking.join()


def look_on(
    session: psycopg.Connection, watch: Watch, is_over: threading.Event
) -> None:
    """Look again and again until it is over."""
    modes = list(BLOCKS)
    while not is_over.wait(EVERY_SECONDS):
        rows: list[Any] = session.execute(HELD.encode(), [modes]).fetchall()
        watch.look(set(rows), time.monotonic())
