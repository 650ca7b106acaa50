"""A backup is put back, beside what is there, and takes its place when it is proven."""

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from django.conf import settings
from django.core.files.storage import Storage
from django.db import connections, transaction
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone
from psycopg import sql

from config.backups import BackupError, files, programs
from config.backups.contents import snapshot
from config.backups.making import tell
from config.backups.manifest import DUMP, Manifest, damaged
from config.fingerprints import Fingerprint
from organizations.tenancy.apply import apply_walls
from organizations.tenancy.context import no_context
from organizations.tenancy.postgresql import creation
from organizations.tenancy.proof import prove
from organizations.tenancy.replica import REPLICA
from organizations.tenancy.roles import database_statements

EMPTY = "SELECT count(*) = 0 FROM pg_tables WHERE schemaname = 'public'"


@dataclass(frozen=True)
class Compared:
    """One table as the backup's manifest has it, and as it came back."""

    name: str
    wanted: Fingerprint | None
    found: Fingerprint | None

    @property
    def is_equal(self) -> bool:
        return self.wanted == self.found

    def __str__(self) -> str:
        wanted = self.wanted.rows if self.wanted else "none"
        found = self.found.rows if self.found else "none"
        verdict = "equal" if self.is_equal else "DIFFERS"
        return f"{self.name:<44} {wanted:>9} {found:>9}  {verdict}"


@dataclass(frozen=True)
class Restored:
    """What came back: every table compared, the holes in the walls, and the code's
    migrations that came later."""

    tables: list[Compared]
    holes: list[str]
    pending: list[str]

    @property
    def problems(self) -> list[str]:
        unequal = [
            f"{table.name} differs." for table in self.tables if not table.is_equal
        ]
        return unequal + self.holes


@contextmanager
def scratch() -> Iterator[str]:
    """Give a new empty database for a block, with the grants of every other one."""
    name = f"{target_name()}_scratch_{secrets.token_hex(4)}"
    with server() as session:
        make = sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'")
        session.execute(make.format(sql.Identifier(name)))
        for statement in database_statements(settings.TENANCY["ROLE_PREFIX"], name):
            session.execute(statement.encode())
    try:
        yield name
    finally:
        with server() as session:
            creation.drop(session, name)


@contextmanager
def server() -> Iterator[psycopg.Connection]:
    """Connect to the cluster as the owner of our databases."""
    if "owner" not in connections:
        raise BackupError("Set DATABASE_OWNER_URL: databases are made by the owner.")
    with creation.server() as session:
        yield session


@contextmanager
def pointed_at(name: str, aliases: Sequence[str] = ("owner",)) -> Iterator[None]:
    """Have connections of this process lead to another database for a block."""
    before = {alias: connections[alias].settings_dict["NAME"] for alias in aliases}
    try:
        for alias in aliases:
            connections[alias].close()
            connections[alias].settings_dict["NAME"] = name
        yield
    finally:
        for alias, former in before.items():
            connections[alias].close()
            connections[alias].settings_dict["NAME"] = former


def primaries() -> list[str]:
    """Return the connections that lead to a server one can write to."""
    return [alias for alias in connections if alias != REPLICA]


def whole(backup: Path, manifest: Manifest) -> None:
    """Refuse a backup of which a file is missing or was changed."""
    wrong = list(damaged(backup, manifest))
    if wrong:
        raise BackupError(f"{backup.name} is damaged: {' '.join(wrong[:5])}")


def fill(backup: Path, manifest: Manifest, name: str) -> Restored:
    """Restore a backup into an empty database and hold it against the manifest."""
    owner = programs.parameters(connections["owner"].settings_dict)
    programs.run(
        programs.find("pg_restore", manifest.server),
        # Everything is the owner's; what is not is handed over below.
        "--no-owner",
        "--exit-on-error",
        f"--dbname={name}",
        str(backup / DUMP),
        as_=owner,
    )
    with snapshot(name) as seen:
        tables = compared(manifest.tables, seen.tables())
    pending = later(manifest)
    with pointed_at(name):
        holes = [] if pending else walled()
        with no_context(), connections["owner"].cursor() as cursor:
            cursor.execute("ANALYZE")
    return Restored(tables, holes, pending)


