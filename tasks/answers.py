"""What htmx gets back from a change: the row, a toast, and where the row belongs."""

import json
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext

from organizations.http import TenantRequest
from tasks.choices import Status
from tasks.filters import Filters
from tasks.forms import QuickTaskForm
from tasks.listing import lines
from tasks.models import Task
from tasks.origins import origin_of
from tasks.queries import Listing, TaskRow


def changed_row(request: TenantRequest, before: Listing, status: str) -> HttpResponse:
    """Return the row of a moved task."""
    row = before.rows[0]
    now = row._replace(status=status)
    response = HttpResponse(lines(request, [now], before.names, shown_by(request)))
    if row.status != status:
        key = f"{request.organization.task_prefix}-{row.number}"
        text = gettext("%(key)s moved to %(status)s")
        words = {"key": key, "status": Status(status).label}
        say(response, text % words, row.number, row.status, status)
    return response


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
    say(response, gettext("%(key)s created") % {"key": key}, row.number, "", row.status)
    return response


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


def say(response: HttpResponse, text: str, task: int, left: str, came: str) -> None:
    """Add the toast and the event by which the page puts the row in its group."""
    response["HX-Trigger"] = json.dumps({"toast": {"text": text}})
    placed: dict[str, Any] = {"task": task, "from": left, "to": came}
    response["HX-Trigger-After-Settle"] = json.dumps({"placed": placed})
