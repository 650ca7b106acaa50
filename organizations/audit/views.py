"""The organization's history."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from organizations.audit.forms import PERIODS, EntryFilterForm
from organizations.audit.history import choices, entry_page
from organizations.decorators import member_can
from organizations.http import TenantRequest


@require_GET
@member_can("audit.view")
def entry_list(request: TenantRequest) -> HttpResponse:
    form = EntryFilterForm(request.GET)
    lines, older = entry_page(form)
    actors, actions = choices()
    filters = {
        name: str(form.cleaned_data[name])
        for name in ("actor", "action", "days")
        if form.cleaned_data.get(name)
    }
    context = {
        "lines": lines,
        "older": urlencode(filters | {"before": older}) if older else "",
        "newest": urlencode(filters),
        "is_first": not form.cleaned_data.get("before"),
        "filters": filters,
        "actors": actors,
        "actions": actions,
        "periods": PERIODS.items(),
    }
    return render(request, "audit/entry_list.html", context)
