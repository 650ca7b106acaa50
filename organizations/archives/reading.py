"""Opens an archive and believes nothing of it before its signature and hashes fit.

What is unpacked is bounded by the sizes that the signed manifest names, so that a small
file cannot fill a disk or a memory.
"""

import hashlib
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO, Any, Final
from uuid import UUID

from organizations.archives import shapes, signing
from organizations.archives.models import Refusal
from organizations.archives.progress import Watch
from organizations.archives.rows import Row
from organizations.archives.travelling import Table, default_text
from organizations.archives.writing import (
    FORMAT,
    FORMAT_VERSION,
    MANIFEST,
    PEOPLE,
    SIGNATURE,
    rows_name,
)

MANIFEST_MOST: Final = 64 * 1024 * 1024
SIGNATURE_MOST: Final = 4 * 1024
PIECE: Final = 64 * 1024
# What the ZIP's reader raises; the last two for ways of packing that are not ours.
BROKEN: Final = (
    zipfile.BadZipFile,
    zlib.error,
    OSError,
    EOFError,
    NotImplementedError,
    RuntimeError,
)


class Unreadable(Exception):
    """An archive cannot be taken; the text says what is wrong, and where.

    `why` says the same to people who know nothing of an archive's inside.
    """

    def __init__(self, text: str, why: Refusal = Refusal.DAMAGED) -> None:
        super().__init__(text)
        self.why = why


