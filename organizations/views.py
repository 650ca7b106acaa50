"""Pages of organizations."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
)

from accounts.sessions import ORGANIZATION_KEY
from organizations import flows
from organizations.decorators import member_can, public, signed_in
from organizations.forms import OrganizationForm, SettingsForm, SwitchForm
from organizations.http import TenantRequest
from organizations.middleware import may_enter
from organizations.models import Organization


@require_GET
@public
def landing(request: TenantRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect("tasks:task_list")
    return render(request, "organizations/landing.html")


@require_GET
@signed_in
def organization_list(request: TenantRequest) -> HttpResponse:
    return render(request, "organizations/organization_list.html")


@require_http_methods(["GET", "POST"])
@signed_in
def organization_create(request: TenantRequest) -> HttpResponse:
    form = OrganizationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = flows.create_organization(user=request.user, **form.cleaned_data)
        except flows.SlugTaken as error:
            form.add_slug_taken(str(error))
        else:
            return enter(request, made)
    page = "organizations/organization_create.html"
    return render(request, page, {"form": form}, status=status_of(form))


@require_POST
@signed_in
def organization_switch(request: TenantRequest) -> HttpResponse:
    form = SwitchForm(request.POST)
    wanted = form.cleaned_data["organization"] if form.is_valid() else None
    for membership in request.memberships:
        if membership.organization_id == wanted and may_enter(membership):
            return enter(request, membership.organization)
    raise Http404


@require_http_methods(["GET", "POST"])
@member_can("organization.view", post="organization.edit")
def organization_settings(request: TenantRequest) -> HttpResponse:
    organization = request.organization
    form = SettingsForm(request.POST or None, initial=facts_of(organization))
    if request.method == "POST" and form.is_valid():
        try:
            flows.edit_organization(
                organization=organization, by=request.user, **form.values(organization)
            )
        except flows.SlugTaken as error:
            form.add_slug_taken(str(error))
        else:
            messages.success(request, _("Settings saved"))
            return redirect("organizations:organization_settings")
    page = "organizations/organization_settings.html"
    return render(request, page, {"form": form}, status=status_of(form))


def enter(request: TenantRequest, organization: Organization) -> HttpResponse:
    request.session[ORGANIZATION_KEY] = str(organization.pk)
    flows.remember_organization(user=request.user, organization=organization)
    return redirect("tasks:task_list")


def status_of(form: OrganizationForm) -> int:
    return 422 if form.errors else 200


def facts_of(organization: Organization) -> dict[str, str]:
    return {
        "name": organization.name,
        "slug": organization.slug,
        "task_prefix": organization.task_prefix,
        "theme": organization.preference("theme"),
    }
