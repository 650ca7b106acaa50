"""Reads from a hot standby, for whoever does not wait for what they have just written.

The standby holds the same walls: roles, policies and the key of the seals came with the
write-ahead log. Only reading is sent there, and never within a transaction that may
have written: a statement would not see its own changes.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

from django.conf import settings
from django.db import DatabaseError, connections

from organizations.tenancy.context import no_context

PRIMARY: Final = "default"
REPLICA: Final = "replica"
# How often a process asks the standby how far behind it is, and for how long it leaves
# one alone that is away or too far behind.
SECONDS_BETWEEN_LOOKS: Final = 2.0
SECONDS_LEFT_ALONE: Final = 15.0
# What the standby has not yet replayed counts from its last commit; 0 when it has
# replayed all it received, NULL when it is no standby.
BEHIND: Final = """
SELECT CASE WHEN NOT pg_is_in_recovery() THEN NULL
  WHEN pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() THEN 0
  ELSE extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp()) END"""

_reads: ContextVar[bool] = ContextVar("reads from the replica", default=False)


class Health:
    """What a process knows of the standby: until when it needs not ask again."""

    def __init__(self) -> None:
        self.is_fine = False
        self.until = 0.0

    def look(self) -> bool:
        """Return whether the standby answers and is near enough."""
        now = time.monotonic()
        if now >= self.until:
            self.is_fine = is_near()
            self.until = now + (
                SECONDS_BETWEEN_LOOKS if self.is_fine else SECONDS_LEFT_ALONE
            )
        return self.is_fine


health = Health()


def is_near() -> bool:
    """Ask the standby whether what it shows is not older than people are promised."""
    try:
        with no_context(), connections[REPLICA].cursor() as cursor:
            cursor.execute(BEHIND)
            (behind,) = cursor.fetchone()
    except DatabaseError:
        connections[REPLICA].close()
        return False
    return behind is not None and behind <= settings.REPLICA_GRACE_SECONDS


def reading() -> str:
    """Return the alias that a reading statement of the present request goes to."""
    if not _reads.get() or connections[PRIMARY].in_atomic_block:
        return PRIMARY
    return REPLICA


@contextmanager
def from_replica() -> Iterator[bool]:
    """Send what is read within the block to the standby, if it is near enough."""
    if not settings.HAS_REPLICA or not health.look():
        yield False
        return
    token = _reads.set(True)
    try:
        yield True
    finally:
        _reads.reset(token)
