"""The part of a task's page that is about talking."""

from typing import Any

from organizations.http import TenantRequest
from organizations.notifications.flows import is_muted, read_about
from tasks.comments.forms import CommentForm
from tasks.comments.timeline import timeline
from tasks.comments.watching import watchers
from tasks.models import Task
from tasks.signals import showing


def discussion(*, request: TenantRequest, task: Task, **kwargs: Any) -> dict[str, Any]:
    """Return a task's timeline, the form under it, and who follows the task.

    Whoever looks at it needs no more telling; most have nothing to be told.
    """
    if request.unread:
        request.unread -= read_about(subject_id=task.pk, by=request.user)
    talk = {"timeline": timeline(task), "comment_form": CommentForm()}
    return talk | watching_part(request, task)


def watching_part(request: TenantRequest, task: Task) -> dict[str, Any]:
    """Return who follows a task, and whether the reader does, or is told nothing."""
    people = watchers(task)
    mine = request.user.pk in {person.pk for person in people}
    mutes = is_muted(subject_id=task.pk, by=request.user)
    return {"watchers": people, "watches": mine, "mutes": mutes}


def connect() -> None:
    """Listen, once."""
    showing.connect(discussion, dispatch_uid="comments.discussion")
