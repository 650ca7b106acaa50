"""The organization's history."""

from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from organizations.audit import verify_log
from organizations.audit.exports import TYPES, WRITERS
from organizations.audit.forms import FORMATS, PERIODS, EntryFilterForm, ExportForm
from organizations.audit.history import choices, entry_page, lines_of, narrowed
from organizations.audit.models import AuditEntry
from organizations.audit.recording import record
from organizations.audit.toolbar import chips
from organizations.decorators import kept_from_staff, member_can
from organizations.http import TenantRequest

VERIFIER = Path(verify_log.__file__)


@require_GET
@member_can("audit.view")
def entry_list(request: TenantRequest) -> HttpResponse:
    form = EntryFilterForm(request.GET)
    lines, older = entry_page(form)
    filters = form.filters()
    context = {
        "lines": lines,
        "older": urlencode(filters | {"before": older}) if older else "",
        "newest": urlencode(filters),
        "is_first": not form.cleaned_data.get("before"),
        "filters": filters,
        "chips": chips(filters, lines),
        "choices": choices(),
        "periods": PERIODS.items(),
        "formats": FORMATS.items(),
    }
    return render(request, "audit/entry_list.html", context)


@require_GET
@member_can("audit.view")
def entry_detail(request: TenantRequest, pk: UUID) -> HttpResponse:
    entry = get_object_or_404(AuditEntry, pk=pk)
    (line,) = lines_of([entry])
    context = {"entry": entry, "line": line, "hash": bytes(entry.hash).hex()}
    return render(request, "audit/entry_detail.html", context)


@require_POST
@member_can("audit.view")
@kept_from_staff
def entry_export(request: TenantRequest) -> HttpResponse:
    form = ExportForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Nothing was exported: a filter makes no sense."))
        return redirect("audit:entry_list")
    kind, rows = form.cleaned_data["format"], narrowed(AuditEntry.objects.all(), form)
    made: Any = record("audit.exported", after={"format": kind, **form.filters()})
    # What happens while it is sent is not part of it, nor is the export itself.
    lines = WRITERS[kind](rows.filter(sequence__lt=made.sequence))
    response: Any = StreamingHttpResponse(lines, content_type=TYPES[kind])
    return named(response, f"audit-{request.organization.slug}-{today()}.{kind}")


@require_GET
@member_can("audit.view")
def entry_verifier(request: TenantRequest) -> HttpResponse:
    return named(
        HttpResponse(VERIFIER.read_bytes(), content_type="text/x-python"), VERIFIER.name
    )


def named(response: HttpResponse, name: str) -> HttpResponse:
    """Have an answer kept as a file."""
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def today() -> str:
    return timezone.localdate().isoformat()
