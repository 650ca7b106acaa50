"""What a person said and follows, for the copy they may ask for."""

from collections.abc import Iterator
from typing import Any

from organizations.personal.parts import Rows, collecting
from tasks.comments.models import Comment, TaskWatcher

FIELDS = (
    "task__number",
    "task__title",
    "body",
    "created_at",
    "edited_at",
    "deleted_at",
)


def comments_of(*, person: Any, **kwargs: Any) -> tuple[str, Iterator[dict[str, Any]]]:
    """Return the comments a person wrote, the trash included."""
    found = Comment.with_trash.filter(author=person).order_by("pk").values(*FIELDS)
    rows = found.iterator(chunk_size=500)
    return "comments", ({k.replace("__", "_"): v for k, v in r.items()} for r in rows)


def watched_by(*, person: Any, **kwargs: Any) -> tuple[str, Rows]:
    """Return the tasks of which a person said that they follow them, or no longer do."""
    found = TaskWatcher.objects.filter(user=person).order_by("pk")
    rows = found.values_list("task__number", "created_at", "stopped_at")
    return "watched-tasks", [
        {"task_number": number, "since": since, "stopped_at": stopped}
        for number, since, stopped in rows
    ]


def connect() -> None:
    """Listen, once."""
    collecting.connect(comments_of, dispatch_uid="comments.comments_of")
    collecting.connect(watched_by, dispatch_uid="comments.watched_by")
