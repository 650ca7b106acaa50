"""The money on the console's first page: each figure with the list it is counted from."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from billing.figures import MONTHS, Figures, Share, by_plan, figures
from billing.models import Subscription
from billing.money import money


def revenue(site: AdminSite, request: HttpRequest) -> dict[str, Any]:
    """Return figures and a table of plans for staff who may see subscriptions."""
    if not site._registry[Subscription].has_view_permission(request):
        return {}
    url = reverse(f"{site.name}:billing_subscription_changelist")
    cards = [
        {"label": label, "value": value, "detail": detail, "url": url + query}
        for label, value, detail, query in told(figures())
    ]
    return {"cards": cards, "plans": [line(each) for each in by_plan()]}


def told(found: Figures) -> Iterator[tuple[str, Any, str, str]]:
    """Yield each figure: what it is called, what it says, its list's filter."""
    paying = ngettext("%(n)s paying", "%(n)s paying", found.paying)
    ending = ngettext(
        "%(n)s ends within 7 days", "%(n)s end within 7 days", found.trials_ending
    )
    yield (
        _("Monthly revenue"),
        amount(found.mrr_cents),
        paying % {"n": found.paying},
        "?paying=yes",
    )
    yield (
        _("Late payments"),
        number_format(found.late, force_grouping=True),
        _("%(amount)s open") % {"amount": amount(found.late_cents)},
        "?late=yes",
    )
    yield (
        _("Trials"),
        number_format(found.trials, force_grouping=True),
        ending % {"n": found.trials_ending},
        "?state=trialing",
    )
    yield (
        _("Trials that pay"),
        percent(found.converted),
        _("%(part)s of %(whole)s in 90 days") % vars(found.converted),
        "?state=active",
    )
    yield (
        _("Churn"),
        percent(found.churned),
        _("%(part)s of %(whole)s in 30 days") % vars(found.churned),
        "?state=canceled",
    )
    yield (
        _("Given by staff"),
        number_format(found.comped, force_grouping=True),
        _("free of charge"),
        "?is_comped__exact=1",
    )


def line(found: dict[str, Any]) -> dict[str, Any]:
    return found | {"revenue": amount(round(found["year"] / MONTHS))}


def amount(cents: int) -> str:
    return money(cents, settings.BILLING_CURRENCY)


def percent(share: Share) -> str:
    """Return a share in words; a dash of nothing."""
    if share.percent is None:
        return "–"
    return f"{number_format(share.percent, 1)} %"
