"""The first lines of a file, for whoever says what its columns are."""

from itertools import islice
from typing import Final

from django.core.files.storage import default_storage

from tasks.imports.mapping import days_in, guessed
from tasks.imports.models import Import
from tasks.imports.reading import Shape, tasks_of
from tasks.imports.texts import said

LINES: Final = 50
EXAMPLES: Final = 3
LONGEST: Final = 60


def preview(waiting: Import) -> list[list[str]]:
    """Return the first values of each column, in the columns' order."""
    shape = Shape(**waiting.shape)
    columns: list[list[str]] = [[] for _heading in shape.headings]
    with default_storage.open(waiting.file) as file:
        for record in islice(tasks_of(file, shape), LINES):
            for column, cell in zip(columns, record.cells, strict=False):
                value = " ".join(said(cell).split())
                if value and value not in column:
                    column.append(value)
    return columns


def examples(column: list[str]) -> str:
    """Return what a column's values look like."""
    return " · ".join(value[:LONGEST] for value in column[:EXAMPLES])


def days_of(waiting: Import, columns: list[list[str]]) -> str:
    """Return which part comes first in the dates of a file."""
    place = guessed(waiting.shape["headings"]).get("due_date")
    return days_in(columns[place]) if place is not None else days_in(())
