"""The days that the console's first page is about, and those before them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from django import forms
from django.db.models import Count, QuerySet
from django.db.models.functions import TruncDay
from django.http import HttpRequest
from django.utils import timezone

CHOICES: Final = (7, 30, 90)
USUAL: Final = 30
# More points than this nobody can tell apart.
MOST_POINTS: Final = 30


class PeriodForm(forms.Form):
    days = forms.TypedChoiceField(
        coerce=int, choices=[(days, str(days)) for days in CHOICES]
    )


@dataclass(frozen=True)
class Period:
    """So many whole days of UTC, today the last of them."""

    days: int
    today: datetime

    @property
    def start(self) -> datetime:
        return self.today - timedelta(days=self.days - 1)

    @property
    def before(self) -> datetime:
        """Where the period before begins, which is as long."""
        return self.start - timedelta(days=self.days)

    @property
    def step(self) -> int:
        """How many days one point of a chart stands for."""
        return max(1, self.days // MOST_POINTS)

    def points(self) -> list[datetime]:
        """Return the first day of each point."""
        return [self.start + timedelta(days=n) for n in range(0, self.days, self.step)]


@dataclass(frozen=True)
class Series:
    """How many there were at each point of a period, and of the one before."""

    now: list[int]
    before: list[int]

    @property
    def total(self) -> int:
        return sum(self.now)

    @property
    def change(self) -> float | None:
        """The change against the period before in percent; None after nothing."""
        return change(self.total, sum(self.before))


def change(now: int, before: int) -> float | None:
    """Return a change in percent; None where there was nothing."""
    return 100 * (now - before) / before if before else None


def period(request: HttpRequest) -> Period:
    """Return the period a request asks for; another one is the usual."""
    form = PeriodForm(request.GET)
    days = form.cleaned_data["days"] if form.is_valid() else USUAL
    today = timezone.now().astimezone(UTC)
    return Period(days, today.replace(hour=0, minute=0, second=0, microsecond=0))


def by_day(
    rows: QuerySet, field: str, first: datetime, **counts: Any
) -> dict[datetime, Any]:
    """Count rows by the day of a moment, in one statement."""
    wanted = counts or {"count": Count("pk")}
    found = (
        rows.filter(**{f"{field}__gte": first})
        .order_by()
        .annotate(day=TruncDay(field, tzinfo=UTC))
        .values("day")
        .annotate(**wanted)
    )
    return {row.pop("day"): row for row in found}


def series(rows: QuerySet, field: str, chosen: Period) -> Series:
    """Count rows over a period and the one before."""
    found = by_day(rows, field, chosen.before)
    daily = {day: row["count"] for day, row in found.items()}
    return Series(
        spread(daily, chosen, chosen.start), spread(daily, chosen, chosen.before)
    )


def spread(daily: dict[datetime, int], chosen: Period, first: datetime) -> list[int]:
    """Return a count for each point from a day on."""
    days = [daily.get(first + timedelta(days=n), 0) for n in range(chosen.days)]
    return summed(days, chosen.step)


def summed(values: Sequence[int], step: int) -> list[int]:
    return [sum(values[n : n + step]) for n in range(0, len(values), step)]
