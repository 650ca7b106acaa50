"""What happened, as other programs are told it."""

import json
from typing import Any, Final
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from organizations.audit.models import AuditEntry
from organizations.decorators import member_can
from organizations.events.forms import EventForm
from organizations.events.shapes import shaped
from organizations.http import TenantRequest

PAGE: Final = 50


@require_GET
@member_can("audit.view")
def event_list(request: TenantRequest) -> HttpResponse:
    wanted = EventForm(request.GET).wanted()
    rows = AuditEntry.objects.order_by("-sequence")
    if "type" in wanted:
        rows = rows.filter(action=wanted["type"])
    if "before" in wanted:
        rows = rows.filter(sequence__lt=wanted["before"])
    found = list(rows[: PAGE + 1])
    older = found[PAGE - 1].sequence if len(found) > PAGE else None
    kept = {"type": wanted["type"]} if "type" in wanted else {}
    context: dict[str, Any] = {
        "events": found[:PAGE],
        "type": wanted.get("type", ""),
        "older": urlencode(kept | {"before": older}) if older else "",
        "newest": urlencode(kept),
        "is_first": "before" not in wanted,
    }
    return render(request, "events/event_list.html", context)


@require_GET
@member_can("audit.view")
def event_detail(request: TenantRequest, pk: UUID) -> HttpResponse:
    entry = get_object_or_404(AuditEntry, pk=pk)
    told = json.dumps(shaped(entry), indent=2, ensure_ascii=False)
    context = {"event": entry, "told": told}
    return render(request, "events/event_detail.html", context)
