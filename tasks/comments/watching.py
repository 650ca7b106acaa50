"""Who follows a task: who made it, who does it, and who said so.

Rows are kept only for what somebody said; making a task costs none. Who stopped is
left alone until they are assigned or mentioned again.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from accounts.models import User
from organizations.models import Membership
from tasks.comments.models import TaskWatcher
from tasks.models import Task, TaskAssignee


def followers(task: Task) -> set[UUID]:
    """Return the ids of all who follow a task, former members among them."""
    rows = TaskWatcher.objects.filter(task=task)
    said = dict(rows.values_list("user_id", "stopped_at"))
    given = TaskAssignee.objects.filter(task=task)
    assigned = dict(given.values_list("user_id", "created_at"))
    people = {task.created_by_id, *said, *assigned} - {None}
    return {each for each in people if follows(each, said, assigned)}


def follows(
    person: UUID, said: dict[UUID, datetime | None], assigned: dict[UUID, datetime]
) -> bool:
    """Return whether one of a task's people follows it."""
    stopped_at = said.get(person)
    if stopped_at is None:
        return True
    return person in assigned and assigned[person] > stopped_at


def watchers(task: Task) -> list[User]:
    """Return the members who follow a task, by name: whom its news is for."""
    present = Membership.objects.filter(
        user_id__in=followers(task), suspended_at=None
    ).values("user_id")
    people: Any = User.objects.filter(pk__in=present).order_by("name", "pk")
    return list(people)
