"""What a file of tasks holds: a column is one entry of the list below."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from tasks.models import Task


@dataclass(frozen=True)
class Batch:
    """Some tasks with what their columns need: names, who does what, labels."""

    tasks: list[Task]
    prefix: str
    people: Mapping[Any, str] = field(default_factory=dict)
    doers: Mapping[UUID, list[UUID]] = field(default_factory=dict)
    labels: Mapping[UUID, list[str]] = field(default_factory=dict)


def assignees(task: Task, batch: Batch) -> list[str]:
    found = (batch.people.get(one, "") for one in batch.doers.get(task.pk, ()))
    return [address for address in found if address]


# A list becomes a cell joined by semicolons, and stays a list in JSON.
COLUMNS: Final[dict[str, Callable[[Task, Batch], Any]]] = {
    "key": lambda task, batch: task.key(batch.prefix),
    "title": lambda task, batch: task.title,
    "description": lambda task, batch: task.description,
    "status": lambda task, batch: task.status,
    "priority": lambda task, batch: task.priority,
    "due_date": lambda task, batch: task.due_date,
    "assignees": assignees,
    "labels": lambda task, batch: batch.labels.get(task.pk, []),
    "team": lambda task, batch: task.team.name if task.team else "",
    "created_at": lambda task, batch: task.created_at,
    "completed_at": lambda task, batch: task.completed_at,
    "created_by": lambda task, batch: batch.people.get(task.created_by_id, ""),
}


def values_of(task: Task, batch: Batch) -> dict[str, Any]:
    """Return a task's columns by name, moments and days as ISO 8601 says them."""
    return {name: plain(read(task, batch)) for name, read in COLUMNS.items()}


def plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value
