"""Pages of money; who may see them is who may see amounts."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
)

from billing import flows, gateway
from billing.entitlement import lowest_plan
from billing.flows import Choice, Ways
from billing.forms import ChoiceForm, IntervalForm, LooksForm
from billing.listing import SHORT, newest, page
from billing.models import Plan, Subscription
from billing.offers import Offer, offers, preview, total_words, would_be_over
from organizations.decorators import go, member_can, public
from organizations.events.product import track
from organizations.http import TenantRequest
from organizations.limits.counting import usage
from organizations.paging import PlaceForm

AWAY: Final = gettext_lazy(
    "Our payment provider does not answer right now. Try again in a minute; nothing is"
    " done twice."
)
UNSOLD: Final = gettext_lazy(
    "This plan has no price at our payment provider yet. Please choose another, or write"
    " to us."
)
# The return from a payment is looked at so often, every few seconds.
LOOKS: Final = 10


def explaining(view: Callable[..., HttpResponse]) -> Any:
    """Answer what Stripe does not do with a sentence, where the plan is seen."""

    @wraps(view)
    def explained(request: TenantRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            with gateway.patience():
                return view(request, *args, **kwargs)
        except gateway.Declined as error:
            text = _("The payment was declined, so nothing was changed. %(why)s")
            messages.error(request, (text % {"why": error}).strip())
        except flows.NotPossible:
            text = _("This is not possible now: the plan was changed meanwhile.")
            messages.warning(request, text)
        except flows.NotSold:
            messages.warning(request, UNSOLD)
        except (gateway.StripeAway, gateway.Refused):
            messages.error(request, AWAY)
        return redirect("billing:overview")

    return explained


@require_GET
@public
def plan_list(request: TenantRequest) -> HttpResponse:
    interval = IntervalForm(request.GET).chosen()
    track("pricing.viewed", interval=str(interval))
    context = {"offers": offers(interval), "interval": interval}
    return render(request, "billing/plan_list.html", context)


@require_GET
@member_can("billing.view")
def overview(request: TenantRequest) -> HttpResponse:
    row = subscription()
    usual = vars(row) if row is not None else {}
    interval = IntervalForm(request.GET or usual).chosen()
    context = {
        "subscription": row,
        "plan": Plan.objects.get(code=request.organization.plan),
        "offers": offers(interval, row, request.organization.plan),
        "interval": interval,
        "uses": usage(),
        "invoices": newest(SHORT),
        "is_on": settings.BILLING_ON,
    }
    return render(request, "billing/overview.html", context)


def subscription() -> Subscription | None:
    """Return the active organization's subscription with its plans."""
    return Subscription.objects.select_related("plan", "next_plan").first()


@require_GET
@member_can("billing.view")
def plan_detail(request: TenantRequest, code: str) -> HttpResponse:
    choice = chosen(code, IntervalForm(request.GET).chosen())
    row = subscription()
    offer = Offer(choice.plan, choice.interval, row, request.organization.plan)
    context = {
        "offer": offer,
        "subscription": row,
        "over": would_be_over(request.organization, choice.plan),
        "total": total_words(choice),
        "is_on": settings.BILLING_ON,
        **previewed(offer, choice),
    }
    moment = context["preview"].moment if "preview" in context else None
    context["form"] = ChoiceForm.fresh(choice.interval, moment)
    status = 503 if "away" in context else 200
    return render(request, "billing/plan_detail.html", context, status=status)


def previewed(offer: Offer, choice: Choice) -> dict[str, Any]:
    """Return what a change made at once costs, or why nobody can say."""
    if offer.row is None or not offer.changes_at_once:
        return {}
    try:
        with gateway.patience():
            return {"preview": preview(offer.row, choice)}
    except flows.NotSold:
        return {"away": UNSOLD}
    except (gateway.StripeAway, gateway.Refused):
        return {"away": AWAY}


