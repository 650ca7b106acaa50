"""An upgrade is tried on a restored backup before it is done where people work."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from django.core.management import CommandError, call_command
from django.db import Error, connections
from django.db.migrations.executor import MigrationExecutor

from config.backups.contents import snapshot
from config.backups.manifest import Manifest
from config.backups.probing import probe
from config.backups.restoring import fill, pointed_at, primaries, proven, scratch, whole
from config.backups.watching import Lock, watching
from config.fingerprints import Fingerprint
from organizations.tenancy import no_context

# Migrations that add what the catalogue of code says.
GROWING = {"django_migrations", "django_content_type", "auth_permission"}


@dataclass(frozen=True)
class Rehearsal:
    """What came of an upgrade: `problems` says why not to do it, else it can be done."""

    pending: list[str]
    seconds: float
    locks: list[Lock]
    looks: int
    changed: list[str]
    problems: list[str]

    @property
    def is_go(self) -> bool:
        return not self.problems


def rehearse(backup: Path, manifest: Manifest, longest: float) -> Rehearsal:
    """Upgrade a scratch copy of a backup and say what people would have noticed.

    `longest` is how many seconds a table may stand still.
    """
    whole(backup, manifest)
    with scratch() as name:
        restored = fill(backup, manifest, name)
        with pointed_at(name, primaries()):
            pending = waiting()
            started = time.monotonic()
            with watching(name) as watch:
                failure = migrate()
            seconds = time.monotonic() - started
            holes = [] if failure else proven()
        with snapshot(name) as seen:
            after = seen.tables()
        # Last: what it writes is nothing that the migrations changed.
        with pointed_at(name, primaries()):
            refused = [] if failure else probe()
    changed = list(differences(manifest.tables, after))
    problems = [
        *(
            f"{one.name} was not restored as it was."
            for one in restored.tables
            if not one.is_equal
        ),
        *failure,
        *holes,
        *refused,
        *lost(manifest.tables, after),
        *(
            f"{lock.table} stood still for {lock.seconds:.1f} s."
            for lock in watch.locks()
            if lock.seconds > longest
        ),
    ]
    return Rehearsal(pending, seconds, watch.locks(), watch.looks, changed, problems)


def waiting() -> list[str]:
    """Return the migrations of the code that a database does not have."""
    with no_context():
        executor = MigrationExecutor(connections["owner"])
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [str(migration) for migration, _backwards in plan]


def migrate() -> list[str]:
    """Migrate as an upgrade does; return why it failed, if it did."""
    said = StringIO()
    try:
        call_command(
            "migrate", interactive=False, verbosity=0, stdout=said, stderr=said
        )
    except (CommandError, Error) as error:
        first = str(error).strip().partition("\n")[0]
        return [f"migrate failed: {first}"]
    return []


def differences(
    before: dict[str, Fingerprint], after: dict[str, Fingerprint]
) -> Iterator[str]:
    """Yield how many rows each table had and has, where that is not the same."""
    for name in sorted(before.keys() | after.keys()):
        had, has = before.get(name), after.get(name)
        if (had and had.rows) != (has and has.rows):
            yield f"{name}: {had.rows if had else 'none'} -> {has.rows if has else 'none'}"


def lost(
    before: dict[str, Fingerprint], after: dict[str, Fingerprint]
) -> Iterator[str]:
    """Yield the tables that have fewer rows than before."""
    for name, had in before.items():
        has = after[name].rows if name in after else 0
        if has < had.rows and name not in GROWING:
            yield f"{name} had {had.rows} rows and has {has}."
