"""Which files a person uploaded, for the copy they may ask for."""

from collections.abc import Iterator
from typing import Any

from organizations.personal.parts import collecting
from tasks.attachments.models import Attachment

FIELDS = ("name", "size", "content_type", "created_at", "deleted_at")


def files_of(*, person: Any, **kwargs: Any) -> tuple[str, Iterator[dict[str, Any]]]:
    """Return the files a person attached to tasks, the trash included."""
    found = Attachment.with_trash.filter(uploaded_by=person).order_by("pk")
    rows = found.values("task__number", *FIELDS).iterator(chunk_size=500)
    return "attachments", ({"task_number": r.pop("task__number"), **r} for r in rows)


def connect() -> None:
    """Listen, once."""
    collecting.connect(files_of, dispatch_uid="attachments.files_of")
