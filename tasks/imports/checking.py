"""The dry run: every line of a file is read, and none is made."""

import csv
import io
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import IO, Any, Final

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import translation

from accounts.models import offered_language
from organizations.models import files_of
from tasks.exports.cells import safe
from tasks.imports.mapping import converter
from tasks.imports.models import Import, State
from tasks.imports.reading import Shape, tasks_of
from tasks.imports.values import Converter, Problem

# What a page shows of what is wrong; the file holds all of it.
SHOWN: Final = 200
MEMORY: Final = 1_000_000
COLUMNS: Final = ("line", "column", "value", "problem")


@dataclass
class Findings:
    """What a dry run has found: good lines, the first problems, labels to be made."""

    good: int = 0
    shown: list[dict[str, Any]] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)


def check(waiting: Import) -> None:
    """Read a file whose columns are chosen, and note which lines can be made.

    What is wrong with a line is kept in the language of whoever made the import.
    """
    language = waiting.made_by.language if waiting.made_by else ""
    with (
        tempfile.SpooledTemporaryFile(max_size=MEMORY) as made,
        translation.override(offered_language(language)),
    ):
        found = judged(waiting, made)
        made.seek(0)
        name = errors_of(waiting)
        errors = default_storage.save(name, File(made)) if found.shown else ""
    try:
        kept = note(waiting, found, errors)
    except BaseException:
        default_storage.delete(errors)
        raise
    if not kept and errors:
        default_storage.delete(errors)


def judged(waiting: Import, out: IO[bytes]) -> Findings:
    """Return what is found in a file; write all of the problems."""
    text = io.TextIOWrapper(out, "utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    found = Findings()
    reading = converter(waiting.shape, waiting.mapping)
    for problems in problems_of(waiting, reading):
        found.good += not problems
        for problem in problems:
            writer.writerow([safe(str(part)) for part in asdict(problem).values()])
            if len(found.shown) < SHOWN:
                found.shown.append(asdict(problem))
    text.detach()
    found.labels = list(reading.new.values())
    return found


def problems_of(waiting: Import, reading: Converter) -> Iterator[list[Problem]]:
    """Yield what is wrong with each line, in their order."""
    with default_storage.open(waiting.file) as file:
        for record in tasks_of(file, Shape(**waiting.shape)):
            yield reading.draft(record)[1]


@transaction.atomic
def note(waiting: Import, found: Findings, errors: str) -> bool:
    """Write what a check found; False when it is not wanted any more."""
    row = Import.objects.select_for_update().get(pk=waiting.pk)
    if row.state != State.CHECKING or row.mapping != waiting.mapping:
        return False
    row.good, row.problems, row.errors = found.good, found.shown, errors
    row.state, row.new_labels = State.CHECKED, found.labels
    row.save(update_fields=["good", "problems", "errors", "state", "new_labels"])
    return True


def errors_of(waiting: Import) -> str:
    return f"{files_of(waiting.organization_id)}/imports/{waiting.pk}-errors.csv"
