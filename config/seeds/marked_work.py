"""Tasks of the isolation story, every text of them marked."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from config.seeds.canaries import ROLES, Marked
from organizations.models import Role
from organizations.tenancy import no_context, tenant
from tasks.changesets.flows import keep_created
from tasks.choices import Priority, Status
from tasks.flows import create_task, create_tasks

FULL = 40
TRASHED = 3
CHUNK = 500


def fill(each: Marked) -> None:
    """Make tasks of every kind, as if imported, and put a few of them in the trash."""
    owner = each.people[Role.OWNER]
    with no_context(), tenant(each.organization, owner):
        made = [
            create_task(by=owner, **values(each, number))
            for number in range(1, FULL + 1)
        ]
        keep_created(made, by=owner, label=each.mark("import"))
        for task in made[:TRASHED]:
            task.remove(by=owner)


def fill_large(each: Marked, tasks: int) -> None:
    """Make many tasks, some hundred to a statement."""
    owner = each.people[Role.OWNER]
    with no_context(), tenant(each.organization, owner):
        for start in range(1, tasks + 1, CHUNK):
            numbers = range(start, min(start + CHUNK, tasks + 1))
            create_tasks(by=owner, drafts=[values(each, n) for n in numbers])


def values(each: Marked, number: int) -> dict[str, Any]:
    """Return one task; status, priority, due date and people vary with the number."""
    people = [each.people[role] for role in ROLES]
    return {
        "title": each.mark("title", number),
        "description": each.mark("description", number),
        "status": Status.values[number % len(Status)],
        "priority": Priority.values[number % len(Priority)],
        "due_date": timezone.localdate() + timedelta(days=number % 30 - 10),
        "assignees": people[: number % (len(people) + 1)],
    }
