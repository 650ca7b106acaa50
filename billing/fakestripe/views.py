"""Pages of the double: a checkout, a portal, an invoice, and a clock to turn."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
)

from billing.fakestripe import pages
from billing.fakestripe.checkout import needs_card
from billing.fakestripe.errors import Refusal
from billing.fakestripe.forms import STEPS, CardForm, EndForm, StepForm
from billing.fakestripe.store import Thing
from billing.fakestripe.world import current
from organizations.decorators import public

View = Callable[..., HttpResponse]


def with_double(view: View) -> View:
    """Answer only where there is a double; what it does not know is not there."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not getattr(settings, "BILLING_DOUBLE", None):
            raise Http404
        try:
            return view(request, *args, **kwargs)
        except LookupError as missing:
            raise Http404 from missing

    return checked


def shown(kind: str, key: str) -> Thing:
    """Return an object of a kind, or answer 404."""
    found = current().get(key)
    if found["object"] != kind:
        raise Http404
    return found


def sent(request: HttpRequest) -> Any:
    """Return what was sent, or None where a page is only looked at."""
    return request.POST if request.method == "POST" else None


def tried(form: CardForm, act: Callable[[str], object]) -> bool:
    """Do something with a card; why it was refused is said in the form."""
    if not form.is_valid():
        return False
    try:
        act(form.picked())
    except Refusal as refusal:
        form.add_error(None, refusal.message)
        return False
    return True


def answer(
    request: HttpRequest, template: str, context: Thing, form: CardForm
) -> HttpResponse:
    status = 422 if form.is_bound and form.errors else 200
    return render(request, template, {**context, "form": form}, status=status)


@require_http_methods(["GET", "POST"])
@public
@with_double
def checkout_page(request: HttpRequest, session: str) -> HttpResponse:
    found = shown("checkout.session", session)
    if found["status"] == "complete":
        return back_from(found)
    context = current().read(pages.checkout, session)
    if found["status"] == "expired":
        return render(request, "fakestripe/checkout_closed.html", context)
    form = CardForm(sent(request), optional=not needs_card(found))
    if tried(form, lambda number: current().pay(session, number)):
        return back_from(found)
    return answer(request, "fakestripe/checkout_page.html", context, form)


def back_from(session: Thing) -> HttpResponse:
    """Return to where a session's buyer came from."""
    address = session["success_url"].replace("{CHECKOUT_SESSION_ID}", session["id"])
    return HttpResponseRedirect(address)


@require_GET
@public
@with_double
def portal_page(request: HttpRequest, session: str) -> HttpResponse:
    shown("billing_portal.session", session)
    context = current().read(pages.portal_page, session)
    return answer(request, "fakestripe/portal_page.html", context, CardForm())


@require_POST
@public
@with_double
def portal_card(request: HttpRequest, session: str) -> HttpResponse:
    customer = shown("billing_portal.session", session)["customer"]
    form = CardForm(request.POST)
    if tried(form, lambda number: current().change_card(customer, number)):
        messages.success(request, _("Payment method changed"))
        return redirect("fakestripe:portal_page", session)
    context = current().read(pages.portal_page, session)
    return answer(request, "fakestripe/portal_page.html", context, form)


@require_POST
@public
@with_double
def portal_end(request: HttpRequest, session: str) -> HttpResponse:
    shown("billing_portal.session", session)
    context = current().read(pages.portal_page, session)
    form = EndForm(request.POST)
    if context["subscription"] and form.is_valid():
        key = context["subscription"]["id"]
        try:
            current().end_later(key, ends=form.cleaned_data["ends"])
        except Refusal as refusal:
            messages.error(request, refusal.message)
    return redirect("fakestripe:portal_page", session)


@require_http_methods(["GET", "POST"])
@public
@with_double
def invoice_page(request: HttpRequest, invoice: str) -> HttpResponse:
    shown("invoice", invoice)
    form = CardForm(sent(request))
    if tried(form, lambda number: current().pay_invoice(invoice, number)):
        return redirect("fakestripe:invoice_page", invoice)
    context = {"invoice": current().read(pages.invoice, invoice)}
    return answer(request, "fakestripe/invoice_page.html", context, form)


@require_GET
@public
@with_double
def clock_page(request: HttpRequest) -> HttpResponse:
    context = current().read(pages.overview)
    return render(request, "fakestripe/clock_page.html", {**context, "steps": STEPS})


@require_POST
@public
@with_double
def clock_move(request: HttpRequest) -> HttpResponse:
    form = StepForm(request.POST)
    if not form.is_valid():
        raise Http404
    try:
        current().step(**form.cleaned_data)
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, dict(STEPS)[form.cleaned_data["step"]])
    return redirect("fakestripe:clock_page")
