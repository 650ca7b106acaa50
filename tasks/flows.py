"""Journeys of tasks: making one, making many."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection, transaction

from organizations.audit.recording import build, record_many
from organizations.limits.counting import within_limits
from organizations.tenancy.context import as_uuid
from organizations.tenancy.models import uuid7
from tasks.choices import Priority, Status
from tasks.labels.models import Label, TaskLabel, held
from tasks.models import Task, TaskAssignee, require_members
from tasks.queries import active_organization

BATCH = 500

# The counter's row is locked until the end of the transaction: numbers have no gaps,
# and two people never get the same one.
CREATE = """
WITH counter AS (
  INSERT INTO tasks_taskcounter (id, organization_id, last_number)
  VALUES (%s, %s, %s) ON CONFLICT (organization_id) DO UPDATE
  SET last_number = tasks_taskcounter.last_number + excluded.last_number
  RETURNING last_number - %s AS before
)
INSERT INTO tasks_task (organization_id, id, number, title, description, status,
  priority, due_date, completed_at, created_at, created_by_id, team_id)
SELECT %s, v.id, counter.before + v.place, v.title, v.description, v.status, v.priority,
  v.due_date, CASE WHEN v.status = 'done' THEN coalesce(v.completed_at, now()) END,
  coalesce(v.created_at, now()), v.created_by_id, v.team_id
FROM counter, (VALUES {rows})
  AS v(place, id, title, description, status, priority, due_date, completed_at,
  created_at, created_by_id, team_id)
RETURNING number"""
ROW = (
    "(%s, %s::uuid, %s, %s, %s, %s, %s::date, %s::timestamptz, %s::timestamptz,"
    " %s::uuid, %s::uuid)"
)
# Moments that a new task can bring along from elsewhere.
MOMENTS = ("created_at", "completed_at")


def create_task(*, by: Any, title: str, **values: Any) -> Task:
    """Make one task in the active organization; the rest of its fields by name."""
    return create_tasks(by=by, drafts=[{"title": title, **values}])[0]


def create_tasks(*, by: Any, drafts: Sequence[Mapping[str, Any]]) -> list[Task]:
    """Make many tasks in the active organization, all of them or none.

    LimitReached when they would be more than the organization may have.
    """
    organization_id = active_organization()
    tasks = [draft(organization_id, by, values) for values in drafts]
    people = [list(values.get("assignees") or ()) for values in drafts]
    labels = [list(values.get("labels") or ()) for values in drafts]
    with within_limits(), transaction.atomic():
        for start in range(0, len(tasks), BATCH):
            insert(tasks[start : start + BATCH])
        assign(tasks, people)
        mark(tasks, labels)
        record_many(
            [
                build("task.created", task, by=by, after=told(task, doers, marks))
                for task, doers, marks in zip(tasks, people, labels, strict=True)
            ]
        )
    return tasks


def draft(organization_id: Any, by: Any, values: Mapping[str, Any]) -> Task:
    """Return an unsaved task with the defaults of a new one."""
    return Task(
        id=uuid7(),
        organization_id=organization_id,
        created_by_id=getattr(by, "pk", None),
        title=values["title"],
        description=values.get("description") or "",
        status=values.get("status") or Status.TODO,
        priority=values.get("priority") or Priority.MEDIUM,
        due_date=values.get("due_date"),
        team=values.get("team"),
        **{name: values.get(name) for name in MOMENTS},
    )


def insert(tasks: Sequence[Task]) -> None:
    """Write tasks in one statement and give them the organization's next numbers."""
    organization_id, count = tasks[0].organization_id, len(tasks)
    params: list[Any] = [uuid7(), organization_id, count, count, organization_id]
    for place, task in enumerate(tasks, 1):
        params += [place, task.id, task.title, task.description, str(task.status)]
        params += [int(task.priority), task.due_date, task.completed_at]
        params += [task.created_at, task.created_by_id, task.team_id]
    with connection.cursor() as cursor:
        cursor.execute(CREATE.format(rows=", ".join([ROW] * count)), params)
        last = max(number for (number,) in cursor.fetchall())
    for task, number in zip(tasks, range(last - count + 1, last + 1), strict=True):
        task.number = number
        task._state.adding, task._state.db = False, "default"


def assign(tasks: Sequence[Task], people: Sequence[Sequence[Any]]) -> None:
    """Write who does the new tasks; NotAMember when somebody does not belong."""
    require_members(person for doers in people for person in doers)
    pairs = [
        TaskAssignee(task=task, user_id=user_id)
        for task, doers in zip(tasks, people, strict=True)
        for user_id in dict.fromkeys(as_uuid(person) for person in doers)
    ]
    if pairs:
        TaskAssignee.objects.bulk_create(pairs, batch_size=BATCH)


def mark(tasks: Sequence[Task], labels: Sequence[Sequence[Label]]) -> None:
    """Write which labels the new tasks have; one that was just deleted is on none."""
    there = set(held(label for marks in labels for label in marks))
    pairs = [
        TaskLabel(task=task, label=label)
        for task, marks in zip(tasks, labels, strict=True)
        for label in marks
        if label in there
    ]
    if pairs:
        TaskLabel.objects.bulk_create(pairs, batch_size=BATCH)


def told(
    task: Task, people: Sequence[Any], labels: Sequence[Label] = ()
) -> dict[str, Any]:
    """Return what history keeps of a new task."""
    values: dict[str, Any] = {
        "title": task.title,
        "status": str(task.status),
        "priority": int(task.priority),
    }
    if task.due_date:
        values["due_date"] = task.due_date
    if task.team is not None:
        values["team"] = task.team.name
    if labels:
        values["labels"] = sorted(label.name for label in labels)
    values |= {name: getattr(task, name) for name in MOMENTS if getattr(task, name)}
    doers = [str(getattr(person, "pk", person)) for person in people]
    return values | {"assignees": doers} if doers else values
