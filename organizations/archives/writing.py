"""Writes an organization as one ZIP: rows, tables for people, files, and a manifest.

It runs in the organization's own context, so the policies decide what it can see; the
rows are those of one moment. docs/archives.md describes what is written.
"""

import csv
import hashlib
import json
import zipfile
from collections.abc import Iterator
from typing import IO, Any, Final
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from accounts.models import User
from organizations.archives import files, rows, signing
from organizations.archives.progress import Watch
from organizations.archives.rows import Row
from organizations.archives.travelling import (
    Table,
    organization_table,
    staying,
    tables,
)
from organizations.audit.exports import Row as Line
from organizations.audit.exports import cell
from organizations.limits.models import Key, Usage
from organizations.models import Organization
from organizations.personal.archive import Archive
from organizations.tenancy import no_context, tenant

UNWATCHED: Final = Watch()
FORMAT: Final = "insula-archive"
FORMAT_VERSION: Final = 1
MANIFEST, SIGNATURE, PEOPLE = "manifest.json", "SIGNATURE", "people.jsonl"

# What no archive holds, beside the tables that stay: each with its reason.
NEVER: Final = {
    "sessions": "they let somebody in",
    "passwords and second steps": "they are the people's, not the organization's",
    "search index": "made by the database from the rows",
    "jobs": "they run where the organization is",
}


class Writer:
    """One archive that is being written, and whom its rows name."""

    def __init__(
        self, organization_id: UUID, zipped: zipfile.ZipFile, watch: Watch
    ) -> None:
        self.organization_id, self.watch = organization_id, watch
        self.archive = Archive(zipped)
        self.people: set[str] = set()
        self.counts: dict[str, int] = {}

    def add_rows(self, table: Table) -> None:
        """Write a table's rows, exactly and for people."""
        self.counts[table.name] = 0
        self.archive.add(rows_name(table.name), self.exact(table))
        self.archive.add(f"csv/{table.name}.csv", self.readable(table))

    def exact(self, table: Table) -> Iterator[bytes]:
        for row in rows.read(table, self.organization_id):
            self.counts[table.name] += 1
            self.watch.step()
            self.people.update(key for c in table.people if (key := row[c]))
            yield line(row)

    def readable(self, table: Table) -> Iterator[bytes]:
        writer: Any = csv.writer(Line())
        yield writer.writerow(table.columns).encode()
        for row in rows.read(table, self.organization_id):
            self.watch.step()
            yield writer.writerow([cell(value) for value in row.values()]).encode()

    def add_people(self) -> None:
        """Write whom the rows name; of those who are no members, the id alone."""
        fields = ("email", "first_name", "last_name")
        seen = User.objects.filter(pk__in=self.people).values("pk", *fields)
        known = {str(one["pk"]): one for one in seen}
        nobody = dict.fromkeys(fields)
        found = (
            {"id": key} | {name: known.get(key, nobody)[name] for name in fields}
            for key in sorted(self.people)
        )
        self.archive.add(PEOPLE, map(line, found))

    def add_files(self) -> None:
        """Write the files; one that has gone meanwhile is left out."""
        for name in files.names(self.organization_id):
            found = files.pieces(self.organization_id, name)
            try:
                first = next(found, b"")
            except FileNotFoundError:
                continue
            self.archive.add(f"files/{name}", chained(first, found))

    def manifest(self, facts: dict[str, Any]) -> bytes:
        """Return the list of everything that was written."""
        every = [organization_table(), *tables()]
        said = {
            "format": FORMAT,
            "version": FORMAT_VERSION,
            "made_at": timezone.now().isoformat(),
            "made_by": f"Insula {settings.VERSION}",
            **facts,
            "tables": {
                one.name: {"rows": self.counts[one.name], "columns": one.columns}
                for one in every
            },
            "left_out": {
                "tables": staying(),
                "columns": {one.name: one.left_out for one in every if one.left_out},
                "else": NEVER,
            },
            "members": {
                one["name"]: {"bytes": one["bytes"], "sha256": one["sha256"]}
                for one in self.archive.files
            },
        }
        return json.dumps(said, indent=2, ensure_ascii=False).encode()


def write(
    organization_id: UUID, out: IO[bytes], watch: Watch = UNWATCHED
) -> dict[str, Any]:
    """Write an organization's archive; return its manifest's facts and its hash."""
    with (
        no_context(),
        tenant(organization_id),
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as zipped,
    ):
        writer = Writer(organization_id, zipped, watch)
        every = (organization_table(), *tables())
        with rows.snapshot():
            rows.prepare()
            facts = facts_of(organization_id)
            # Each is written twice: exactly, and for people.
            watch.expect(2 * sum(rows.count(one, organization_id) for one in every))
            for table in every:
                writer.add_rows(table)
            writer.add_people()
        writer.add_files()
        manifest = writer.manifest(facts)
        zipped.writestr(MANIFEST, manifest)
        zipped.writestr(SIGNATURE, signing.signature(manifest))
    return {
        **facts,
        "rows": sum(writer.counts.values()),
        "files": sum(one["name"].startswith("files/") for one in writer.archive.files),
        "sha256": hashlib.sha256(manifest).hexdigest(),
    }


def facts_of(organization_id: UUID) -> dict[str, Any]:
    """Return what an archive says about its organization, before any row is read."""
    found = Organization.objects.get(pk=organization_id)
    stored = Usage.objects.filter(key=Key.STORAGE).values_list("used", flat=True)
    return {
        "organization": {
            "id": str(found.pk),
            "name": found.name,
            "slug": found.slug,
        },
        "storage_bytes": stored.first() or 0,
    }


def rows_name(table: str) -> str:
    """Return where a table's rows are in an archive."""
    return f"rows/{table}.jsonl"


def line(row: Row | dict[str, Any]) -> bytes:
    return json.dumps(row, ensure_ascii=False).encode() + b"\n"


def chained(first: bytes, others: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from others
