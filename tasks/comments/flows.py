"""Journeys of comments: written, edited, removed, brought back; and of watchers."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from organizations.audit.context import program_name
from organizations.audit.recording import record
from organizations.models import Membership
from organizations.notifications import flows as notifications
from organizations.tenancy.jobs import enqueue
from tasks.comments import jobs
from tasks.comments.mentions import mentioned
from tasks.comments.models import Comment, Mention, TaskWatcher
from tasks.comments.purging import due_at
from tasks.comments.watching import followers
from tasks.models import Task


def write_comment(
    *, task: Task, by: Any, body: str, sent_as: UUID
) -> tuple[Comment, bool]:
    """Write a comment; the same form sent again finds what it wrote, and says so.

    Without a person it is a program's, which follows nothing.
    """
    values = {"task": task, "body": body, "author_name": "" if by else program_name()}
    with transaction.atomic():
        comment, new = Comment.with_trash.get_or_create(
            author=by, sent_as=sent_as, defaults=values
        )
        if new:
            count(task.pk, 1)
            if by:
                TaskWatcher.objects.get_or_create(task=task, user=by)
            mention(comment, mentioned(body))
            record("comment.written", task, by=by, after={"comment": str(comment.pk)})
    return comment, new


def edit_comment(*, comment: Comment, by: Any, body: str) -> bool:
    """Put other words in a comment's place; False when they are the same, or it is
    in the trash by now."""
    with transaction.atomic():
        kept = Comment.objects.select_for_update().filter(pk=comment.pk).first()
        if kept is None or kept.body == body:
            return False
        before = kept.body
        kept.body, kept.edited_at = body, timezone.now()
        kept.save(update_fields=["body", "edited_at"])
        people = mentioned(body)
        Mention.objects.filter(comment=kept).exclude(user_id__in=people).delete()
        mention(kept, people)
        note("comment.edited", kept, by, before={"text": before}, after={"text": body})
    return True


def remove_comment(*, comment: Comment, by: Any) -> bool:
    """Put a comment in the trash; False when it is there already."""
    with transaction.atomic():
        if not Comment.objects.filter(pk=comment.pk).remove():
            return False
        count(comment.task_id, -1)
        enqueue(jobs.purge_comment, at=due_at(), comment_id=str(comment.pk))
        note("comment.removed", comment, by)
    return True


def restore_comment(*, comment: Comment, by: Any) -> bool:
    """Take a comment out of the trash; False when it is not there."""
    with transaction.atomic():
        if not Comment.with_trash.filter(pk=comment.pk).restore():
            return False
        count(comment.task_id, 1)
        note("comment.restored", comment, by)
    return True


def watch(*, task: Task, by: Any) -> bool:
    """Follow a task; False for whoever does already."""
    with transaction.atomic():
        if by.pk in followers(task):
            return False
        say(task, by.pk, stopped_at=None)
        record("task.watched", task, by=by)
    return True


def unwatch(*, task: Task, by: Any) -> bool:
    """Follow a task no longer; False for whoever does not."""
    with transaction.atomic():
        if by.pk not in followers(task):
            return False
        say(task, by.pk, stopped_at=timezone.now())
        record("task.unwatched", task, by=by)
    return True


def mute(*, task: Task, by: Any) -> bool:
    """Hear nothing of a task, mentions included; False for whoever does so already."""
    return notifications.mute(subject=task, subject_type="task", by=by)


def unmute(*, task: Task, by: Any) -> bool:
    """Hear of a task again; False for whoever does."""
    return notifications.unmute(subject=task, subject_type="task", by=by)


def mention(comment: Comment, people: dict[UUID, str]) -> None:
    """Keep who is mentioned in a comment; who was not before follows the task."""
    rows = Mention.objects.filter(comment=comment)
    newly = held(people.keys() - set(rows.values_list("user_id", flat=True)))
    Mention.objects.bulk_create(
        Mention(comment=comment, user_id=one, name=people[one]) for one in newly
    )
    TaskWatcher.objects.bulk_create(
        [TaskWatcher(task_id=comment.task_id, user_id=one) for one in newly],
        update_conflicts=True,
        unique_fields=["organization", "task", "user"],
        update_fields=["stopped_at"],
    )


def held(people: set[UUID]) -> list[UUID]:
    """Return which of some people are members still, and stay so for the transaction."""
    if not people:
        return []
    rows = Membership.objects.filter(user_id__in=people).order_by("user_id")
    return list(rows.select_for_update(no_key=True).values_list("user_id", flat=True))


def say(task: Task, user_id: UUID, **values: Any) -> None:
    TaskWatcher.objects.update_or_create(task=task, user_id=user_id, defaults=values)


def count(task_id: UUID, step: int) -> None:
    """Keep the number that lists show, in the transaction of the change."""
    rows = Task.with_trash.filter(pk=task_id)
    rows.update(comment_count=F("comment_count") + step)


def note(action: str, comment: Comment, by: Any, **values: Any) -> None:
    """Record a change of a comment in the history of its task."""
    values["after"] = {"comment": str(comment.pk), **values.get("after", {})}
    record(action, comment.task, by=by, **values)
