"""The page "Your data": asking for a copy of everything and fetching it."""

from typing import Any

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.flows import tell
from organizations.decorators import signed_in
from organizations.http import TenantRequest
from organizations.personal import flows
from organizations.personal.models import PersonalExport, State

ZIP = "application/zip"


@require_GET
@signed_in
def data(request: TenantRequest) -> HttpResponse:
    export = PersonalExport.objects.filter(user=request.user).first()
    return render(request, "personal/data.html", {"export": export})


@require_POST
@signed_in
@reauthentication_required
def export_ask(request: TenantRequest) -> HttpResponse:
    if flows.ask(user=request.user):
        messages.success(request, _("Your copy is being prepared"))
    else:
        messages.info(request, _("Your copy is being prepared already"))
    return redirect("personal:data")


@require_GET
@signed_in
def export_download(request: TenantRequest) -> HttpResponse:
    export = PersonalExport.objects.filter(user=request.user).first()
    ready = export is not None and export.state == State.READY
    if export is None or not (ready and default_storage.exists(export.file)):
        # The page tells what has become of it.
        return redirect("personal:data")
    tell("user.export_fetched", request.user)
    name = f"insula-{export.asked_at:%Y-%m-%d}.zip"
    file = default_storage.open(export.file)
    answer: Any = FileResponse(file, as_attachment=True, filename=name)
    answer["Content-Type"] = ZIP
    return answer
