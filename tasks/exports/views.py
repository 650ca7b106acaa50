"""The list as a file, under the filters of the address."""

from typing import Any

from django.http import HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from organizations.audit.recording import record
from organizations.decorators import kept_from_staff, member_can
from organizations.http import TenantRequest
from tasks.changesets.selection import matching
from tasks.exports.forms import ExportForm
from tasks.exports.rows import batches, last_number
from tasks.exports.writing import ENDINGS, TYPES, WRITERS
from tasks.filters import PARAMETERS, Filters, read
from tasks.listing import count_text
from tasks.queries import COUNT_CAP


@require_http_methods(["GET", "POST"])
@member_can("tasks.view")
@kept_from_staff
def task_export(request: TenantRequest) -> HttpResponseBase:
    filters = read(request.GET)
    form = ExportForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        return sent(request, filters, form.cleaned_data["format"])
    number = matching(filters, request.user.pk)[: COUNT_CAP + 1].count()
    context = {
        "form": form,
        "back": filters.address(cursor=None),
        "number": number,
        "count": count_text(number),
    }
    status = 422 if form.is_bound else 200
    return render(request, "exports/task_export.html", context, status=status)


def sent(request: TenantRequest, filters: Filters, kind: str) -> HttpResponseBase:
    """Record that the tasks leave the house, and send them."""
    last = last_number()
    record("task.exported", by=request.user, after=told(filters, kind))
    rows = matching(filters, request.user.pk)
    # Whoever may not see members gets the names that the list shows, too.
    called = "email" if "members.view" in request.abilities else "name"
    found = batches(rows, request.organization.task_prefix, last, called)
    response: Any = StreamingHttpResponse(
        WRITERS[kind](found), content_type=f"{TYPES[kind]}; charset=utf-8"
    )
    name = f"tasks-{request.organization.slug}-{timezone.localdate().isoformat()}"
    response["Content-Disposition"] = f'attachment; filename="{name}.{ENDINGS[kind]}"'
    return response


def told(filters: Filters, kind: str) -> dict[str, Any]:
    """Return what history keeps of an export."""
    chosen = {name: getattr(filters, name) for name in PARAMETERS if name != "cursor"}
    return {"format": kind} | {name: value for name, value in chosen.items() if value}
