"""Uploaded files, copied out of the storage and back, wherever it keeps them."""

from collections.abc import Iterator
from pathlib import Path

from django.core.files import File
from django.core.files.storage import Storage

from config.backups import BackupError
from config.backups.manifest import FILES, Kept, Manifest, measured


def names(storage: Storage, below: str = "") -> Iterator[str]:
    """Yield the name of every file of a storage, folder by folder."""
    try:
        folders, files = storage.listdir(below)
    except FileNotFoundError:
        # Nothing was ever uploaded.
        return
    start = f"{below}/" if below else ""
    for name in sorted(files):
        yield f"{start}{name}"
    for folder in sorted(filter(None, folders)):
        yield from names(storage, f"{start}{folder}")


def copy_out(storage: Storage, folder: Path) -> dict[str, Kept]:
    """Copy every file into a backup's folder; return what each is.

    A file that goes while it is looked for was deleted for good after the snapshot.
    """
    found = {}
    for name in names(storage):
        target = below(folder / FILES, name)
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            with storage.open(name) as source, target.open("wb") as copy:
                for block in source.chunks():
                    copy.write(block)
        except FileNotFoundError:
            target.unlink(missing_ok=True)
            continue
        found[name] = measured(target)
    return found


def copy_back(storage: Storage, folder: Path, manifest: Manifest) -> int:
    """Put a backup's files into a storage under their names; return how many were.

    Those that are there already, and the same, stay; no other file is touched.
    """
    put = 0
    for name, kept in manifest.files.items():
        source = below(folder / FILES, name)
        if storage.exists(name):
            if storage.size(name) == kept.bytes and same(storage, name, source):
                continue
            storage.delete(name)
        with source.open("rb") as file:
            given = storage.save(name, File(file))
        if given != name:
            raise BackupError(f"The storage calls the file {name} {given}.")
        put += 1
    return put


def same(storage: Storage, name: str, source: Path) -> bool:
    """Return whether a file of the storage holds what a file of the backup does."""
    with storage.open(name) as there, source.open("rb") as here:
        while block := there.read(64 * 1024):
            if block != here.read(len(block)):
                return False
        return not here.read(1)


def below(folder: Path, name: str) -> Path:
    """Return a path that cannot lead out of its folder."""
    target = (folder / name).resolve()
    if not target.is_relative_to(folder.resolve()):
        raise BackupError(f"The file {name} would stand outside of its folder.")
    return target
