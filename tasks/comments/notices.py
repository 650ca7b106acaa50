"""Who is told of what happens to a task: who is named, who does it, who follows it."""

from collections.abc import Iterable, Iterator
from typing import Any, Final
from uuid import UUID

from django.urls import reverse

from organizations.audit.models import AuditEntry
from organizations.notifications.rules import Fate, Notice, ending, notifies
from tasks.choices import Status
from tasks.comments.models import Comment, Mention
from tasks.comments.watching import followers
from tasks.models import Task

SUBJECT: Final = "task"


def connect() -> None:
    """Register the rules, once."""
    notifies("comment.written")(commented)
    notifies("comment.edited")(mentioned_later)
    notifies("task.created", "task.edited")(assigned)
    notifies("task.edited", "task.moved")(finished)
    ending(Fate.HIDDEN, "task.removed")
    ending(Fate.BACK, "task.restored")
    ending(Fate.GONE, "task.purged")
    ending(Fate.HIDDEN, "comment.removed", part="comment")
    ending(Fate.BACK, "comment.restored", part="comment")
    ending(Fate.GONE, "comment.purged", part="comment")


def commented(entry: AuditEntry) -> Iterable[Notice]:
    """Tell who is mentioned, and of the others who follows the task."""
    task, comment = task_of(entry), comment_of(entry)
    if task is None or comment is None:
        return
    mentioned = mentioned_in(comment)
    yield about_comment("mention", mentioned, task, comment)
    yield about_comment("comment", followers(task) - mentioned, task, comment)


def mentioned_later(entry: AuditEntry) -> Iterable[Notice]:
    """Tell who is mentioned only since a comment was edited."""
    task, comment = task_of(entry), comment_of(entry)
    if task is not None and comment is not None:
        people = mentioned_in(comment)
        yield about_comment("mention", people, task, comment, once=True)


def assigned(entry: AuditEntry) -> Iterable[Notice]:
    """Tell who has been given a task."""
    before, after = (set(values.get("assignees") or ()) for values in sides(entry))
    people = {UUID(str(person)) for person in after - before}
    if people:
        yield from about_task("assignment", entry, lambda task: people)


def finished(entry: AuditEntry) -> Iterable[Notice]:
    """Tell who follows a task that it is done."""
    before, after = (values.get("status") for values in sides(entry))
    if after == Status.DONE and before != Status.DONE:
        yield from about_task("task_done", entry, followers)


def sides(entry: AuditEntry) -> tuple[dict[str, Any], dict[str, Any]]:
    return entry.before, entry.after


def about_task(kind: str, entry: AuditEntry, people: Any) -> Iterator[Notice]:
    """Yield the notice of a task to people that are found only if it is there still."""
    task = task_of(entry)
    if task is not None:
        yield Notice(
            kind,
            people(task),
            reverse("tasks:task_detail", args=[task.pk]),
            excerpt=task.title,
            several=reverse("tasks:my_tasks"),
            **subject_of(task),
        )


def about_comment(
    kind: str, people: set[UUID], task: Task, comment: Comment, *, once: bool = False
) -> Notice:
    page = reverse("tasks:task_detail", args=[task.pk])
    return Notice(
        kind,
        people,
        f"{page}#comment-{comment.pk}",
        part_id=comment.pk,
        excerpt=comment.body,
        once=once,
        **subject_of(task),
    )


def subject_of(task: Task) -> dict[str, Any]:
    return {
        "subject": task.key(task.organization.task_prefix),
        "subject_type": SUBJECT,
        "subject_id": task.pk,
        "values": {"title": task.title},
    }


def task_of(entry: AuditEntry) -> Task | None:
    """Return the task of an entry, unless it is in the trash."""
    rows = Task.objects.select_related("organization")
    return rows.filter(pk=entry.target_id).first()


def comment_of(entry: AuditEntry) -> Comment | None:
    return Comment.objects.filter(pk=entry.after["comment"]).first()


def mentioned_in(comment: Comment) -> set[UUID]:
    rows = Mention.objects.filter(comment=comment)
    return set(rows.values_list("user_id", flat=True))
