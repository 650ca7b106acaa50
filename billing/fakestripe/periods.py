"""Billing periods: months are as long as they are, anchored on one day."""

from calendar import monthrange
from datetime import UTC, datetime, timedelta
from typing import Any, Final

DAY: Final = 86_400
DAYS: Final = {"day": 1, "week": 7}
MONTHS: Final = {"month": 1, "year": 12}


def after(anchor: int, recurring: dict[str, Any], count: int) -> int:
    """Return the moment `count` periods after an anchor, on its day where there is one."""
    times = recurring["interval_count"] * count
    start = datetime.fromtimestamp(anchor, UTC)
    if recurring["interval"] in DAYS:
        length = timedelta(days=DAYS[recurring["interval"]] * times)
        return int((start + length).timestamp())
    months = start.month - 1 + MONTHS[recurring["interval"]] * times
    year, month = start.year + months // 12, months % 12 + 1
    day = min(start.day, monthrange(year, month)[1])
    return int(start.replace(year=year, month=month, day=day).timestamp())


def next_end(anchor: int, recurring: dict[str, Any], moment: int) -> int:
    """Return the first end of a period that lies after a moment."""
    count = max(0, (moment - anchor) // (366 * DAY)) or 1
    while after(anchor, recurring, count) <= moment:
        count += 1
    return after(anchor, recurring, count)


def day_of(moment: int) -> str:
    """Return a day as invoices write it: 5 Jan 2026."""
    day = datetime.fromtimestamp(moment, UTC)
    return f"{day.day} {day:%b %Y}"
