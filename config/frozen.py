"""Migrations that have left the house: their files never change again."""

import hashlib
import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.migration import Migration

from organizations.tenancy.blocking import Judge, unpacked

OURS: Final = ("accounts", "billing", "config", "organizations", "tasks")
# As `sha256sum --check` reads it, from the folder of manage.py.
LIST: Final = settings.BASE_DIR / "config" / "migrations.sha256"


def frozen() -> dict[str, str]:
    """Return the SHA-256 of each frozen migration, by its path."""
    lines = LIST.read_text(encoding="utf-8").splitlines()
    return {
        path: digest for digest, _, path in (line.partition("  ") for line in lines)
    }


def own(loader: MigrationLoader) -> dict[str, Migration]:
    """Return our own migrations by their paths."""
    found = {}
    for migration in loader.disk_migrations.values():
        if type(migration).__module__.partition(".")[0] in OURS:
            path = Path(inspect.getfile(type(migration)))
            found[str(path.relative_to(settings.BASE_DIR))] = migration
    return dict(sorted(found.items()))


def digest(path: str) -> str:
    """Return the SHA-256 (hex) of a file of the house."""
    return hashlib.sha256((settings.BASE_DIR / path).read_bytes()).hexdigest()


def edited() -> Iterator[str]:
    """Yield a sentence for each frozen migration that is gone or was changed."""
    for path, wanted in frozen().items():
        if not (settings.BASE_DIR / path).is_file():
            yield f"{path}: is gone, and databases have it"
        elif digest(path) != wanted:
            yield f"{path}: was changed after it was frozen: write another one"


def findings(loader: MigrationLoader) -> dict[str, list[str]]:
    """Return what is wrong with each migration that is not frozen, by its path."""
    later = {path: one for path, one in own(loader).items() if path not in frozen()}
    made = set().union(*(tables(one) for one in later.values())) if later else set()
    return {path: list(judged(loader, one, made)) for path, one in later.items()}


def judged(
    loader: MigrationLoader, migration: Migration, made: set[str]
) -> Iterator[str]:
    """Yield what one migration would keep people waiting with."""
    node = (migration.app_label, migration.name)
    state = loader.project_state(node, at_end=False)
    yield from Judge(migration, state, made).reasons()


def tables(migration: Migration) -> set[str]:
    """Return the tables that a migration makes."""
    return {
        str(one.options.get("db_table") or f"{migration.app_label}_{one.name.lower()}")
        for one in unpacked(migration.operations)
        if type(one).__name__ == "CreateModel"
    }


def freeze(paths: list[str]) -> None:
    """Add migrations to the list."""
    known = frozen() if LIST.exists() else {}
    known |= {path: digest(path) for path in paths}
    lines = [f"{value}  {path}\n" for path, value in sorted(known.items())]
    LIST.write_text("".join(lines), encoding="utf-8")
