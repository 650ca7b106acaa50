"""The page of an organization's limits."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from organizations.decorators import member_can
from organizations.http import TenantRequest
from organizations.limits.counting import usage
from organizations.limits.payers import billing_page, who_can


@require_GET
@member_can("organization.view")
def limits(request: TenantRequest) -> HttpResponse:
    context = {
        "uses": usage(),
        "who": who_can(request.abilities),
        "billing": billing_page(request.abilities),
    }
    return render(request, "limits/limits.html", context)
