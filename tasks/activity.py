"""What happened to one task, told from its audit entries."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext

from accounts.models import User
from organizations.audit.models import ActorType, AuditEntry
from organizations.http import TenantRequest
from tasks import markdown, queries
from tasks.choices import Priority, Status
from tasks.labels.models import Label
from tasks.models import Task
from tasks.places import Place
from tasks.queries import Listing
from tasks.rows import face_of
from tasks.signals import showing

MOST = 50
# A comment shows itself; where a task stands on the board, whom its news reaches and
# that the trash was emptied is no news of the task.
UNTOLD = (
    *("attachment.purged", "comment.purged", "comment.restored", "comment.written"),
    *("task.ordered", "task.watched", "task.unwatched"),
    *("task.muted", "task.unmuted"),
)
ICONS = {
    "attachment.added": "paperclip",
    "attachment.removed": "paperclip",
    "attachment.restored": "paperclip",
    "comment.removed": "message-square",
    "comment.edited": "pencil",
}


@dataclass(frozen=True)
class Event:
    """One line of a task's history."""

    id: UUID
    actor: Any
    action: str
    status: str
    text: str
    at: datetime
    # What a program was called that did it in no person's name.
    program: str = ""

    @property
    def icon(self) -> str:
        return ICONS.get(self.action, "")


def history(task: Task, before: Place | None = None, most: int = MOST) -> list[Event]:
    """Return the task's latest events up to a place, the oldest of them first."""
    entries = AuditEntry.objects.filter(
        target_type=task._meta.label_lower, target_id=str(task.pk)
    ).exclude(action__in=UNTOLD)
    rows = list(up_to(before, entries)[:most])[::-1]
    people = User.objects.in_bulk({row.actor_id for row in rows if row.actor_id})
    return [
        Event(
            id=row.pk,
            actor=people.get(row.actor_id) if row.actor_id else None,
            action=row.action,
            status=row.after.get("status", "") if row.action == "task.moved" else "",
            text=sentence(row),
            at=row.created_at,
            program=row.actor_label if row.actor_type == ActorType.PROGRAM else "",
        )
        for row in rows
    ]


def up_to(place: Place | None, rows: QuerySet[Any]) -> QuerySet[Any]:
    """Return rows before a place of a timeline, the newest first."""
    if place is not None:
        # The first condition alone lets the index begin there.
        rows = rows.filter(created_at__lte=place.at).filter(
            Q(created_at__lt=place.at) | Q(pk__lt=place.id)
        )
    return rows.order_by("-created_at", "-pk")


def more_of(task: Task, request: TenantRequest) -> dict[str, Any]:
    """Return what the rooms above show on a task's page."""
    found: dict[str, Any] = {}
    answers: Any = showing.send(sender=Task, request=request, task=task)
    for _room, part in answers:
        found |= part
    return found


def sentence(entry: AuditEntry) -> str:
    """Return what was done, without who did it."""
    if entry.action == "task.moved":
        return gettext("moved this from %(before)s to %(after)s") % {
            "before": status_label(entry.before.get("status")),
            "after": status_label(entry.after.get("status")),
        }
    if entry.action == "task.edited":
        return gettext("changed %(what)s") % {
            "what": ", ".join(change(entry, name) for name in entry.after)
        }
    words = {
        "task.created": gettext("created this"),
        "task.removed": gettext("moved this to the trash"),
        "task.restored": gettext("took this out of the trash"),
        "comment.edited": gettext("edited a comment"),
        "comment.removed": gettext("removed a comment"),
        "attachment.added": gettext("attached %(name)s"),
        "attachment.removed": gettext("removed the file %(name)s"),
        "attachment.restored": gettext("brought back the file %(name)s"),
    }.get(entry.action, entry.action)
    return words % {"name": entry.after.get("name", "")} if "%(" in words else words


def change(entry: AuditEntry, name: str) -> str:
    """Return one changed field, with both values where they are short."""
    before, after = entry.before.get(name), entry.after.get(name)
    label = field_name(name)
    if name not in ("status", "priority", "due_date", "title", "team", "labels"):
        return label
    return gettext("%(what)s from %(before)s to %(after)s") % {
        "what": label,
        "before": shown(name, before),
        "after": shown(name, after),
    }


def field_name(name: str) -> str:
    return {
        "title": gettext("the title"),
        "description": gettext("the description"),
        "status": gettext("the status"),
        "priority": gettext("the priority"),
        "due_date": gettext("the due date"),
        "assignees": gettext("the assignees"),
        "labels": gettext("the labels"),
        "team": gettext("the team"),
    }.get(name, name)


def clashes(task: Task, fields: list[str]) -> list[tuple[str, str]]:
    """Return what stands now in fields that two people have changed."""
    values = task.present(fields)
    people = User.objects.filter(pk__in=values.get("assignees", ()))
    labels = Label.objects.filter(pk__in=values.get("labels", ()))
    values |= {"assignees": [str(one) for one in people.order_by("name")]}
    values |= {"labels": [str(one) for one in labels.order_by("name")]}
    return [(field_name(name), shown(name, values[name])) for name in fields]


def last_editor(task: Task) -> str:
    """Return who changed a task last, by the name they had."""
    entries = AuditEntry.objects.filter(
        target_type=task._meta.label_lower, target_id=str(task.pk)
    )
    last = entries.order_by("-created_at", "-id").first()
    return (last.actor_label if last else "") or gettext("Somebody")


def shown(name: str, value: Any) -> str:
    if name == "status":
        return status_label(value)
    if name == "priority":
        return str(Priority(value).label) if value in Priority.values else str(value)
    if name == "title":
        return gettext("“%s”") % value
    if isinstance(value, list):
        value = ", ".join(value)
    return str(value) if value else gettext("none")


def status_label(value: Any) -> str:
    return str(Status(value).label) if value in Status.values else str(value)


def properties(task: Task) -> dict[str, Any]:
    """Return what a task's page shows of it beside its title."""
    return {
        "description": markdown.render(task.description),
        "people": doers(queries.task_row(task.pk)),
        "labels": Label.objects.filter(pk__in=task.label_ids()).order_by("name"),
        "statuses": Status.choices,
        "overdue": is_overdue(task),
    }


def doers(line: Listing) -> list[dict[str, Any]]:
    """Return the avatar and name of everybody who does a task."""
    people = line.rows[0].people if line.rows else []
    named = [
        (each, line.names.get(each) or gettext("Former member")) for each in people
    ]
    return [
        {"avatar": mark_safe(face_of(each, name)), "name": name}  # noqa: S308  # escaped
        for each, name in named
    ]


def creator_of(task: Task) -> str:
    """Return who made a task: a colleague, or a program by the name it had then."""
    if task.created_by_id:
        return person_name(task.created_by_id)
    entries = AuditEntry.objects.filter(
        target_type=task._meta.label_lower,
        target_id=str(task.pk),
        action="task.created",
    )
    name = entries.values_list("actor_label", flat=True).first()
    return name or gettext("A program")


def person_name(user_id: UUID) -> str:
    """Return a colleague's name; who left has none any more."""
    name = User.objects.filter(pk=user_id).values_list("name", flat=True).first()
    return name or gettext("a former member")


def is_overdue(task: Task) -> bool:
    return bool(
        task.due_date and not task.is_done and task.due_date < timezone.localdate()
    )
