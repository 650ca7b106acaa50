"""A backup is made: the database, the files and the manifest, of one moment."""

import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import Error, transaction
from django.utils import timezone

from config.backups import BackupError, files, programs, shelf
from config.backups.contents import (
    LEFT_OUT,
    Snapshot,
    database_name,
    reader,
    snapshot,
)
from config.backups.manifest import DUMP, Manifest, measured
from organizations.audit.recording import record
from organizations.tenancy import identity, no_context

# Whoever alters a table this long is waited for no longer.
WAITS_FOR_LOCKS = "60s"


@dataclass(frozen=True)
class Made:
    """One backup that is whole, and the names of older ones that went for it."""

    path: Path
    manifest: Manifest
    seconds: float
    gone: list[str]

    def as_dict(self) -> dict[str, Any]:
        """Return what is recorded of it: sizes in bytes."""
        return {
            "name": self.path.name,
            "bytes": self.manifest.bytes,
            "tables": len(self.manifest.tables),
            "rows": self.manifest.rows,
            "files": len(self.manifest.files),
            "seconds": round(self.seconds, 1),
        }


def back_up(to: Path, keep: int) -> Made:
    """Make a backup, keep the newest so many, and record what became of it."""
    try:
        made = make(to, keep)
    except (BackupError, OSError, psycopg.Error, Error) as error:
        reason = first_line(error)
        # A database that is away takes no entry either.
        with suppress(Error):
            tell("backup.failed", "", {"reason": reason})
        raise BackupError(reason) from error
    try:
        tell("backup.made", made.path.name, made.as_dict())
    except Error as error:
        raise BackupError(
            f"{made.path} is whole, but could not be recorded: {first_line(error)}"
        ) from error
    return made


def first_line(error: Exception) -> str:
    """Return the first line of a complaint."""
    return str(error).strip().partition("\n")[0]


def make(to: Path, keep: int) -> Made:
    """Make a backup in a folder; what is half-made never bears a backup's name."""
    started = time.monotonic()
    with shelf.draft(to) as folder:
        manifest = fill(folder)
    path = to / folder.name.removeprefix(shelf.DRAFT)
    gone = shelf.prune(to, keep)
    return Made(path, manifest, time.monotonic() - started, gone)


def fill(folder: Path) -> Manifest:
    """Write database, files and manifest into a folder."""
    database = database_name()
    with snapshot(database) as seen:
        dump(seen, database, folder / DUMP)
        # What was uploaded since is no harm; what the rows name is there.
        manifest = Manifest(
            made_at=timezone.now().isoformat(timespec="seconds"),
            version=settings.VERSION,
            commit=commit(),
            database=database,
            server=seen.server,
            migrations=seen.migrations(),
            dump=measured(folder / DUMP),
            tables=seen.tables(),
            left_out=sorted(LEFT_OUT),
            files=files.copy_out(default_storage, folder),
        )
    manifest.write(folder)
    return manifest


def dump(seen: Snapshot, database: str, path: Path) -> None:
    """Have `pg_dump` write what the snapshot sees."""
    path.touch(mode=0o600)
    programs.run(
        programs.find("pg_dump", seen.server),
        "--format=custom",
        f"--snapshot={seen.name}",
        f"--lock-wait-timeout={WAITS_FOR_LOCKS}",
        *(f"--exclude-table-data={table}" for table in LEFT_OUT),
        f"--file={path}",
        f"--dbname={database}",
        as_=reader(),
    )


def commit() -> str:
    """Return the commit that runs here, where the checkout tells; else nothing."""
    head = settings.BASE_DIR / ".git" / "HEAD"
    try:
        text = head.read_text(encoding="ascii").strip()
        if text.startswith("ref: "):
            text = (head.parent / text.removeprefix("ref: ")).read_text().strip()
    except OSError:
        return ""
    return text


def tell(action: str, label: str, after: dict[str, Any]) -> None:
    """Record in the platform's log what became of a backup."""
    with no_context(), identity(), transaction.atomic():
        record(action, label=label, after=after)
