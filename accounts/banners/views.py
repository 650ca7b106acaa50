"""Putting a banner away."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from accounts.banners import flows
from accounts.banners.forms import DismissForm
from accounts.banners.models import Banner
from accounts.banners.showing import drawn
from accounts.decorators import own_account


@require_POST
@own_account
def banner_dismiss(request: Any, pk: UUID) -> HttpResponse:
    banner = get_object_or_404(Banner, pk=pk)
    form = DismissForm(request.POST)
    if not form.is_valid():
        return redirect("/")
    flows.dismiss(banner=banner, by=request.user)
    back, placement = form.cleaned_data["next"], form.cleaned_data["placement"]
    if not request.htmx:
        return redirect(back)
    # Another one may have stood behind it.
    return HttpResponse(drawn(request, placement, back=back))
