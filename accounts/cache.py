"""The cache all processes share: Django's table, with one statement a call.

Django counts the whole table before each write and asks twice what is in it; one
sign-in writes a dozen times, because its limits are kept here.
"""

import base64
import pickle
from datetime import UTC, datetime
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.db import DatabaseCache
from django.db import connections, router
from django.utils import timezone

PUT = """
INSERT INTO {table} AS old (cache_key, value, expires) VALUES (%s, %s, %s)
ON CONFLICT (cache_key) DO UPDATE SET value = excluded.value, expires = excluded.expires
WHERE %s OR old.expires <= %s"""
TOUCH = "UPDATE {table} SET expires = %s WHERE cache_key = %s AND expires > %s"
SWEEP = "DELETE FROM {table} WHERE expires <= %s"
NEVER = datetime.max.replace(tzinfo=UTC)


class SharedCache(DatabaseCache):
    """Django's database cache; what expired is swept by a job, not by the writer."""

    def _base_set(
        self, mode: str, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT
    ) -> bool:
        moment = self.get_backend_timeout(timeout)
        expires = NEVER if moment is None else datetime.fromtimestamp(moment, UTC)
        if mode == "touch":
            return self._run(TOUCH, expires, key, timezone.now()) > 0
        kept = base64.b64encode(pickle.dumps(value, self.pickle_protocol)).decode()
        is_forced = mode == "set"
        return self._run(PUT, key, kept, expires, is_forced, timezone.now()) > 0

    def sweep(self) -> int:
        """Delete what expired and return how much it was."""
        return self._run(SWEEP, timezone.now())

    def _run(self, statement: str, *values: Any) -> int:
        connection = connections[router.db_for_write(self.cache_model_class)]
        table = connection.ops.quote_name(self._table)  # type: ignore[attr-defined]
        with connection.cursor() as cursor:
            cursor.execute(statement.format(table=table), values)
            return int(cursor.rowcount)
