"""The row or card behind a drawer, as it is after a change in there."""

import json

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from organizations.decorators import member_can
from organizations.http import TenantRequest
from tasks import queries
from tasks.answers import drawn_again
from tasks.origins import origin_of
from tasks.views import pk_of


@require_GET
@member_can("tasks.view")
def task_row(request: TenantRequest, number: int) -> HttpResponse:
    origin = origin_of(request.GET)
    line = queries.task_row(pk_of(number))
    if not request.htmx:
        return redirect(origin.task(number))
    response = HttpResponse(drawn_again(request, origin, line))
    response["HX-Reswap"] = "outerHTML"
    row = line.rows[0]
    fresh = {"task": number, "card": row.id, "status": row.status}
    response["HX-Trigger-After-Settle"] = json.dumps({"fresh": fresh})
    return response
