"""What htmx gets back from a change: the row, a toast, and where the row belongs."""

import json
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext

from organizations.http import TenantRequest
from tasks import queries
from tasks.activity import history, properties
from tasks.cards import cards
from tasks.choices import Status
from tasks.filters import Filters
from tasks.forms import QuickTaskForm
from tasks.listing import lines
from tasks.models import Task
from tasks.origins import on_board, origin_of
from tasks.queries import Listing, TaskRow

# What can be changed by itself, and the part of the task's page that shows it.
PARTS = {
    "title": "title",
    "description": "description",
    "priority": "facts",
    "assignees": "facts",
    "labels": "facts",
    "due_date": "facts",
    "team": "facts",
}
# What a list and a board show of a task.
LINES = ("row", "card")


def changed_part(
    request: TenantRequest, task: Task, field: str, *, is_changed: bool
) -> HttpResponse:
    """Return the part of the task's page that shows a field, and the news of it."""
    context = {
        "task": task,
        "part": f"tasks/{PARTS[field]}.html",
        "item": history(task, most=1)[-1] if is_changed else None,
        **properties(task),
    }
    response = render(request, "tasks/changed.html", context)
    return tell_change(response, task, field)


def changed_line(
    request: TenantRequest, task: Task, field: str, line: str, *, is_changed: bool
) -> HttpResponse:
    """Return the row or the card of a task, and say what was changed."""
    found = queries.task_row(task.pk)
    response = HttpResponse(line_of(request, found, line, shown_by(request)))
    if is_changed:
        key = task.key(request.organization.task_prefix)
        text = f"{key}: {history(task, most=1)[-1].text}"
        say(response, text)
    return tell_change(response, task, field)


def line_of(request: TenantRequest, found: Listing, line: str, filters: Filters) -> str:
    """Return a task as the row or the card of a page with these filters."""
    if line == "row":
        return lines(request, found.rows, found.names, filters)
    prefix, query = request.organization.task_prefix, on_board(filters).query
    can_edit = "tasks.edit" in request.abilities
    return cards(found.rows, found.names, prefix, can_edit, query)


def tell_change(response: HttpResponse, task: Task, field: str) -> HttpResponse:
    """Add the event by which the page closes the field's form."""
    told = {"task": task.number, "id": str(task.pk), "field": field}
    response["HX-Trigger-After-Settle"] = json.dumps({"changed": told})
    return response


def changed_row(request: TenantRequest, before: Listing, status: str) -> HttpResponse:
    """Return the row of a moved task."""
    row = before.rows[0]
    now = row._replace(status=status)
    response = HttpResponse(lines(request, [now], before.names, shown_by(request)))
    if row.status != status:
        key = f"{request.organization.task_prefix}-{row.number}"
        text = gettext("%(key)s moved to %(status)s")
        say(response, text % {"key": key, "status": Status(status).label})
    # The same status is an answer too: the menu it was chosen from closes.
    return put(response, row.number, row.status, status)


def new_row(request: TenantRequest, task: Task) -> HttpResponse:
    """Return the row of a task just made by its title alone."""
    row = TaskRow(
        str(task.pk),
        task.number,
        task.title,
        task.status,
        task.priority,
        None,
        "",
        0,
        [],
    )
    response = HttpResponse(lines(request, [row], {}, shown_by(request)))
    key = task.key(request.organization.task_prefix)
    say(response, gettext("%(key)s created") % {"key": key})
    return put(response, row.number, "", row.status)


def shown_by(request: TenantRequest) -> Filters:
    """Return the filters of the list that asks for a row."""
    address = request.htmx.current_url or ""
    return origin_of(QueryDict(urlsplit(address).query)).filters


def quick_refusal(request: TenantRequest, form: QuickTaskForm) -> HttpResponse:
    """Return the quick form with its error, put where the form stands."""
    response = render(
        request, "tasks/task_list.html#quick", {"quick": form}, status=422
    )
    response["HX-Retarget"], response["HX-Reswap"] = "#quick", "outerHTML"
    return response


def say(response: HttpResponse, text: str) -> None:
    """Add a toast."""
    response["HX-Trigger"] = json.dumps({"toast": {"text": text}})


def put(response: HttpResponse, task: int, left: str, came: str) -> HttpResponse:
    """Add the event by which the page puts the row in its group."""
    placed: dict[str, Any] = {"task": task, "from": left, "to": came}
    response["HX-Trigger-After-Settle"] = json.dumps({"placed": placed})
    return response
