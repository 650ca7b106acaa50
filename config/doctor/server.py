"""The database's server: its clock, its locks and what grows in it."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.utils.translation import gettext as _

from config.doctor.asking import catalog, reader
from config.doctor.finding import Finding

# Seals last 300 seconds; each clock may be off by a part of it.
CLOCK_SECONDS: Final = 60
FULL: Final = 0.8
OLD_TRANSACTIONS: Final = 1_000_000_000
BEHIND_BYTES: Final = 1024**3

FACTS: Final = """
SELECT extract(epoch FROM clock_timestamp())::float8,
  coalesce((SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()), false),
  pg_encoding_to_char(d.encoding),
  coalesce((SELECT reset_val FROM pg_settings WHERE name = 'TimeZone'), ''),
  coalesce(d.datcollversion, ''),
  coalesce(pg_database_collation_actual_version(d.oid), ''),
  (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'),
  current_setting('max_connections')::int
    - current_setting('superuser_reserved_connections')::int,
  (SELECT max(age(datfrozenxid)) FROM pg_database),
  CASE WHEN pg_is_in_recovery() THEN 0 ELSE coalesce((
    SELECT max(pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn))
    FROM pg_replication_slots), 0) END::bigint
FROM pg_database d WHERE d.datname = current_database()"""


@dataclass(frozen=True)
class Facts:
    """What the server says of itself; `off` is its clock against ours, in seconds."""

    off: float
    is_encrypted: bool
    encoding: str
    timezone: str
    collation: str
    library: str
    connections: int
    most: int
    age: int
    behind_bytes: int


def server_is_well() -> Iterator[Finding]:
    """Ask once, and judge."""
    alias = reader()
    with catalog(alias) as cursor:
        facts = read(cursor)
    host = settings.DATABASES[alias].get("HOST", "")
    yield from about_data(facts)
    yield from about_room(facts)
    yield from about_way(facts, host)


def read(cursor: Any) -> Facts:
    """Return the facts, on any kind of cursor."""
    before = time.time()
    cursor.execute(FACTS)
    there, *rest = cursor.fetchone()
    # The answer was given about half way.
    return Facts(there - (before + time.time()) / 2, *rest)


def about_data(facts: Facts) -> Iterator[Finding]:
    if facts.encoding != "UTF8":
        text = _("The database's encoding is %(name)s, not UTF8.")
        yield Finding("D303", text % {"name": facts.encoding})
    if facts.timezone not in ("UTC", "Etc/UTC", "GMT"):
        text = _("The database's time zone is %(name)s, not UTC.")
        yield Finding("D304", text % {"name": facts.timezone})
    if facts.collation and facts.library and facts.collation != facts.library:
        words = {"old": facts.collation, "new": facts.library}
        text = _("Texts were sorted by version %(old)s, and now are by %(new)s.")
        yield Finding("D305", text % words)


def about_room(facts: Facts) -> Iterator[Finding]:
    if facts.connections > facts.most * FULL:
        words = {"used": facts.connections, "most": facts.most}
        text = _("%(used)d of %(most)d connections are taken.")
        yield Finding("D306", text % words)
    if facts.age > OLD_TRANSACTIONS:
        text = _("The oldest transaction is %(age)d back; it ends at 2000000000.")
        yield Finding("D307", text % {"age": facts.age})
    if facts.behind_bytes > BEHIND_BYTES:
        text = _("A standby is %(megabytes)d MB behind.")
        yield Finding("D308", text % {"megabytes": facts.behind_bytes // 1024**2})


def about_way(facts: Facts, host: str) -> Iterator[Finding]:
    """Yield what is wrong between the two machines."""
    if abs(facts.off) > CLOCK_SECONDS:
        text = _("The database's clock differs by %(seconds)d seconds.")
        yield Finding("D301", text % {"seconds": round(abs(facts.off))})
    is_near = host in settings.NEARBY or host.startswith("/")
    if not is_near and not facts.is_encrypted:
        yield Finding("D302", _("The way to the database is not encrypted."))
