"""Tasks of the isolation story, every text of them marked."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from config.seeds.canaries import ROLES, Marked
from organizations.audit.context import facts, request_facts
from organizations.models import Role
from organizations.tenancy import no_context, tenant
from organizations.tenancy.models import uuid7
from tasks.attachments.flows import attach
from tasks.changesets.flows import keep_created
from tasks.changesets.models import ChangeSet
from tasks.choices import Priority, Status
from tasks.comments.flows import write_comment
from tasks.comments.models import Comment
from tasks.flows import create_task, create_tasks
from tasks.labels.flows import create_label
from tasks.labels.models import Colour
from tasks.models import Task

FULL = 40
TRASHED = 3
CHUNK = 500


def fill(each: Marked) -> None:
    """Make tasks of every kind, as if imported, and put a few of them in the trash."""
    owner = each.people[Role.OWNER]
    with no_context(), tenant(each.organization, owner):
        label = create_label(by=owner, name=each.mark("label"), colour=Colour.RED)
        made = [
            create_task(by=owner, **values(each, number), labels=[label][number % 2 :])
            for number in range(1, FULL + 1)
        ]
        talk(each, made[-1])
        keep_created(made, by=owner, label=each.mark("import"))
        for task in made[:TRASHED]:
            task.remove(by=owner)
    name_programs(each)


def talk(each: Marked, task: Task) -> None:
    """Say something about a task, naming somebody, and attach a file."""
    owner, member = each.people[Role.OWNER], each.people[Role.MEMBER]
    for number, words in enumerate((f"@{member}", each.mark("word")), 1):
        write_comment(
            task=task,
            by=owner,
            body=f"{each.mark('comment', number)} {words}",
            sent_as=uuid7(),
        )
    plan = SimpleUploadedFile(each.mark("file") + ".txt", each.mark("bytes").encode())
    attach(task=task, by=owner, uploads=[plan])


def name_programs(each: Marked) -> None:
    """Have a program say something too, and mark what it would be called elsewhere."""
    name: Any = each.mark("program")
    with (
        no_context(),
        tenant(each.organization),
        request_facts(replace(facts(), program=name)),
    ):
        task: Any = Task.objects.order_by("-number").first()
        said: Any = {"body": each.mark("told"), "sent_as": uuid7()}
        write_comment(task=task, by=None, **said)
        Comment.with_trash.all().update(author_name=name)
        ChangeSet.objects.all().update(program=name)


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
