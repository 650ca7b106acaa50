"""Tasks for other programs: the list as the page filters it, and each task."""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Query, Router

from organizations.api.bodies import checked, only, refuse_errors
from organizations.api.problems import Problem
from organizations.api.scopes import Scope
from organizations.api.shapes import (
    PROBLEMS,
    created,
    nothing,
    refuse_changed,
    sent,
    shown,
)
from organizations.http import TenantRequest
from tasks import flows, queries
from tasks.filters import cursor_at
from tasks.forms import TaskForm
from tasks.meanwhile import asking_again
from tasks.models import Task
from tasks.queries import Listing, TaskRow
from tasks.shapes import NewTask, TaskChanges, TaskPage, TaskQuery, task_shape
from tasks.shapes import Task as Shape

router = Router(tags=["Tasks"])


@router.get("/tasks", auth=Scope("tasks.view"), response={200: TaskPage, **PROBLEMS})
def list_tasks(request: TenantRequest, filters: Query[TaskQuery]) -> HttpResponse:
    """List tasks, the newest first unless another order is asked for.

    The filters are those of the page, and hold together.
    """
    wanted = filters.filters()
    if filters.cursor and wanted.cursor is None:
        raise Problem("cursor_invalid")
    if filters.number is not None:
        found = numbered(filters.number)
    else:
        found = queries.task_list(wanted, None)
    rows = found.rows[: filters.limit]
    more = found.more or len(found.rows) > len(rows)
    prefix = request.organization.task_prefix
    page = {
        "items": [line(row, prefix, found.names) for row in rows],
        "next": str(cursor_at(rows[-1], wanted.order)) if more else None,
    }
    return sent(request, json.dumps(page).encode())


@router.post("/tasks", auth=Scope("tasks.edit"), response={201: Shape, **PROBLEMS})
def create_task(request: TenantRequest, data: NewTask) -> HttpResponse:
    """Make a task; it gets the organization's next number."""
    form = form_of(data.model_dump())
    values = checked(form)
    with asking_again(form):
        task = flows.create_task(by=None, **values)
    refuse_errors(form)
    return created(request, present(request, task.pk))


@router.get(
    "/tasks/{uuid:task_id}",
    auth=Scope("tasks.view"),
    response={200: Shape, **PROBLEMS},
)
def get_task(request: TenantRequest, task_id: UUID) -> HttpResponse:
    """Read one task with all there is to it."""
    return shown(request, present(request, task_id))


@router.patch(
    "/tasks/{uuid:task_id}",
    auth=Scope("tasks.edit"),
    response={200: Shape, **PROBLEMS},
)
def change_task(
    request: TenantRequest, task_id: UUID, data: TaskChanges
) -> HttpResponse:
    """Change what is given and leave the rest; with If-Match, only what was read."""
    with transaction.atomic():
        task = locked(request, task_id)
        form = form_of(data.model_dump(exclude_unset=True), task.assignee_ids())
        values = checked(form)
        with asking_again(form):
            write(task, values)
        refuse_errors(form)
    return shown(request, present(request, task_id))


@router.delete(
    "/tasks/{uuid:task_id}",
    auth=Scope("tasks.delete"),
    response={204: None, **PROBLEMS},
)
def remove_task(request: TenantRequest, task_id: UUID) -> HttpResponse:
    """Put a task in the trash; it can be restored for thirty days."""
    with transaction.atomic():
        locked(request, task_id).remove(by=None)
    return nothing()


@router.post(
    "/tasks/{uuid:task_id}/restore",
    auth=Scope("tasks.delete"),
    response={200: Shape, **PROBLEMS},
)
def restore_task(request: TenantRequest, task_id: UUID) -> HttpResponse:
    """Take a task out of the trash; one that is not there stays as it is."""
    get_object_or_404(Task.with_trash, pk=task_id).restore(by=None)
    return shown(request, present(request, task_id))


def numbered(number: int) -> Listing:
    """Return the task of a number as a list of one, or of none."""
    found = Task.objects.filter(number=number).values_list("pk", flat=True).first()
    return queries.task_row(found) if found else Listing([], {}, {}, False)


def line(row: TaskRow, prefix: str, names: Mapping[str, str]) -> dict[str, Any]:
    """Return a row of a list as TaskSummary says it."""
    return {
        "id": row.id,
        "number": row.number,
        "key": f"{prefix}-{row.number}",
        "title": row.title,
        "status": row.status,
        "priority": row.priority,
        "due_date": row.due_date,
        "created_at": row.created_at,
        "comments": row.comments,
        "assignees": [
            {"id": one, "name": names.get(one) or None} for one in row.people
        ],
        "labels": [{"name": name, "colour": hue} for name, hue in row.labels],
    }


def form_of(values: dict[str, Any], doers: Any = ()) -> TaskForm:
    """Return the page's form, filled with what a body brings and asking no more."""
    form: TaskForm = only(TaskForm(values, initial={"assignees": doers}), values)
    return form


def locked(request: TenantRequest, task_id: UUID) -> Task:
    """Return a task that nobody else changes until the transaction ends.

    Http404 without one; Problem when it is not the state that If-Match names.
    """
    rows = Task.objects.select_related("team").select_for_update(of=("self",))
    task: Task = get_object_or_404(rows, pk=task_id)
    if "If-Match" in request.headers:
        refuse_changed(request, task_shape(task, request.organization.task_prefix))
    return task


def write(task: Task, values: dict[str, Any]) -> None:
    """Change a task as its page does: a status alone is a move."""
    if values.keys() == {"status"}:
        task.move(values["status"], by=None)
    else:
        task.edit(by=None, **values)


def present(request: TenantRequest, task_id: UUID) -> Shape:
    task = get_object_or_404(Task.objects.select_related("team"), pk=task_id)
    return task_shape(task, request.organization.task_prefix)
