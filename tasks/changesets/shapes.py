"""What changes of many tasks look like to other programs."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from organizations.api.shapes import Body
from tasks.changesets.models import ChangeSet as Row
from tasks.shapes import MOST_LINKED, NewTask, TaskValues

MOST_MADE = 100
MOST_CHANGED = 200


class NewTasks(Body):
    """Tasks to be made together: all of them, or none."""

    tasks: list[NewTask] = Field(min_length=1, max_length=MOST_MADE)


class TaskName(Schema):
    """What a new task is called."""

    id: UUID
    number: int
    key: str


class MadeTasks(Schema):
    """The tasks that were made, in the order in which they were sent."""

    items: list[TaskName]


class Chosen(Body):
    """Which tasks; ids of none are left out."""

    ids: list[UUID] = Field(min_length=1, max_length=MOST_CHANGED)


class BulkValues(TaskValues):
    """What is to be the same in all of them; what is left out stays as it is.

    `labels` take the place of those of each task; `added_labels` come beside them.
    """

    added_labels: list[UUID] = Field(default_factory=list, max_length=MOST_LINKED)


class BulkChanges(Chosen):
    """Which tasks, and what is to change in all of them."""

    changes: BulkValues


class BulkResult(Schema):
    """What became of a change of many tasks; `change_set` undoes it."""

    change_set: UUID | None = Field(description="Null when all were so already.")
    changed: int


class Restored(Schema):
    """How many tasks came back from the trash."""

    restored: int


class ChangeSet(Schema):
    """One change of many tasks, kept for as long as it can be undone."""

    id: UUID
    kind: Literal["bulk_edit", "delete", "import"]
    state: Literal["running", "done", "undoing", "undone"]
    changed: int = Field(description="How many tasks it changed.")
    reverted: int = Field(description="How many of them are as they were again.")
    kept: int = Field(description="How many somebody has changed since.")
    created_at: datetime
    undoable_until: datetime


def change_shape(row: Row) -> ChangeSet:
    """Return a change-set as other programs see it."""
    return ChangeSet(
        id=row.pk,
        kind=row.kind,  # type: ignore[arg-type]
        state=row.state,  # type: ignore[arg-type]
        changed=row.count,
        reverted=row.reverted,
        kept=row.kept,
        created_at=row.created_at,
        undoable_until=row.undoable_until,
    )
