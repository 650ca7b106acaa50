"""The manifest: what a backup holds, so that it can be verified without its source."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from config.backups import BackupError
from config.fingerprints import Fingerprint

FORMAT: Final = 1
NAME: Final = "manifest.json"
# Its own hash, as `sha256sum --check` reads it.
SEAL: Final = "manifest.sha256"
DUMP: Final = "database.dump"
FILES: Final = "files"
BLOCK: Final = 1024 * 1024


@dataclass(frozen=True)
class Kept:
    """Size in bytes and SHA-256 (hex) of one file."""

    bytes: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """One backup: when it was made, of what, and the hash of each part.

    `server` is PostgreSQL's number, 180004 for 18.4; `left_out` names tables whose
    rows are not in it.
    """

    made_at: str
    version: str
    commit: str
    database: str
    server: int
    migrations: dict[str, list[str]]
    dump: Kept
    tables: dict[str, Fingerprint]
    left_out: list[str]
    files: dict[str, Kept]

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables.values())

    @property
    def bytes(self) -> int:
        return self.dump.bytes + sum(file.bytes for file in self.files.values())

    def write(self, folder: Path) -> None:
        """Write the manifest and its hash into a backup's folder."""
        text = json.dumps({"format": FORMAT, **asdict(self)}, indent=1, sort_keys=True)
        (folder / NAME).write_text(text, encoding="utf-8")
        digest = hashlib.sha256(text.encode()).hexdigest()
        (folder / SEAL).write_text(f"{digest}  {NAME}\n", encoding="utf-8")


def read(folder: Path) -> Manifest:
    """Return the manifest of a backup; a BackupError says what is wrong with it."""
    try:
        text = (folder / NAME).read_text(encoding="utf-8")
        sealed = (folder / SEAL).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BackupError(f"{folder} is no whole backup: {error}.") from error
    if sealed.split(" ")[0] != hashlib.sha256(text.encode()).hexdigest():
        raise BackupError(f"{folder / NAME} is not as it was written.")
    values: dict[str, Any] = json.loads(text)
    if values.pop("format") != FORMAT:
        raise BackupError(f"{folder} is of a format that this Insula does not read.")
    values["dump"] = Kept(**values["dump"])
    values["files"] = {name: Kept(**kept) for name, kept in values["files"].items()}
    values["tables"] = {
        name: Fingerprint(**table) for name, table in values["tables"].items()
    }
    return Manifest(**values)


def damaged(folder: Path, manifest: Manifest) -> Iterator[str]:
    """Yield a sentence for each file of a backup that is missing or was changed."""
    wanted = {DUMP: manifest.dump}
    wanted |= {f"{FILES}/{name}": kept for name, kept in manifest.files.items()}
    for name, kept in wanted.items():
        path = folder / name
        if not path.is_file():
            yield f"{name} is missing."
        elif measured(path) != kept:
            yield f"{name} is not as it was written."


def measured(path: Path) -> Kept:
    """Return size and hash of a file, read in blocks."""
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
            size += len(block)
    return Kept(size, digest.hexdigest())
