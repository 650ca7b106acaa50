"""The row or card behind a drawer, as it is after a change in there."""

import json

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from organizations.decorators import member_can
from organizations.http import TenantRequest
from tasks import queries
from tasks.answers import line_of
from tasks.mine import lines_of
from tasks.origins import BOARD, MINE, Origin, origin_of
from tasks.queries import Listing
from tasks.views import pk_of


@require_GET
@member_can("tasks.view")
def task_row(request: TenantRequest, number: int) -> HttpResponse:
    origin = origin_of(request.GET)
    line = queries.task_row(pk_of(number))
    if not request.htmx:
        return redirect(origin.task(number))
    response = HttpResponse(drawn(request, origin, line))
    response["HX-Reswap"] = "outerHTML"
    row = line.rows[0]
    fresh = {"task": number, "card": row.id, "status": row.status}
    response["HX-Trigger-After-Settle"] = json.dumps({"fresh": fresh})
    return response


def drawn(request: TenantRequest, origin: Origin, line: Listing) -> str:
    """Return a task as the page behind the drawer shows it."""
    if origin.view != MINE:
        kind = "card" if origin.view == BOARD else "row"
        return line_of(request, line, kind, origin.filters)
    # There everything is one's own, and rows are short.
    row = line.rows[0]._replace(people=[str(request.user.pk)], labels=())
    return lines_of(request, request.organization, [row], line.names)
