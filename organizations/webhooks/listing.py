"""Reading endpoints and their log, and what the numbers of a week say."""

from datetime import timedelta
from typing import Any, Final, NamedTuple

from django.db.models import Aggregate, Count, FloatField, Q
from django.utils import timezone

from organizations.paging import Page, page_behind
from organizations.webhooks.forms import LogForm, span_of
from organizations.webhooks.models import (
    Attempt,
    Delivery,
    Endpoint,
    milliseconds_words,
)

PAGE: Final = 50
WEEK: Final = timedelta(days=7)


class Percentile95(Aggregate):
    """The value that 95 of 100 do not exceed."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(0.95) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()


class Week(NamedTuple):
    """Seven days of an endpoint: its deliveries, how many succeeded at the first try
    in percent, and how long its slowest answers took; None where nothing was tried."""

    deliveries: int
    first_try: float | None
    slowest: int | None
    failed: int

    @property
    def slowest_words(self) -> str:
        return milliseconds_words(self.slowest)


def endpoints() -> list[Endpoint]:
    """Return the active organization's endpoints, the newest first."""
    return list(Endpoint.objects.order_by("-created_at", "-pk"))


def week_of(endpoint: Endpoint) -> Week:
    """Return the last seven days of an endpoint in numbers."""
    since = timezone.now() - WEEK
    rows = Delivery.objects.filter(endpoint_id=endpoint.pk, created_at__gte=since)
    found = rows.aggregate(
        all=Count("pk"),
        tried=Count("pk", filter=Q(first_try_ok__isnull=False)),
        first=Count("pk", filter=Q(first_try_ok=True)),
        failed=Count("pk", filter=Q(state="failed")),
        slowest=Percentile95("last_milliseconds"),
    )
    share = 100 * found["first"] / found["tried"] if found["tried"] else None
    slowest = found["slowest"]
    return Week(
        found["all"],
        share,
        None if slowest is None else round(slowest),
        found["failed"],
    )


def log_of(endpoint: Endpoint, form: LogForm) -> Page[Delivery]:
    """Return a page of an endpoint's deliveries, the newest first."""
    wanted = form.filters()
    rows = Delivery.objects.filter(endpoint_id=endpoint.pk)
    if "state" in wanted:
        rows = rows.filter(state=wanted["state"])
    if "event" in wanted:
        rows = rows.filter(event_type=wanted["event"])
    if "day" in wanted:
        begin, end = span_of(wanted["day"])
        rows = rows.filter(created_at__gte=begin, created_at__lt=end)
    return page_behind(rows, "created_at", form.place(), PAGE)


def attempts_of(delivery: Delivery) -> list[Attempt]:
    """Return a delivery's tries, the newest first, each with its number."""
    rows: list[Any] = list(
        Attempt.objects.filter(delivery_id=delivery.pk).order_by("started_at", "pk")
    )
    for number, attempt in enumerate(rows, 1):
        attempt.number = number
    return rows[::-1]
