"""The page "Your data": a copy of everything, and its deletion."""

from typing import Any

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth import logout
from django.core.files.storage import default_storage
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
)

from accounts.flows import tell
from organizations.decorators import kept_from_staff, public, signed_in
from organizations.http import TenantRequest
from organizations.personal import flows
from organizations.personal.erasure import IsStaff, SoleOwner, erase, sole_owned
from organizations.personal.forms import ErasureForm
from organizations.personal.models import PersonalExport, State

ZIP = "application/zip"


@require_GET
@signed_in
@kept_from_staff
def data(request: TenantRequest) -> HttpResponse:
    export = PersonalExport.objects.filter(user=request.user).first()
    return render(request, "personal/data.html", {"export": export})


@require_POST
@signed_in
@reauthentication_required
@kept_from_staff
def export_ask(request: TenantRequest) -> HttpResponse:
    if flows.ask(user=request.user):
        messages.success(request, _("Your copy is being prepared"))
    else:
        messages.info(request, _("Your copy is being prepared already"))
    return redirect("personal:data")


@require_GET
@signed_in
@kept_from_staff
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


@require_http_methods(["GET", "POST"])
@signed_in
@reauthentication_required(allow_get=True)
@kept_from_staff
def account_delete(request: TenantRequest) -> HttpResponse:
    posted = request.POST if request.method == "POST" else None
    form = ErasureForm(posted, person=request.user)
    alone = sole_owned(request.user)
    if form.is_valid():
        try:
            erase(user=request.user, by=request.user)
        except SoleOwner as error:
            alone = error.organizations
        except IsStaff:
            form.add_error(None, _("Have your staff rights taken away first."))
        else:
            logout(request)
            return redirect("personal:account_deleted")
    page = {"form": form, "alone": alone}
    status = 422 if form.is_bound else 200
    return render(request, "personal/account_delete.html", page, status=status)


@require_GET
@public
def account_deleted(request: TenantRequest) -> HttpResponse:
    return render(request, "personal/account_deleted.html")
