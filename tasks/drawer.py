"""A task as a page, and the same parts in a drawer over the page it was opened from."""

import json
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render

from organizations.http import TenantRequest
from tasks.models import Task
from tasks.neighbours import neighbours
from tasks.origins import origin_of


def around(request: TenantRequest, task: Task) -> dict[str, Any]:
    """Return where a task was opened from, and the ways on from it."""
    origin = origin_of(request.GET)
    beside = neighbours(task, origin, request.user.pk)
    return {
        "origin": origin,
        "here": origin.task(task.number),
        "before": origin.task(beside.before) if beside.before else "",
        "after": origin.task(beside.after) if beside.after else "",
    }


def shown(request: TenantRequest, context: dict[str, Any]) -> HttpResponse:
    """Answer with a task's page, or with the part of it that a drawer holds."""
    if not request.htmx or request.htmx.history_restore_request:
        return render(request, "tasks/task_detail.html", context)
    response = render(request, "tasks/task_detail.html#drawer", context)
    for message in messages.get_messages(request):
        toast = {"text": str(message), "undo": message.extra_tags or ""}
        toast["level"] = message.level_tag
        response["HX-Trigger"] = json.dumps({"toast": toast})
    return response


def gone(task: Task, text: str, undo: str) -> HttpResponse:
    """Answer the drawer of a task that went to the trash: its row is to go as well."""
    response = HttpResponse(status=204)
    left = {"task": task.number, "from": task.status}
    events = {"toast": {"text": text, "undo": undo}, "gone": left}
    response["HX-Trigger"] = json.dumps(events)
    return response
