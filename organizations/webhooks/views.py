"""Pages of webhooks: endpoints, secrets shown once, and the log of deliveries."""

import json
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
)

from accounts.proving import to_prove
from organizations.decorators import member_can
from organizations.events.catalogue import EVENTS
from organizations.flags.asking import require_flag
from organizations.flags.declared import WEBHOOKS_REPLAY_FAILED
from organizations.http import TenantRequest
from organizations.limits.answers import told_by
from organizations.limits.counting import use_of
from organizations.limits.models import Key
from organizations.webhooks import flows
from organizations.webhooks.bodies import body_of
from organizations.webhooks.forms import EndpointForm, LogForm, SinceForm, initial_of
from organizations.webhooks.listing import attempts_of, endpoints, log_of, week_of
from organizations.webhooks.models import TEST, Delivery, Endpoint
from organizations.webhooks.purging import DAYS_KEPT
from organizations.webhooks.waiting import TRIES

CAN = "webhooks.edit"


@require_GET
@member_can(CAN)
def endpoint_list(request: TenantRequest) -> HttpResponse:
    shown = [(each, week_of(each)) for each in endpoints()]
    context = {"endpoints": shown, "use": use_of(Key.WEBHOOKS)}
    return render(request, "webhooks/endpoint_list.html", context)


@require_http_methods(["GET", "POST"])
@member_can(CAN)
@never_cache
def endpoint_create(request: TenantRequest) -> HttpResponse:
    asked = to_prove(request)
    if asked is not None:
        return asked
    form = EndpointForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with told_by(form, request):
            endpoint, secret = flows.create_endpoint(
                by=request.user, **form.cleaned_data
            )
            return secret_page(request, endpoint, secret, is_new=True)
    status = 422 if form.is_bound else 200
    page = "webhooks/endpoint_create.html"
    return render(request, page, {"form": form}, status=status)


@require_GET
@member_can(CAN)
def endpoint_detail(request: TenantRequest, pk: UUID) -> HttpResponse:
    endpoint = get_object_or_404(Endpoint, pk=pk)
    form = LogForm(request.GET)
    context = {
        "endpoint": endpoint,
        "week": week_of(endpoint),
        "page": log_of(endpoint, form),
        "form": form,
        "filters": form.filters(),
        "since": SinceForm(),
        "names": [*EVENTS, TEST],
        "days": DAYS_KEPT,
        "tries": TRIES,
    }
    part = "#rows" if request.htmx else ""
    return render(request, f"webhooks/endpoint_detail.html{part}", context)


@require_http_methods(["GET", "POST"])
@member_can(CAN)
def endpoint_edit(request: TenantRequest, pk: UUID) -> HttpResponse:
    endpoint = get_object_or_404(Endpoint, pk=pk)
    posted = request.POST if request.method == "POST" else None
    form = EndpointForm(posted, initial=initial_of(endpoint))
    if form.is_valid():
        if flows.change_endpoint(
            endpoint=endpoint, by=request.user, **form.cleaned_data
        ):
            messages.success(request, _("Saved"))
        return redirect("webhooks:endpoint_detail", pk)
    status = 422 if form.is_bound else 200
    context = {"form": form, "endpoint": endpoint}
    return render(request, "webhooks/endpoint_edit.html", context, status=status)


@require_http_methods(["GET", "POST"])
@member_can(CAN)
@never_cache
def endpoint_roll(request: TenantRequest, pk: UUID) -> HttpResponse:
    endpoint = get_object_or_404(Endpoint, pk=pk)
    asked = to_prove(request)
    if asked is not None:
        return asked
    if request.method == "POST":
        secret = flows.roll_secret(endpoint=endpoint, by=request.user)
        if secret is not None:
            return secret_page(request, endpoint, secret)
    return render(request, "webhooks/endpoint_roll.html", {"endpoint": endpoint})


