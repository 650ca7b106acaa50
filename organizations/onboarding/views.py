"""The pages of the set-up: one step each."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
)

from accounts.sessions import LED_KEY
from organizations.decorators import refuse_unpaid, signed_in, turned_away
from organizations.http import TenantRequest
from organizations.onboarding import drafts, flows
from organizations.onboarding.forms import FoundingForm, WayForm
from organizations.onboarding.journey import Journey, Place
from organizations.onboarding.kinds import ORGANIZATION
from organizations.onboarding.models import Outcome


@require_GET
@signed_in
def start(request: TenantRequest) -> HttpResponse:
    request.session[LED_KEY] = True
    place = Journey(request).current()
    if place is None:
        return redirect("organizations:landing")
    return redirect("onboarding:step", place.step.pk)


@require_http_methods(["GET", "POST"])
@signed_in
def step(request: TenantRequest, pk: UUID) -> HttpResponse:
    journey = Journey(request)
    place = journey.find(pk)
    if place is None:
        return redirect("onboarding:start")
    refused = refused_at(request, place)
    if refused is not None:
        return refused
    if request.method == "GET":
        return step_page(request, journey, place, form_of(request, place))
    form = form_of(request, place, request.POST, request.FILES)
    way = WayForm(request.POST).way()
    if way != "on":
        return leave_step(request, journey, place, way, form.draft())
    if not (form.is_valid() and form.act()):
        return step_page(request, journey, place, form)
    return settled(request, journey, place, Outcome.DONE)


@require_POST
@signed_in
def address(request: TenantRequest) -> HttpResponse:
    again = request.organization is not None
    form = FoundingForm(request.POST, request=request, again=again)
    form.is_valid()
    context = {"verdict": form.verdict(), "field": form["slug"]}
    return render(request, "onboarding/address.html", context)


@require_POST
@signed_in
def dismiss(request: TenantRequest) -> HttpResponse:
    if flows.finish(user=request.user, dismissed=True):
        text = _("You will not be asked again. All of it is in your settings.")
        messages.success(request, text)
    return redirect("organizations:landing")


def refused_at(request: TenantRequest, place: Place) -> HttpResponse | None:
    """Return where somebody goes who may not do now what a step does.

    Its ability was looked at before the step was found.
    """
    ability = place.step.about.ability
    if not ability or request.organization is None:
        return None
    refused = turned_away(request)
    if refused is None:
        refuse_unpaid(request, ability)
    return refused


def form_of(request: TenantRequest, place: Place, *sent: Any) -> Any:
    """Return a step's form; before it is sent, with what was typed earlier."""
    initial = {} if sent else drafts.kept(request, place.step)
    again = place.outcome == Outcome.DONE
    return place.step.about.form(*sent, request=request, again=again, initial=initial)


def leave_step(
    request: TenantRequest,
    journey: Journey,
    place: Place,
    way: str,
    draft: dict[str, str],
) -> HttpResponse:
    """Go back with what was typed kept, or pass over a step that can be skipped."""
    if way == "skip" and place.step.is_skippable:
        return settled(request, journey, place, Outcome.SKIPPED)
    drafts.keep(request, place.step, draft)
    back = journey.before(place) if way == "back" else place
    return redirect("onboarding:step", (back or place).step.pk)


def settled(
    request: TenantRequest, journey: Journey, place: Place, outcome: Outcome
) -> HttpResponse:
    """Keep what became of a step, and go on to the next one or to work."""
    flows.settle_step(user=request.user, step=place.step, outcome=outcome)
    drafts.forget(request, place.step)
    following = journey.after(place)
    if following is not None:
        return redirect("onboarding:step", following.step.pk)
    if flows.finish(user=request.user):
        messages.success(request, _("Everything is set up. Welcome!"))
    return redirect("organizations:landing")


def step_page(
    request: TenantRequest, journey: Journey, place: Place, form: Any
) -> HttpResponse:
    context = {
        "place": place,
        "journey": journey,
        "back": journey.before(place),
        "form": form,
        "founds": place.step.kind == ORGANIZATION,
    }
    status = 422 if form.errors else 200
    return render(request, "onboarding/step.html", context, status=status)