def later(manifest: Manifest) -> list[str]:
    """Return the migrations of the code that a backup does not have."""
    applied = {
        (app, name) for app in manifest.migrations for name in manifest.migrations[app]
    }
    missing = set(MigrationLoader(None).disk_migrations) - applied
    return sorted(".".join(each) for each in missing)


def walled() -> list[str]:
    """Make the walls what the code asks for, and return the holes the proof finds.

    The functions of the definer are handed over, and the key becomes the one that this
    installation seals with. An older schema gets all that from `migrate`.
    """
    apply_walls(connections["owner"])
    return proven()


def proven() -> list[str]:
    """Return the holes that the proof finds where the owner's connection leads."""
    with no_context(), transaction.atomic(using="owner"):
        found = prove(connections["owner"].cursor())
    return [str(finding) for finding in found if not finding.is_warning]


def compared(
    wanted: dict[str, Fingerprint], found: dict[str, Fingerprint]
) -> list[Compared]:
    """Return every table of either side, by name."""
    names = sorted(wanted.keys() | found.keys())
    return [Compared(name, wanted.get(name), found.get(name)) for name in names]


def verify(backup: Path, manifest: Manifest) -> Restored:
    """Restore a backup beside, compare it, and leave nothing behind."""
    whole(backup, manifest)
    with scratch() as name:
        return fill(backup, manifest, name)


def restore(
    backup: Path,
    manifest: Manifest,
    *,
    into: str,
    replaces: bool,
    storage: Storage | None,
) -> Restored:
    """Put a backup in a database's place, once it is proven to be what it was.

    A database that held something is kept under another name; files are put where a
    storage is given.
    """
    whole(backup, manifest)
    refuse_full(into, replaces)
    with scratch() as name:
        restored = fill(backup, manifest, name)
        if restored.problems:
            return restored
        if storage is not None:
            files.copy_back(storage, backup, manifest)
        swap(name, into)
    with pointed_at(into, primaries()):
        tell("backup.restored", backup.name, {"made_at": manifest.made_at})
    return restored


def target_name() -> str:
    """Return the name of the database the owner works on."""
    return (
        str(connections["owner"].settings_dict["NAME"])
        if "owner" in connections
        else ""
    )


def exists(session: psycopg.Connection, name: str) -> bool:
    """Return whether the cluster has a database of this name."""
    query = "SELECT 1 FROM pg_database WHERE datname = %s"
    return session.execute(query, [name]).fetchone() is not None


def is_empty(name: str) -> bool:
    """Return whether a database has no table of ours, or does not exist."""
    with server() as session:
        if not exists(session, name):
            return True
    with psycopg.connect(**creation.owner_params(), dbname=name) as session:
        row = session.execute(EMPTY).fetchone()
    return bool(row and row[0])


def refuse_full(name: str, replaces: bool) -> None:
    """Refuse to put anything in the place of a database that was not named for it."""
    if not replaces and not is_empty(name):
        raise BackupError(
            f"The database {name} is not empty: name it with --replace {name} to put"
            " the backup in its place."
        )


def swap(name: str, into: str) -> None:
    """Give a restored database the name of the one it takes the place of."""
    was_empty = is_empty(into)
    for alias in connections:
        connections[alias].close()
    former = f"{into}_before_{timezone.now():%Y%m%d%H%M%S}"
    rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
    drop = sql.SQL("DROP DATABASE {}")
    with server() as session:
        try:
            if not was_empty:
                session.execute(rename.format(*map(sql.Identifier, (into, former))))
            elif exists(session, into):
                session.execute(drop.format(sql.Identifier(into)))
        except psycopg.errors.ObjectInUse as error:
            raise BackupError(
                f"Somebody works on {into}: stop web and worker, then try again."
            ) from error
        session.execute(rename.format(*map(sql.Identifier, (name, into))))