def secret_page(
    request: TenantRequest, endpoint: Endpoint, secret: str, *, is_new: bool = False
) -> HttpResponse:
    """Show a secret, this once: it is in this answer and nowhere else readable."""
    context = {"endpoint": endpoint, "secret": secret, "is_new": is_new}
    return render(request, "webhooks/endpoint_secret.html", context)


@require_POST
@member_can(CAN)
def endpoint_pause(request: TenantRequest, pk: UUID) -> HttpResponse:
    endpoint = get_object_or_404(Endpoint, pk=pk)
    if flows.pause_endpoint(endpoint=endpoint, by=request.user):
        text = _("Paused. What happens is held until you resume.")
        messages.success(request, text)
    return redirect("webhooks:endpoint_detail", pk)


@require_POST
@member_can(CAN)
def endpoint_resume(request: TenantRequest, pk: UUID) -> HttpResponse:
    endpoint = get_object_or_404(Endpoint, pk=pk)
    if flows.resume_endpoint(endpoint=endpoint, by=request.user):
        messages.success(request, _("Events are sent there again."))
    return redirect("webhooks:endpoint_detail", pk)


@require_http_methods(["GET", "POST"])
@member_can(CAN)
def endpoint_remove(request: TenantRequest, pk: UUID) -> HttpResponse:
    endpoint = get_object_or_404(Endpoint, pk=pk)
    if request.method == "POST":
        if flows.remove_endpoint(endpoint=endpoint, by=request.user):
            messages.success(request, _("%(url)s is removed") % {"url": endpoint})
        return redirect("webhooks:endpoint_list")
    return render(request, "webhooks/endpoint_remove.html", {"endpoint": endpoint})


@require_POST
@member_can(CAN)
def endpoint_test(request: TenantRequest, pk: UUID) -> HttpResponse:
    endpoint = get_object_or_404(Endpoint, pk=pk)
    try:
        delivery = flows.send_test(endpoint=endpoint, by=request.user)
    except flows.NotOpen:
        messages.error(request, _("Resume it first: nothing is sent there now."))
        return redirect("webhooks:endpoint_detail", pk)
    return redirect("webhooks:delivery_detail", delivery.pk)


@require_POST
@member_can(CAN)
@require_flag(WEBHOOKS_REPLAY_FAILED)
def endpoint_replay(request: TenantRequest, pk: UUID) -> HttpResponse:
    endpoint = get_object_or_404(Endpoint, pk=pk)
    form = SinceForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose since when."))
        return redirect("webhooks:endpoint_detail", pk)
    try:
        count = flows.replay_failed(
            endpoint=endpoint, since=form.since(), by=request.user
        )
    except flows.NotOpen:
        messages.error(request, _("Resume it first: nothing is sent there now."))
    else:
        messages.success(request, replayed(count))
    return redirect("webhooks:endpoint_detail", pk)


def replayed(count: int) -> str:
    if not count:
        return _("Nothing failed in that time.")
    words = ngettext(
        "%(count)d delivery is sent once more.",
        "%(count)d deliveries are sent once more.",
        count,
    )
    return words % {"count": count}


@require_GET
@member_can(CAN)
def delivery_detail(request: TenantRequest, delivery: UUID) -> HttpResponse:
    found = get_object_or_404(Delivery, pk=delivery)
    body: Any = json.loads(body_of(found)[0])
    context = {
        "delivery": found,
        "endpoint": found.endpoint,
        "attempts": attempts_of(found),
        "body": json.dumps(body, indent=2, ensure_ascii=False),
        "tries": TRIES,
    }
    part = "#detail" if request.htmx else ""
    return render(request, f"webhooks/delivery_detail.html{part}", context)


@require_POST
@member_can(CAN)
def delivery_replay(request: TenantRequest, delivery: UUID) -> HttpResponse:
    found = get_object_or_404(Delivery, pk=delivery)
    try:
        if flows.replay(delivery=found, by=request.user):
            messages.success(request, _("It is sent once more."))
    except flows.NotOpen:
        messages.error(request, _("Resume it first: nothing is sent there now."))
    return redirect("webhooks:delivery_detail", delivery)
