"""What would change if an archive's rows stood here: added, changed, removed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from organizations.archives import rows
from organizations.archives.models import Refusal
from organizations.archives.reading import Unreadable
from organizations.archives.rows import Row
from organizations.archives.translating import Translator
from organizations.archives.travelling import Table, tables

EXAMPLES: Final = 5
# Given by the database where the log is chained anew.
CHAINED: Final = "hash"


@dataclass
class Difference:
    """How one table would change; `gone` are the ids to be deleted first."""

    table: Table
    added: int = 0
    changed: int = 0
    removed: int = 0
    kept: int = 0
    gone: list[str] = field(default_factory=list)
    examples: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)

    def note(self, what: str, row: Row) -> None:
        if len(self.examples) < EXAMPLES:
            self.examples.append(f"{what} {row['id']}")

    def as_dict(self) -> dict[str, Any]:
        """Return the numbers as JSON knows them."""
        return {
            "added": self.added,
            "changed": self.changed,
            "removed": self.removed,
            "kept": self.kept,
            "examples": self.examples,
        }


def differences(
    translator: Translator, target: UUID, *, rechained: bool
) -> list[Difference]:
    """Compare each table's rows in the archive with those that are here."""
    return [compare(translator, one, target, rechained=rechained) for one in tables()]


def compare(
    translator: Translator, table: Table, target: UUID, *, rechained: bool
) -> Difference:
    """Compare one table; the log only ever gets longer."""
    found = Difference(table)
    ignored = {CHAINED} if table.is_log and rechained else set()
    archived, present = translator.rows(table), rows.read(table, target)
    for wanted, here in side_by_side(table, archived, present):
        if wanted is None:
            removed(found, here or {})
        elif here is None:
            found.added += 1
            found.note("add", wanted)
        elif any(wanted[c] != here[c] for c in wanted.keys() - ignored):
            changed(found, here)
    return found


def removed(found: Difference, here: Row) -> None:
    """Note a row that only stands here; what was recorded since is kept."""
    if found.table.is_log:
        found.kept += 1
        return
    found.removed += 1
    found.gone.append(str(here["id"]))
    found.note("remove", here)


def changed(found: Difference, here: Row) -> None:
    """Note a row that is another here; Unreadable when it is of the log."""
    if found.table.is_log:
        raise Unreadable(
            f"{found.table.name}: the log here is another one from entry"
            f" {here['sequence']} on.",
            Refusal.LOG,
        )
    found.changed += 1
    found.gone.append(str(here["id"]))
    found.note("change", here)


def side_by_side(
    table: Table, left: Iterable[Row], right: Iterable[Row]
) -> Iterator[tuple[Row | None, Row | None]]:
    """Yield the rows of two sides that are in order, those with one place together."""
    lefts, rights = iter(left), iter(right)
    one, other = next(lefts, None), next(rights, None)
    while one is not None or other is not None:
        here = table.place(one) if one is not None else None
        there = table.place(other) if other is not None else None
        if there is None or (here is not None and here < there):
            yield one, None
            one = next(lefts, None)
        elif here is None or there < here:
            yield None, other
            other = next(rights, None)
        else:
            yield one, other
            one, other = next(lefts, None), next(rights, None)
