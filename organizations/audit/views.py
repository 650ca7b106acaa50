"""The organization's history."""

from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from organizations.audit import verify_log
from organizations.audit.export import as_csv, as_json_lines
from organizations.audit.forms import PERIODS, EntryFilterForm
from organizations.audit.history import choices, entry_page, lines_of, narrowed
from organizations.audit.models import AuditEntry
from organizations.audit.recording import record
from organizations.decorators import member_can
from organizations.http import TenantRequest

Writer = Callable[[QuerySet[AuditEntry]], Iterator[str]]


@require_GET
@member_can("audit.view")
def entry_list(request: TenantRequest) -> HttpResponse:
    form = EntryFilterForm(request.GET)
    lines, older = entry_page(form)
    actors, actions = choices()
    filters = form.chosen()
    context = {
        "lines": lines,
        "older": urlencode(filters | {"before": older}) if older else "",
        "newest": urlencode(filters),
        "is_first": not form.cleaned_data.get("before"),
        "filters": filters,
        "actors": actors,
        "actions": actions,
        "periods": PERIODS.items(),
    }
    return render(request, "audit/entry_list.html", context)


@require_GET
@member_can("audit.view")
def entry_detail(request: TenantRequest, pk: UUID) -> HttpResponse:
    entry = get_object_or_404(AuditEntry, pk=pk)
    context = {"line": lines_of([entry])[0], "entry": entry}
    return render(request, "audit/entry_detail.html", context)


@require_POST
@member_can("audit.view")
def export_csv(request: TenantRequest) -> StreamingHttpResponse:
    return exported(request, as_csv, "csv", "text/csv; charset=utf-8")


@require_POST
@member_can("audit.view")
def export_json(request: TenantRequest) -> StreamingHttpResponse:
    return exported(request, as_json_lines, "jsonl", "application/jsonl")


def exported(
    request: TenantRequest, write: Writer, ending: str, kind: str
) -> StreamingHttpResponse:
    """Stream the entries under the filters of the page; that one did is recorded."""
    form = EntryFilterForm(request.POST)
    form.is_valid()
    rows = narrowed(AuditEntry.objects.all(), form)
    after = {"format": ending, **form.chosen()}
    record("audit.exported", request.organization, by=request.user, after=after)
    response = StreamingHttpResponse(write(rows), content_type=kind)
    day = timezone.localdate().isoformat()
    name = f"audit-{request.organization.slug}-{day}.{ending}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_GET
@member_can("audit.view")
def verifier(request: TenantRequest) -> HttpResponse:
    program = Path(verify_log.__file__).read_bytes()
    response = HttpResponse(program, content_type="text/x-python; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="verify_log.py"'
    return response
