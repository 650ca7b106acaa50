"""Settings, Support access; and the two buttons of whoever looks on."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.impersonation.models import Ended
from organizations.decorators import member_can, open_to_staff, signed_in
from organizations.http import TenantRequest
from organizations.support import flows, visiting
from organizations.support.forms import AskForm, GrantForm
from organizations.support.listing import SHOWN, visits
from organizations.support.models import SupportGrant


@require_GET
@member_can("audit.view")
def access(request: TenantRequest) -> HttpResponse:
    context = {
        "grant": SupportGrant.live.first(),
        "form": GrantForm(),
        "visits": visits(),
        "most": SHOWN,
    }
    return render(request, "support/access.html", context)


@require_POST
@member_can("support.edit")
def grant(request: TenantRequest) -> HttpResponse:
    form = GrantForm(request.POST)
    if form.is_valid():
        hours = form.cleaned_data["hours"]
        flows.grant_access(
            organization=request.organization, by=request.user, hours=hours
        )
        messages.success(request, _("Insula's staff may now change things here."))
    return redirect("support:access")


@require_POST
@member_can("support.edit")
def revoke(request: TenantRequest) -> HttpResponse:
    if flows.revoke_access(by=request.user):
        messages.success(request, _("Insula's staff can no longer change anything."))
    return redirect("support:access")


@require_POST
@open_to_staff
@signed_in
def ask(request: Any) -> HttpResponse:
    if request.impersonation is None or request.organization is None:
        raise Http404
    form = AskForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say in a sentence what has to be changed."))
    elif flows.ask_access(impersonation=request.impersonation, **form.cleaned_data):
        messages.success(request, _("The owners are asked."))
    else:
        messages.info(request, _("The owners are asked already."))
    return redirect("organizations:landing")


@require_POST
@open_to_staff
@signed_in
def stop(request: Any) -> HttpResponse:
    if request.impersonation is None:
        raise Http404
    return HttpResponseRedirect(visiting.leave(request, Ended.STOPPED))
