"""What a database holds, seen by the role that reads every row."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import psycopg
from django.conf import settings
from django.db import connections

from config.backups import BackupError
from config.backups.programs import parameters
from config.fingerprints import Fingerprint, fingerprint, same_text

# Rows that a backup leaves out. Who steals one can neither seal a context nor enter by
# a session; limits and marks of the last minutes are nobody's loss.
LEFT_OUT: Final = (
    "app_private.seal_key",
    "public.accounts_session",
    "public.insula_cache",
    "public.usersessions_usersession",
)
TABLES: Final = """
SELECT c.relname::text, array_agg(a.attname::text ORDER BY a.attname)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
    AND NOT a.attisdropped AND a.attgenerated = ''
WHERE n.nspname = 'public' AND c.relkind = 'r' AND 'public.' || c.relname <> ALL(%s)
GROUP BY c.relname ORDER BY c.relname"""
MIGRATIONS: Final = "SELECT app, name FROM django_migrations ORDER BY app, name"


@dataclass(frozen=True)
class Snapshot:
    """A database at one moment, which `pg_dump` can be given by its name."""

    name: str
    server: int
    cursor: Any

    def tables(self) -> dict[str, Fingerprint]:
        """Return rows and hash of every table but those left out."""
        self.cursor.execute(TABLES, [list(LEFT_OUT)])
        found = self.cursor.fetchall()
        return {
            name: fingerprint(self.cursor, name, columns) for name, columns in found
        }

    def migrations(self) -> dict[str, list[str]]:
        """Return the names of the applied migrations of each app."""
        self.cursor.execute(MIGRATIONS)
        applied: dict[str, list[str]] = {}
        for app, name in self.cursor.fetchall():
            applied.setdefault(app, []).append(name)
        return applied


@contextmanager
def snapshot(database: str) -> Iterator[Snapshot]:
    """Look at a database as it is now, however long it takes and whoever writes."""
    with psycopg.connect(**reader(), dbname=database) as session:
        session.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        session.read_only = True
        cursor = session.cursor()
        same_text(cursor)
        row = cursor.execute("SELECT pg_export_snapshot()").fetchone()
        yield Snapshot(str(row and row[0]), session.info.server_version, cursor)


def reader() -> dict[str, Any]:
    """Return how the role of backups connects, without a database."""
    if settings.BACKUP_DATABASE is None:
        raise BackupError(
            "Set DATABASE_BACKUP_URL: backups are read by a role of their own, which"
            " `create_roles` makes."
        )
    # An embedded server may have to be woken.
    connections["default"].ensure_connection()
    return parameters(settings.BACKUP_DATABASE)


def database_name() -> str:
    """Return the name of the database this installation works on."""
    return str(connections["default"].settings_dict["NAME"])
