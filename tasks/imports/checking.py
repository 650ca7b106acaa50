"""The dry run: every line of a file is read, and none is made."""

import csv
import io
import tempfile
from collections.abc import Iterator
from dataclasses import asdict
from typing import IO, Any, Final

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction

from organizations.models import files_of
from tasks.exports.cells import safe
from tasks.imports.mapping import converter
from tasks.imports.models import Import, State
from tasks.imports.reading import Shape, tasks_of
from tasks.imports.values import Problem

# What a page shows of what is wrong; the file holds all of it.
SHOWN: Final = 200
MEMORY: Final = 1_000_000
COLUMNS: Final = ("line", "column", "value", "problem")


def check(waiting: Import) -> None:
    """Read a file whose columns are chosen, and note which lines can be made."""
    with tempfile.SpooledTemporaryFile(max_size=MEMORY) as made:
        good, shown = judged(waiting, made)
        made.seek(0)
        errors = default_storage.save(errors_of(waiting), File(made)) if shown else ""
    try:
        kept = note(waiting, good, shown, errors)
    except BaseException:
        default_storage.delete(errors)
        raise
    if not kept and errors:
        default_storage.delete(errors)


def judged(waiting: Import, out: IO[bytes]) -> tuple[int, list[dict[str, Any]]]:
    """Return how many lines are good, and the first problems; write all of them."""
    text = io.TextIOWrapper(out, "utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    good = 0
    shown: list[dict[str, Any]] = []
    for found in problems_of(waiting):
        good += not found
        for problem in found:
            writer.writerow([safe(str(part)) for part in asdict(problem).values()])
            if len(shown) < SHOWN:
                shown.append(asdict(problem))
    text.detach()
    return good, shown


def problems_of(waiting: Import) -> Iterator[list[Problem]]:
    """Yield what is wrong with each line, in their order."""
    reading = converter(waiting.shape, waiting.mapping)
    with default_storage.open(waiting.file) as file:
        for record in tasks_of(file, Shape(**waiting.shape)):
            yield reading.draft(record)[1]


@transaction.atomic
def note(waiting: Import, good: int, shown: list[dict[str, Any]], errors: str) -> bool:
    """Write what a check found; False when it is not wanted any more."""
    row = Import.objects.select_for_update().get(pk=waiting.pk)
    if row.state != State.CHECKING or row.mapping != waiting.mapping:
        return False
    row.good, row.problems, row.errors = good, shown, errors
    row.state = State.CHECKED
    row.save(update_fields=["good", "problems", "errors", "state"])
    return True


def errors_of(waiting: Import) -> str:
    return f"{files_of(waiting.organization_id)}/imports/{waiting.pk}-errors.csv"