class ArchiveFile:
    """An archive that was found to be whole, and written by whom it says.

    `watch` hears of each line that is read of it.
    """

    def __init__(self, file: IO[bytes], trusted: set[str]) -> None:
        self.watch = Watch()
        try:
            self.zip = zipfile.ZipFile(file)
        except BROKEN as error:
            raise Unreadable(
                "It is no ZIP file, or not a whole one.", Refusal.NOT_ZIP
            ) from error
        names = self.zip.NameToInfo
        if not {MANIFEST, SIGNATURE} <= names.keys():
            gone = MANIFEST if MANIFEST not in names else SIGNATURE
            raise Unreadable(f"{gone}: it is missing or broken.", Refusal.NOT_ARCHIVE)
        text = self.piece(MANIFEST, MANIFEST_MOST)
        self.sha256 = hashlib.sha256(text).hexdigest()
        self.key = self.signed_by(text)
        if self.key not in trusted:
            raise Unreadable(
                f"{SIGNATURE}: it was written by another installation, whose key is"
                f" {self.key}.",
                Refusal.STRANGER,
            )
        self.manifest = self.understood(text)

    @property
    def organization_id(self) -> UUID:
        return UUID(self.manifest["organization"]["id"])

    @property
    def files(self) -> dict[str, str]:
        """The SHA-256 of each of the organization's files, by their names."""
        return {
            name.removeprefix("files/"): one["sha256"]
            for name, one in self.manifest["members"].items()
            if name.startswith("files/")
        }

    def piece(self, name: str, most: int) -> bytes:
        try:
            with self.zip.open(name) as file:
                found = file.read(most + 1)
        except (*BROKEN, KeyError) as error:
            raise Unreadable(f"{name}: it is missing or broken.") from error
        if len(found) > most:
            raise Unreadable(f"{name}: it is larger than any that is written.")
        return found

    def signed_by(self, manifest: bytes) -> str:
        try:
            return signing.signer(manifest, self.piece(SIGNATURE, SIGNATURE_MOST))
        except ValueError as error:
            raise Unreadable(f"{SIGNATURE}: {error}.") from error

    def understood(self, text: bytes) -> dict[str, Any]:
        found: Any = shapes.parsed(text)
        if not isinstance(found, dict) or found.get("format") != FORMAT:
            raise Unreadable(
                f"{MANIFEST}: it is no archive of an organization.",
                Refusal.NOT_ARCHIVE,
            )
        if found.get("version") != FORMAT_VERSION:
            raise Unreadable(
                f"{MANIFEST}: it has version {found.get('version')} of the format;"
                f" version {FORMAT_VERSION} is read here.",
                Refusal.VERSION,
            )
        if not shapes.is_manifest(found):
            raise Unreadable(f"{MANIFEST}: it is not as this format has it.")
        return found

    @property
    def rows_said(self) -> int:
        """How many rows there are in it, by its own account."""
        return sum(said["rows"] for said in self.manifest["tables"].values())

    def verify(self) -> None:
        """Read everything once; Unreadable names the first file that is not right."""
        members = self.manifest["members"]
        inside = [one.filename for one in self.zip.infolist()]
        expected = {*members, MANIFEST, SIGNATURE}
        if stray := sorted(set(inside) ^ expected):
            raise Unreadable(f"{stray[0]}: it is missing, or not in the manifest.")
        if len(inside) != len(expected):
            raise Unreadable("Two files in it have one name.")
        for name in self.files:
            if not shapes.is_own_file(name):
                raise Unreadable(
                    f"files/{name}: no file of an organization has such a name."
                )
        for name, said in members.items():
            self.verify_member(name, said["bytes"], said["sha256"])
        self.verify_counts()

    def verify_counts(self) -> None:
        tables = self.manifest["tables"]
        for needed in (PEOPLE, *map(rows_name, tables)):
            if needed not in self.manifest["members"]:
                raise Unreadable(f"{needed}: it is missing.")
        for name, said in tables.items():
            count = sum(1 for _line in self.lines(rows_name(name)))
            if count != said["rows"]:
                raise Unreadable(f"{name}: it has {count} rows, not {said['rows']}.")

    def verify_member(self, name: str, size: int, sha256: str) -> None:
        digest, found = hashlib.sha256(), 0
        if self.zip.getinfo(name).file_size != size:
            raise Unreadable(f"{name}: its size is not the one in the manifest.")
        try:
            with self.zip.open(name) as file:
                while piece := file.read(min(PIECE, size - found + 1)):
                    found += len(piece)
                    digest.update(piece)
                    if found > size:
                        break
        except BROKEN as error:
            raise Unreadable(f"{name}: its bytes were changed.") from error
        if found != size or digest.hexdigest() != sha256:
            raise Unreadable(f"{name}: its bytes were changed.")

    def lines(self, name: str) -> Iterator[Any]:
        with self.zip.open(name) as file:
            for text in file:
                self.watch.step()
                yield shapes.parsed(text)

    def people(self) -> list[dict[str, Any]]:
        """Return whom the rows name."""
        found = list(self.lines(PEOPLE))
        if not all(map(shapes.is_person, found)):
            raise Unreadable(f"{PEOPLE}: a line of it is nobody.")
        return found

    def rows(self, table: Table) -> Iterator[Row]:
        """Yield a table's rows with the columns it has here; none of an unknown one."""
        said = self.manifest["tables"].get(table.name)
        if said is None:
            return
        new = self.new_columns(table)
        for row in self.in_order(table, set(said["columns"])):
            yield {**row, **new}

    def in_order(self, table: Table, columns: set[str]) -> Iterator[Row]:
        name, last = rows_name(table.name), None
        for number, row in enumerate(self.lines(name), 1):
            place = table.place(row) if shapes.is_row(row, columns) else None
            if place is None:
                raise Unreadable(f"{name}: line {number} is no row of it.")
            if last is not None and place <= last:
                raise Unreadable(f"{name}: line {number} is out of order.")
            last = place
            yield row

    def new_columns(self, table: Table) -> dict[str, str | None]:
        """Return what rows get in columns that came after the archive was written.

        Unreadable when the archive and this installation cannot be brought together.
        """
        said = self.manifest["tables"][table.name]["columns"]
        if unknown := sorted(said.keys() - table.columns.keys()):
            raise Unreadable(
                f"{table.name}: nobody knows the column {unknown[0]} here.",
                Refusal.VERSION,
            )
        missing = table.columns.keys() - said.keys()
        try:
            return {column: default_text(table, column) for column in missing}
        except LookupError as error:
            raise Unreadable(
                f"{table.name}: it lacks the column {error}, which needs a value.",
                Refusal.VERSION,
            ) from error

    def fits(self, known: list[Table]) -> None:
        """Raise Unreadable when some rows could not be written here."""
        names = {one.name for one in known}
        if unknown := sorted(self.manifest["tables"].keys() - names):
            raise Unreadable(
                f"{unknown[0]}: there is no such table here.", Refusal.VERSION
            )
        for one in known:
            if one.name in self.manifest["tables"]:
                self.new_columns(one)
