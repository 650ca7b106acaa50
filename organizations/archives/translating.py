"""An archive's rows as they are to stand here: people, files' names, who is left out."""

from collections.abc import Iterator

from organizations.archives.people import People, in_place_of
from organizations.archives.reading import ArchiveFile, Unreadable
from organizations.archives.rows import Row
from organizations.archives.shapes import is_own_file
from organizations.archives.travelling import Table
from organizations.models import files_of


class Translator:
    """Reads an archive's rows for one organization, whichever it becomes here.

    It goes through the tables in their order: a row that is left out takes along those
    that cannot be without it.
    """

    def __init__(self, archive: ArchiveFile, people: People, target: object) -> None:
        self.archive, self.people = archive, people
        self.old = f"{files_of(archive.organization_id)}/"
        self.new = f"{files_of(target)}/"
        self.left_out: dict[str, set[str]] = {}

    def rows(self, table: Table) -> Iterator[Row]:
        """Yield a table's rows as they are to stand here."""
        gone = self.left_out[table.name] = set()
        for row in self.archive.rows(table):
            try:
                found = self.translated(table, row)
            except LookupError:
                gone.add(str(row["id"]))
            else:
                yield found

    def translated(self, table: Table, row: Row) -> Row:
        """Return a row as it is to stand here; LookupError when it cannot."""
        found = dict(row)
        for column in table.people:
            if (key := row[column]) is not None:
                found[column] = self.somebody(table, column, key)
        for column, (parent, may_be_empty) in table.parents.items():
            if row[column] in self.left_out.get(parent, ()):
                if not may_be_empty:
                    raise LookupError(column)
                found[column] = None
        for column in table.files:
            self.look_where(table, column, row[column])
        if self.old == self.new:
            return found
        return {column: self.moved(value) for column, value in found.items()}

    def somebody(self, table: Table, column: str, key: str) -> str | None:
        """Return who stands where an archive names somebody; LookupError when nobody can.

        Whoever was erased since keeps their work without a name, and joins nothing.
        """
        meant = self.people.meant.get(key)
        if table.only_once and meant in self.people.erased:
            raise LookupError(column)
        return meant or in_place_of(table, column, self.people)

    def look_where(self, table: Table, column: str, value: str | None) -> None:
        """Refuse a file that is not the organization's: its pages give it away."""
        own = not value or (
            value.startswith(self.old) and is_own_file(value.removeprefix(self.old))
        )
        if not own:
            raise Unreadable(f"{table.name}: {column} names a file elsewhere.")

    def moved(self, value: str | None) -> str | None:
        if value and value.startswith(self.old):
            return self.new + value.removeprefix(self.old)
        return value
