"""Showing pictures to whom they may be shown, and changing the logo."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.forms import PictureForm
from accounts.models import User
from accounts.pictures import LARGE, SMALL, picture_response
from organizations.decorators import member_can, signed_in
from organizations.http import TenantRequest
from organizations.pictures import flows
from organizations.views import settings_page

SETTINGS = "organizations:organization_settings"


@require_GET
@signed_in
def person(request: TenantRequest, person: UUID) -> HttpResponse:
    # The policy shows oneself, and colleagues of the active organization.
    found = get_object_or_404(User.objects.only("image"), pk=person)
    return picture_response(request, found.image.name or "", wanted_size(request))


@require_GET
@signed_in
def organization(request: TenantRequest, owner: UUID) -> HttpResponse:
    for membership in request.memberships:
        if membership.organization_id == owner:
            name = membership.organization.logo.name or ""
            return picture_response(request, name, wanted_size(request))
    raise Http404


@require_POST
@member_can("organization.edit")
def logo_change(request: TenantRequest) -> HttpResponse:
    form = PictureForm(request.POST, request.FILES)
    if not form.is_valid():
        return settings_page(request, picture_form=form)
    squares = form.cleaned_data["picture"]
    flows.change_logo(
        organization=request.organization, by=request.user, squares=squares
    )
    messages.success(request, _("Logo saved"))
    return redirect(SETTINGS)


@require_POST
@member_can("organization.edit")
def logo_remove(request: TenantRequest) -> HttpResponse:
    if flows.change_logo(
        organization=request.organization, by=request.user, squares=None
    ):
        messages.success(request, _("Logo removed"))
    return redirect(SETTINGS)


def wanted_size(request: TenantRequest) -> int:
    return LARGE if request.GET.get("s") == "l" else SMALL
