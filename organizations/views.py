"""Pages of organizations."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
)

from accounts.sessions import ORGANIZATION_KEY
from organizations import flows
from organizations.decorators import public, signed_in
from organizations.forms import OrganizationForm, SwitchForm
from organizations.http import TenantRequest
from organizations.middleware import may_enter


@require_GET
@public
def landing(request: TenantRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect("tasks:task_list")
    return redirect("account_login")


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
            organization = flows.create_organization(
                user=request.user, **form.cleaned_data
            )
        except flows.SlugTaken:
            form.add_error("slug", "taken")
        else:
            request.session[ORGANIZATION_KEY] = str(organization.pk)
            flows.remember_organization(user=request.user, organization=organization)
            return redirect("tasks:task_list")
    return render(request, "organizations/organization_create.html", {"form": form})


@require_POST
@signed_in
def organization_switch(request: TenantRequest) -> HttpResponse:
    form = SwitchForm(request.POST)
    if form.is_valid():
        wanted = form.cleaned_data["organization"]
        for membership in request.memberships:
            if membership.organization_id == wanted and may_enter(membership):
                request.session[ORGANIZATION_KEY] = str(wanted)
                flows.remember_organization(
                    user=request.user, organization=membership.organization
                )
                return redirect("tasks:task_list")
    raise Http404