def chosen(code: str, interval: str) -> Choice:
    """Return a plan that can be chosen; 404 for the others."""
    plan = get_object_or_404(Plan, code=code, is_for_sale=True)
    return Choice(plan, interval)


def sent(request: TenantRequest, code: str) -> tuple[Choice, ChoiceForm]:
    """Return what was decided for a plan; NotPossible when the form makes no sense."""
    form = ChoiceForm(request.POST)
    if not form.is_valid():
        raise flows.NotPossible
    return chosen(code, form.cleaned_data["interval"]), form


@require_POST
@member_can("billing.edit")
@explaining
def plan_buy(request: TenantRequest, code: str) -> HttpResponse:
    choice, form = sent(request, code)
    address = flows.buy(
        organization=request.organization,
        choice=choice,
        by=request.user,
        sent_as=form.cleaned_data["sent_as"],
        ways=Ways(there(request, "confirm"), there(request, "overview")),
    )
    return HttpResponseRedirect(address)


def there(request: TenantRequest, name: str) -> str:
    """Return the full address of a page as the person's browser knows this server."""
    return request.build_absolute_uri(reverse(f"billing:{name}"))


@require_POST
@member_can("billing.edit")
@explaining
def plan_change(request: TenantRequest, code: str) -> HttpResponse:
    choice, form = sent(request, code)
    row = subscription()
    decided: dict[str, Any] = {"choice": choice, "by": request.user}
    decided["sent_as"] = form.cleaned_data["sent_as"]
    if row is None or choice.plan.is_free:
        raise flows.NotPossible
    if flows.is_at_once(row, choice):
        flows.change_now(moment=form.cleaned_data["moment"] or 0, **decided)
        text = _("You are on %(plan)s now.")
    else:
        flows.change_later(**decided)
        text = _("%(plan)s begins when the current period ends.")
    messages.success(request, text % {"plan": choice.plan})
    return redirect("billing:overview")


@require_http_methods(["GET", "POST"])
@member_can("billing.view", post="billing.edit")
@explaining
def subscription_cancel(request: TenantRequest) -> HttpResponse:
    row = subscription()
    if row is None or not row.is_at_stripe or row.cancel_at_period_end:
        return redirect("billing:overview")
    if request.method == "POST":
        flows.cancel(by=request.user)
        messages.success(request, _("Your plan ends with the period that runs now."))
        return redirect("billing:overview")
    lowest = lowest_plan()
    over = would_be_over(request.organization, lowest)
    context = {"subscription": row, "lowest": lowest, "over": over}
    return render(request, "billing/subscription_cancel.html", context)


@require_POST
@member_can("billing.edit")
@explaining
def subscription_keep(request: TenantRequest) -> HttpResponse:
    flows.keep(by=request.user)
    messages.success(request, _("Your plan goes on as it is."))
    return redirect("billing:overview")


@require_POST
@member_can("billing.edit")
@explaining
def portal(request: TenantRequest) -> HttpResponse:
    back = f"{there(request, 'confirm')}?from=portal"
    return HttpResponseRedirect(flows.portal(back=back))


@require_GET
@member_can("billing.view")
def confirm(request: TenantRequest) -> HttpResponse:
    """Where Stripe sends people back: its word may come later than they do."""
    looks = LooksForm(request.GET).number()
    row = flows.look() if looks == 0 else subscription()
    if "from" in request.GET or (row is not None and row.is_entitled):
        return go(request, reverse("billing:overview"))
    context = {"looks": looks + 1, "goes_on": looks < LOOKS}
    part = "#looking" if request.htmx else ""
    return render(request, f"billing/confirm.html{part}", context)


@require_GET
@member_can("billing.view")
def invoice_list(request: TenantRequest) -> HttpResponse:
    place = PlaceForm(request.GET).place()
    found = page(place)
    context = {"page": found, "invoices": found.rows, "is_first": place is None}
    return render(request, "billing/invoice_list.html", context)
