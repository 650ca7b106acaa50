"""Many tasks at once for other programs: made, changed, removed, brought back."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext
from ninja import Router

from organizations.api.bodies import checked, only, refuse_errors, wrong
from organizations.api.problems import Problem
from organizations.api.scopes import Scope
from organizations.api.shapes import PROBLEMS, shown
from organizations.http import TenantRequest
from tasks.changesets import flows
from tasks.changesets.drafting import NAMED, drafts_of
from tasks.changesets.models import ChangeSet as Row
from tasks.changesets.selection import Selection
from tasks.changesets.shapes import (
    BulkChanges,
    BulkResult,
    ChangeSet,
    Chosen,
    MadeTasks,
    NewTasks,
    Restored,
    TaskName,
    change_shape,
)
from tasks.flows import create_tasks as make
from tasks.forms import TaskForm
from tasks.meanwhile import asking_again

router = Router(tags=["Many tasks"])


@router.post(
    "/tasks/bulk", auth=Scope("tasks.edit"), response={201: MadeTasks, **PROBLEMS}
)
def create_tasks(request: TenantRequest, data: NewTasks) -> HttpResponse:
    """Make up to 100 tasks, all of them or none."""
    drafts = drafts_of(data.tasks)
    with asked("body.tasks"):
        tasks = make(by=None, drafts=drafts)
    prefix = request.organization.task_prefix
    items = [
        TaskName(id=one.pk, number=one.number, key=one.key(prefix)) for one in tasks
    ]
    return shown(request, MadeTasks(items=items), 201)


@router.patch(
    "/tasks/bulk", auth=Scope("tasks.edit"), response={200: BulkResult, **PROBLEMS}
)
def change_tasks(request: TenantRequest, data: BulkChanges) -> HttpResponse:
    """Set the same in up to 200 tasks; the change can be undone as a whole."""
    changes = changes_of(data.changes.model_dump(exclude_unset=True))
    with asked("body.changes"):
        made = flows.edit_tasks(
            selection=Selection.of(data.ids, None), by=None, changes=changes
        )
    return result(request, made)


@router.post(
    "/tasks/bulk-remove",
    auth=Scope("tasks.delete"),
    response={200: BulkResult, **PROBLEMS},
)
def remove_tasks(request: TenantRequest, data: Chosen) -> HttpResponse:
    """Put up to 200 tasks in the trash; the change can be undone as a whole."""
    made = flows.remove_tasks(selection=Selection.of(data.ids, None), by=None)
    return result(request, made)


@router.post(
    "/tasks/bulk-restore",
    auth=Scope("tasks.delete"),
    response={200: Restored, **PROBLEMS},
)
def restore_tasks(request: TenantRequest, data: Chosen) -> HttpResponse:
    """Take up to 200 tasks out of the trash, all of them or none."""
    count = flows.restore_tasks(ids=data.ids, by=None)
    return shown(request, Restored(restored=count))


@router.get(
    "/change-sets/{uuid:change_set_id}",
    auth=Scope("tasks.view"),
    response={200: ChangeSet, **PROBLEMS},
)
def get_change_set(request: TenantRequest, change_set_id: UUID) -> HttpResponse:
    """Read how far a change of many tasks has come, or what became of it."""
    return shown(request, change_shape(get_object_or_404(Row, pk=change_set_id)))


@router.post(
    "/change-sets/{uuid:change_set_id}/undo",
    auth=Scope("tasks.edit", makes_less=True),
    response={200: ChangeSet, **PROBLEMS},
)
def undo_change_set(request: TenantRequest, change_set_id: UUID) -> HttpResponse:
    """Take back what nobody has changed since; for deletions it needs tasks.delete."""
    change_set = get_object_or_404(Row, pk=change_set_id)
    if change_set.ability not in request.abilities:
        words = f"It lacks the scope {change_set.ability}."
        raise Problem("scope_missing", words, scope=change_set.ability)
    try:
        change_set = flows.undo(change_set=change_set, by=None)
    except flows.NotUndoable as error:
        words = gettext("That cannot be undone any more")
        raise Problem("conflict", words) from error
    return shown(request, change_shape(change_set))


def changes_of(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields to set as a change-set keeps them: what they name by id."""
    if not values:
        raise wrong("changes", gettext("Choose what to change."))
    added = {"labels": values["added_labels"]} if "added_labels" in values else {}
    own = {name: value for name, value in values.items() if name != "added_labels"}
    if added and "labels" in own:
        words = gettext("Labels can be replaced or added, not both at once.")
        raise wrong("changes.added_labels", words)
    found = kept(checked(only(TaskForm(own), own), "body.changes"))
    if added:
        labels = checked(only(TaskForm(added), added), "body.changes")
        found["added_labels"] = kept(labels)["labels"]
    return found


def kept(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values with ids in place of rows."""
    found = dict(values)
    for name in ("assignees", "labels"):
        if name in found:
            found[name] = [str(row.pk) for row in found[name]]
    if found.get("team"):
        found["team"] = str(found["team"].pk)
    return found


@contextmanager
def asked(place: str) -> Iterator[None]:
    """Turn what went after the check into a Problem of the field that named it."""
    form = only(TaskForm({}), NAMED)
    form.is_valid()
    with asking_again(form):
        yield
    refuse_errors(form, place)


def result(request: TenantRequest, made: Row | None) -> HttpResponse:
    key, count = (made.pk, made.count) if made else (None, 0)
    return shown(request, BulkResult(change_set=key, changed=count))
