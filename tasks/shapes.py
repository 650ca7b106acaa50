"""What tasks look like to other programs."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from organizations.api.people import Person, people, person
from organizations.api.shapes import Body
from tasks.choices import Priority, Status
from tasks.filters import BEST, LONGEST_SEARCH, Filters, read_cursor
from tasks.labels.models import TaskLabel
from tasks.models import Task as Row
from tasks.queries import PAGE

TITLE = 200
DESCRIPTION = 50_000
MOST_LINKED = 200


class Mark(Schema):
    """One label of a task, as lists show it."""

    name: str
    colour: str


class LabelOfTask(Mark):
    """One label of a task."""

    id: UUID


class TeamOfTask(Schema):
    """The team a task belongs to."""

    id: UUID
    name: str


class TaskSummary(Schema):
    """One task as lists show it; `key` is what people call it, such as ACME-142."""

    id: UUID
    number: int
    key: str
    title: str
    status: Status
    priority: Priority = Field(description="1 is low, 3 medium, 5 high.")
    due_date: date | None
    created_at: datetime
    comments: int = Field(description="How many comments it has.")
    assignees: list[Person]
    labels: list[Mark]


class TaskPage(Schema):
    """Some tasks; `next` is the cursor of what follows, null behind the last."""

    items: list[TaskSummary]
    next: str | None


class Task(TaskSummary):
    """One task with all there is to it."""

    description: str = Field(description="Markdown.")
    labels: list[LabelOfTask]  # type: ignore[assignment]
    team: TeamOfTask | None
    created_by: Person | None = Field(
        description="Null for what a program made, and once its maker has left."
    )
    completed_at: datetime | None
    updated_at: datetime


class TaskQuery(Body):
    """Which tasks, as the page's filters say it, and where the list goes on."""

    q: str | None = Field(
        None,
        max_length=LONGEST_SEARCH,
        description="Words of title, description or comments; the best match first.",
    )
    status: Status | None = None
    priority: Priority | None = None
    assignee: str | None = Field(
        None,
        pattern="^(nobody|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$",
        description="A person's id, or “nobody”.",
    )
    label: UUID | None = None
    team: UUID | None = None
    number: int | None = Field(
        None,
        ge=1,
        lt=2**31,
        description="The one task of this number; the other filters do nothing then.",
    )
    sort: Literal["newest", "due", "priority"] = "newest"
    cursor: str | None = Field(None, max_length=500)
    limit: int = Field(PAGE, ge=1, le=PAGE)

    def filters(self) -> Filters:
        """Return what the page would read from such an address."""
        words = " ".join((self.q or "").replace("\0", " ").split())
        sort = "" if words or self.sort == "newest" else self.sort
        order = BEST if words else sort
        return Filters(
            words=words,
            status=str(self.status or ""),
            priority=int(self.priority) if self.priority else None,
            assignee=self.assignee or "",
            label=str(self.label or ""),
            team=str(self.team or ""),
            sort=sort,
            cursor=read_cursor(self.cursor, order) if self.cursor else None,
        )


class NewTask(Body):
    """A task to be made; a title is enough."""

    title: str = Field(min_length=1, max_length=TITLE)
    description: str = Field("", max_length=DESCRIPTION, description="Markdown.")
    status: Status = Status.TODO
    priority: Priority = Priority.MEDIUM
    due_date: date | None = None
    assignees: list[UUID] = Field([], max_length=MOST_LINKED)
    labels: list[UUID] = Field([], max_length=MOST_LINKED)
    team: UUID | None = None


class TaskValues(Body):
    """What can change of one task and of many; what is left out stays as it is.

    Assignees and labels take the place of those that are there.
    """

    status: Status = Field(default_factory=lambda: Status.TODO)
    priority: Priority = Field(default_factory=lambda: Priority.MEDIUM)
    due_date: date | None = Field(default_factory=lambda: None)
    assignees: list[UUID] = Field(default_factory=list, max_length=MOST_LINKED)
    labels: list[UUID] = Field(default_factory=list, max_length=MOST_LINKED)
    team: UUID | None = Field(default_factory=lambda: None)


class TaskChanges(TaskValues):
    """What is to change of a task; what is left out stays as it is.

    Assignees and labels take the place of those that are there.
    """

    title: str = Field(default_factory=str, min_length=1, max_length=TITLE)
    description: str = Field(default_factory=str, max_length=DESCRIPTION)


def task_shape(task: Row, prefix: str) -> Task:
    """Return a task with who does it, its labels and its team."""
    doers = task.assignee_ids()
    found = people([*doers, task.created_by_id])
    marks = TaskLabel.objects.filter(task=task).select_related("label")
    return Task(
        **{name: getattr(task, name) for name in PLAIN},
        key=task.key(prefix),
        comments=task.comment_count,
        assignees=[found.get(one) or Person(id=one, name=None) for one in doers],
        labels=[label_shape(one.label) for one in marks.order_by("label__name")],
        team=TeamOfTask(id=task.team.pk, name=task.team.name) if task.team else None,
        created_by=person(found, task.created_by_id),
    )


PLAIN = (
    *("id", "number", "title", "description", "status", "priority", "due_date"),
    *("created_at", "updated_at", "completed_at"),
)


def label_shape(label: Any) -> LabelOfTask:
    return LabelOfTask(id=label.pk, name=label.name, colour=label.colour)
