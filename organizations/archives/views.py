"""The page "Export": an archive of the organization, for its owners."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.files.storage import default_storage
from django.db import transaction
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.proving import to_prove
from organizations.archives import flows
from organizations.archives.models import Export, State
from organizations.audit.recording import record
from organizations.decorators import kept_from_staff, member_can
from organizations.http import TenantRequest

CAN = "organization.export"
SHOWN = 10
ZIP = "application/zip"


@require_GET
@kept_from_staff
@member_can(CAN)
def export_list(request: TenantRequest) -> HttpResponse:
    exports = list(Export.objects.order_by("-created_at", "-pk")[:SHOWN])
    working = any(one.state == State.ASKED for one in exports)
    context = {"exports": exports, "working": working}
    return render(request, "archives/export_list.html", context)


@require_POST
@kept_from_staff
@member_can(CAN)
def export_ask(request: TenantRequest) -> HttpResponse:
    asked = to_prove(request, back=reverse("archives:export_list"))
    if asked is not None:
        return asked
    if flows.ask(organization=request.organization, by=request.user):
        messages.success(request, _("The archive is being written"))
    else:
        messages.info(request, _("An archive is being written already"))
    return redirect("archives:export_list")


@require_GET
@kept_from_staff
@member_can(CAN)
def export_download(request: TenantRequest, pk: UUID) -> HttpResponse:
    export = get_object_or_404(Export, pk=pk)
    asked = to_prove(request)
    if asked is not None:
        return asked
    file = opened(export)
    if file is None:
        # The page tells what has become of it.
        return redirect("archives:export_list")
    with transaction.atomic():
        about = {"archive": str(export.pk)}
        record("organization.export_fetched", request.organization, after=about)
    name = f"{request.organization.slug}-{export.created_at:%Y-%m-%d}.zip"
    answer: Any = FileResponse(file, as_attachment=True, filename=name)
    answer["Content-Type"] = ZIP
    return answer


def opened(export: Export) -> Any:
    """Return the archive's file; None when there is none any more."""
    if export.state != State.READY:
        return None
    try:
        return default_storage.open(export.file)
    except FileNotFoundError:
        return None
