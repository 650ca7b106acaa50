"""Pages of an organization's demands on sign-in."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.sessions import WANTED_KEY
from accounts.ways import page_of_ours
from organizations.decorators import member_can, signed_in
from organizations.http import TenantRequest
from organizations.security import flows
from organizations.security.forms import SecondStepForm


@require_GET
@signed_in
def second_step(request: TenantRequest) -> HttpResponse:
    closed = request.closed_organization
    if closed is None:
        return redirect(request.session.pop(WANTED_KEY, {}).get("next", "/"))
    request.session[WANTED_KEY] = {
        "organization": closed.name,
        "next": page_of_ours(request.GET.get("next", "")),
    }
    return render(request, "security/second_step.html", {"organization": closed})


@require_POST
@member_can("security.edit")
def second_step_policy(request: TenantRequest) -> HttpResponse:
    form = SecondStepForm(request.POST)
    required = form.is_valid() and form.cleaned_data["required"]
    try:
        changed = flows.ask_second_step(
            organization=request.organization, by=request.user, required=required
        )
    except flows.NoFactorOfOwn:
        messages.error(request, _("Set up a second step for yourself first."))
    else:
        if changed:
            messages.success(request, said(required))
    return redirect("organizations:organization_settings")


def said(required: bool) -> str:
    if required:
        return _("Members without a second step are asked to set one up now.")
    return _("A second step is up to each member again.")
