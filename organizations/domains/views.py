"""Pages of mail domains, and of joining by one's address."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
)

from organizations.decorators import member_can, signed_in
from organizations.domains import flows
from organizations.domains.forms import DomainForm, JoinForm, JoiningForm, PlaceForm
from organizations.domains.models import UNANSWERED, JoinRequest
from organizations.domains.models import OrganizationDomain as Domain
from organizations.domains.queries import joinable_by
from organizations.http import TenantRequest
from organizations.invitations.queries import waiting_for
from organizations.limits.refusals import PlanRefusal, told_outside
from organizations.tenancy import no_context
from organizations.views import enter

PAGE = 50


@require_GET
@member_can("domains.edit")
def domain_list(request: TenantRequest) -> HttpResponse:
    context = {"domains": Domain.objects.order_by("domain")}
    return render(request, "domains/domain_list.html", context)


@require_http_methods(["GET", "POST"])
@member_can("domains.edit")
def domain_create(request: TenantRequest) -> HttpResponse:
    form = DomainForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        domain = flows.add_domain(
            domain=form.cleaned_data["domain"],
            by=request.user,
            role=request.organization.joining_role,
        )
        return redirect("domains:domain_detail", domain.pk)
    status = 422 if form.is_bound else 200
    return render(request, "domains/domain_create.html", {"form": form}, status=status)


@require_GET
@member_can("domains.edit")
def domain_detail(request: TenantRequest, pk: UUID) -> HttpResponse:
    return detail_page(request, get_object_or_404(Domain, pk=pk))


@require_POST
@member_can("domains.edit")
def domain_verify(request: TenantRequest, pk: UUID) -> HttpResponse:
    domain = get_object_or_404(Domain, pk=pk)
    try:
        flows.prove_domain(domain=domain, by=request.user)
    except flows.NotProven as refusal:
        messages.error(request, why_not(domain, refusal))
    else:
        text = _("%(domain)s is yours, as its DNS says")
        messages.success(request, text % {"domain": domain})
    return redirect("domains:domain_detail", pk)


def why_not(domain: Domain, refusal: flows.NotProven) -> str:
    if refusal.silent:
        text = _("The DNS of %(domain)s gives no answer. Try again in a few minutes.")
    else:
        text = _(
            "%(domain)s does not have that record yet. A new one can take an hour to"
            " be seen everywhere."
        )
    return text % {"domain": domain}


@require_POST
@member_can("domains.edit")
def domain_joining(request: TenantRequest, pk: UUID) -> HttpResponse:
    domain = get_object_or_404(Domain, pk=pk)
    form = JoiningForm(request.POST)
    if not form.is_valid():
        return detail_page(request, domain, form)
    if flows.change_joining(domain=domain, by=request.user, **form.cleaned_data):
        messages.success(request, _("Saved"))
    return redirect("domains:domain_detail", pk)


@require_POST
@member_can("domains.edit")
def domain_remove(request: TenantRequest, pk: UUID) -> HttpResponse:
    domain = get_object_or_404(Domain, pk=pk)
    if flows.remove_domain(domain=domain, by=request.user):
        text = _("%(domain)s is removed. Whoever joined through it stays.")
        messages.success(request, text % {"domain": domain})
    return redirect("domains:domain_list")


@require_GET
@signed_in
def near(request: TenantRequest) -> HttpResponse:
    part = "#found" if request.htmx else ""
    invited = waiting_for(request.user)
    places = {one.pk for one in invited}
    found = [one for one in joinable_by(request.user) if one.pk not in places]
    context = {"invited": invited, "found": found}
    return render(request, f"domains/near.html{part}", context)


@require_POST
@signed_in
def join(request: TenantRequest) -> HttpResponse:
    form = JoinForm(request.POST)
    if not form.is_valid():
        raise Http404
    try:
        member = flows.join(user=request.user, **form.cleaned_data)
    except flows.NotJoinable as error:
        raise Http404 from error
    except PlanRefusal as refusal:
        messages.error(request, told_outside(refusal))
        return redirect("domains:near")
    if member is None:
        text = _("You have asked. A mail tells you when you are in.")
        messages.success(request, text)
        return redirect("domains:near")
    messages.success(request, _("You belong to %s now") % member.organization)
    with no_context():
        return enter(request, member.organization)


@require_GET
@member_can("members.invite")
def request_list(request: TenantRequest) -> HttpResponse:
    place = PlaceForm(request.GET)
    rows = JoinRequest.objects.filter(UNANSWERED).select_related("domain")
    if place.is_valid() and place.cleaned_data["after"]:
        rows = rows.filter(pk__gt=place.cleaned_data["after"])
    found = list(rows.order_by("pk")[: PAGE + 1])
    context = {
        "wishes": found[:PAGE],
        "after": found[PAGE - 1].pk if len(found) > PAGE else None,
    }
    return render(request, "domains/request_list.html", context)


@require_POST
@member_can("members.invite")
def request_approve(request: TenantRequest, wish: UUID) -> HttpResponse:
    found = get_object_or_404(JoinRequest, pk=wish)
    if flows.approve(wish=found, by=request.user):
        messages.success(request, _("%(name)s is in") % {"name": found})
    return redirect("domains:request_list")


@require_POST
@member_can("members.invite")
def request_deny(request: TenantRequest, wish: UUID) -> HttpResponse:
    found = get_object_or_404(JoinRequest, pk=wish)
    if flows.deny(wish=found, by=request.user):
        messages.success(request, _("%(name)s stays outside") % {"name": found})
    return redirect("domains:request_list")


def detail_page(
    request: TenantRequest, domain: Domain, form: JoiningForm | None = None
) -> HttpResponse:
    status = 200 if form is None else 422
    form = form or JoiningForm(initial={"joining": domain.joining, "role": domain.role})
    context = {"domain": domain, "form": form}
    return render(request, "domains/domain_detail.html", context, status=status)
