"""Pages of the board: the columns, and putting a card somewhere in them."""

import json
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from organizations.decorators import member_can
from organizations.http import TenantRequest
from tasks import queries
from tasks.cards import column, columns
from tasks.choices import Status
from tasks.columns import Placed, board
from tasks.filters import Filters, read
from tasks.forms import MoveForm
from tasks.listing import chosen_names, open_count
from tasks.models import Task
from tasks.toolbar import toolbar, view_switch


@require_GET
@member_can("tasks.view")
def task_board(request: TenantRequest) -> HttpResponse:
    filters = read(request.GET)
    found = board(filters, request.user.pk)
    drawn = "".join(columns(request, filters, found))
    parts = {
        "columns": mark_safe(drawn),  # noqa: S308  # its cards are escaped
        "toolbar": toolbar(
            filters, {**found.names, **chosen_names(filters)}, view="board"
        ),
        "open_count": open_count(found.counts) if filters.is_empty else "",
        "switch": view_switch(filters, "board"),
    }
    return render(request, "tasks/task_board.html", {"parts": parts}, using="drawn")


@require_http_methods(["GET", "POST"])
@member_can("tasks.edit")
def task_move(request: TenantRequest, pk: UUID) -> HttpResponse:
    form = MoveForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return move_page(request, pk, form)
    wanted: dict[str, Any] = dict(form.cleaned_data)
    back = wanted.pop("next") or reverse("tasks:task_board")
    try:
        task = Task(id=pk, organization=request.organization)
        placed = task.place(by=request.user, **wanted)
    except Task.DoesNotExist as error:
        raise Http404 from error
    if request.htmx:
        return placed_card(request, placed, wanted["status"])
    return HttpResponseRedirect(back)


def move_page(request: TenantRequest, pk: UUID, form: MoveForm) -> HttpResponse:
    line = queries.task_row(pk)
    if not line.rows:
        raise Http404
    task = line.rows[0]
    if not form.is_bound:
        form = MoveForm(initial={"status": task.status, "where": "top"})
    context = {
        "task": task,
        "key": f"{request.organization.task_prefix}-{task.number}",
        "form": form,
        "statuses": Status.choices,
    }
    part = "#menu" if request.htmx else ""
    status = 422 if form.is_bound else 200
    return render(request, f"tasks/task_move.html{part}", context, status=status)


def placed_card(request: TenantRequest, placed: Placed, status: str) -> HttpResponse:
    """Answer a card that was dropped: nothing, unless it landed elsewhere."""
    was = placed.line.rows[0]
    key = f"{request.organization.task_prefix}-{was.number}"
    words = {"key": key, "status": Status(status).label}
    response = HttpResponse(status=204)
    events: dict[str, Any] = {
        "carded": {"task": was.id, "from": was.status, "to": status}
    }
    text = gettext("%(key)s moved to %(status)s") % words
    if not placed.landed:
        found = board(Filters(status=status), request.user.pk)
        response = HttpResponse(column(request, Filters(), found, status, found.rows))
        response["HX-Retarget"] = f"#column-{status}"
        response["HX-Reswap"] = "outerHTML"
        text = gettext(
            "Somebody changed the column meanwhile: %(key)s is on top of %(status)s"
        )
        text %= words
    if was.status != status or not placed.landed:
        events["toast"] = {"text": text}
    response["HX-Trigger"] = json.dumps(events)
    return response
