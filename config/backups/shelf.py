"""The folder that backups stand in: whole ones appear at once, old ones go."""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final

from django.conf import settings
from django.utils import timezone

from config.backups import BackupError
from config.backups.manifest import NAME
from config.devdb import locks

WHOLE: Final = re.compile(r"insula-\d{8}T\d{6}Z(-\d+)?")
DRAFT: Final = ".draft-"


def folder(given: Path | None = None) -> Path:
    """Return where backups stand: where one says, or as set."""
    found = given or settings.BACKUP_DIR
    if found is None:
        raise BackupError("Say where backups stand, with --to or BACKUP_DIR.")
    return Path(found).resolve()


def backups(shelf: Path) -> list[Path]:
    """Return the whole backups of a folder, the oldest first."""
    if not shelf.is_dir():
        return []
    return sorted(
        path
        for path in shelf.iterdir()
        if WHOLE.fullmatch(path.name) and (path / NAME).is_file()
    )


def chosen(name: str, shelf: Path | None = None) -> Path:
    """Return a backup by its path or its name; without one, the newest."""
    if name and Path(name).is_dir():
        return Path(name).resolve()
    there = backups(folder(shelf))
    found = [path for path in there if not name or path.name == name]
    if not found:
        raise BackupError(f"There is no backup {name} in {folder(shelf)}.")
    return found[-1]


@contextmanager
def draft(shelf: Path) -> Iterator[Path]:
    """Give a folder to be filled, and put it on the shelf when it is whole.

    Whatever a killed run has left is removed; two runs at once are refused.
    """
    shelf.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = locks.try_exclusive(shelf / ".lock")
    if handle is None:
        raise BackupError(f"Another backup is being made in {shelf}.")
    try:
        for abandoned in shelf.glob(f"{DRAFT}*"):
            shutil.rmtree(abandoned)
        unfinished = shelf / f"{DRAFT}{free_name(shelf)}"
        unfinished.mkdir(mode=0o700)
        try:
            yield unfinished
            settle(unfinished)
        except BaseException:
            shutil.rmtree(unfinished, ignore_errors=True)
            raise
    finally:
        os.close(handle)


def settle(unfinished: Path) -> None:
    """Make a filled folder private and durable, and give it its name."""
    for path in unfinished.rglob("*"):
        path.chmod(0o700 if path.is_dir() else 0o600)
        sync(path)
    sync(unfinished)
    unfinished.rename(unfinished.with_name(unfinished.name.removeprefix(DRAFT)))
    sync(unfinished.parent)


def sync(path: Path) -> None:
    """Have a file or folder on the disk before going on."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def free_name(shelf: Path) -> str:
    """Return a name by the clock that no backup has yet."""
    now: datetime = timezone.now()
    name = wanted = f"insula-{now:%Y%m%dT%H%M%SZ}"
    number = 1
    while (shelf / name).exists():
        number += 1
        name = f"{wanted}-{number}"
    return name


def prune(shelf: Path, keep: int) -> list[str]:
    """Remove all backups but the newest so many; return the names of those gone."""
    gone = backups(shelf)[: -max(keep, 1)]
    for path in gone:
        # Without its manifest it is no backup any more, should we die half-way.
        (path / NAME).unlink()
        shutil.rmtree(path)
    return [path.name for path in gone]
