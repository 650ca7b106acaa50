"""What is kept of the files that one person imported, for the copy they may ask for."""

from collections.abc import Iterator
from typing import Any

from organizations.personal.parts import collecting
from tasks.imports.models import Import

FIELDS = ("name", "size", "state", "rows", "made", "created_at", "finished_at")


def imports_of(*, person: Any, **kwargs: Any) -> tuple[str, Iterator[dict[str, Any]]]:
    """Return the imports that a person made."""
    rows = Import.objects.filter(made_by=person).order_by("id")
    return "imports", iter(rows.values(*FIELDS))


def connect() -> None:
    """Listen, once."""
    collecting.connect(imports_of, dispatch_uid="imports.imports_of")
