"""An organization's files in the storage: their names, their bytes, their hashes.

Names are those below the organization's folder, so that they fit another id as well.
"""

import hashlib
from collections.abc import Iterator
from typing import IO, Any, Final
from uuid import UUID

from django.core.files.base import File
from django.core.files.storage import default_storage

from organizations.models import files_of

PIECE: Final = 64 * 1024
# Archives are not in archives.
ARCHIVES: Final = "archives"
# What a difference calls them.
FILES: Final = "files"


class NameTaken(Exception):
    """The storage would keep a file under another name than the rows know."""


def names(organization_id: UUID) -> list[str]:
    """Return the names of an organization's files, sorted."""
    root = files_of(organization_id)
    found = (name.removeprefix(f"{root}/") for name in below(root))
    return sorted(name for name in found if not name.startswith(f"{ARCHIVES}/"))


def below(folder: str) -> Iterator[str]:
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in files:
        yield f"{folder}/{name}"
    for name in folders:
        yield from below(f"{folder}/{name}")


def pieces(organization_id: UUID, name: str) -> Iterator[bytes]:
    """Yield a file's bytes; FileNotFoundError when it has gone."""
    with default_storage.open(f"{files_of(organization_id)}/{name}") as file:
        yield from iter(lambda: file.read(PIECE), b"")


def hashes(organization_id: UUID) -> dict[str, str]:
    """Return the SHA-256 (hex) of each file; one that goes meanwhile is none."""
    found = {}
    for name in names(organization_id):
        digest = hashlib.sha256()
        try:
            for piece in pieces(organization_id, name):
                digest.update(piece)
        except FileNotFoundError:
            continue
        found[name] = digest.hexdigest()
    return found


def put(organization_id: UUID, name: str, file: IO[bytes]) -> None:
    """Keep a file under exactly this name, in the place of one that has it."""
    path = f"{files_of(organization_id)}/{name}"
    default_storage.delete(path)
    content: Any = File(file)
    kept = default_storage.save(path, content)
    if kept != path:
        default_storage.delete(kept)
        raise NameTaken(path)


def remove(organization_id: UUID, gone: list[str]) -> None:
    """Delete files by their names."""
    for name in gone:
        default_storage.delete(f"{files_of(organization_id)}/{name}")
