"""The two charts of the console's first page, with their numbers as tables."""

from typing import Any

from django.db.models import Count, Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from config import charts
from config.operator.overview import Overview
from config.operator.periods import Period, Series, by_day, spread
from organizations.webhooks.models import Delivery, State


def labels(chosen: Period) -> list[str]:
    return [date_format(day, "j M") for day in chosen.points()]


def signups(chosen: Period, found: Series | None) -> dict[str, Any]:
    """Return how many people joined, day by day, with the days before."""
    if found is None:
        return {}
    words = {"now": found.total, "before": sum(found.before), "days": chosen.days}
    names = labels(chosen)
    return {
        "title": _("People who signed up"),
        "description": _(
            "%(now)d in the last %(days)d days, %(before)d in the %(days)d before."
        )
        % words,
        "line": charts.line(found.now, found.before, names),
        "rows": list(zip(names, found.now, found.before, strict=True)),
    }


def deliveries(seen: Overview) -> dict[str, Any]:
    """Return what was delivered to webhooks and what failed, day by day."""
    if not seen.may(Delivery):
        return {}
    chosen = seen.period
    found = by_day(
        Delivery.objects.all(),
        "created_at",
        chosen.start,
        ok=Count("pk", filter=Q(state=State.DELIVERED)),
        failed=Count("pk", filter=Q(state=State.FAILED)),
    )
    ok, failed = (
        spread({day: row[part] for day, row in found.items()}, chosen, chosen.start)
        for part in ("ok", "failed")
    )
    names = labels(chosen)
    words = {"ok": sum(ok), "failed": sum(failed), "days": chosen.days}
    return {
        "title": _("Webhook deliveries"),
        "description": _(
            "%(ok)d delivered and %(failed)d failed in the last %(days)d days."
        )
        % words,
        "bars": charts.bars(ok, failed, names),
        "rows": list(zip(names, ok, failed, strict=True)),
        "ok": sum(ok),
        "failed": sum(failed),
    }
