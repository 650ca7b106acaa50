"""When a delivery is tried again."""

import random
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

from django.utils import timezone

# After each failed try: 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 10 h.
WAITS: Final = (5, 300, 1_800, 7_200, 18_000, 36_000, 36_000)
TRIES: Final = len(WAITS) + 1
# So that what failed together does not come back together.
JITTER: Final = 0.2
LONGEST: Final = timedelta(hours=24)
SAYS_WHEN: Final = frozenset({429, 503})

_random = random.SystemRandom()


def wait_after(tries: int, asked: timedelta | None = None) -> timedelta | None:
    """Return how long to wait after so many tries; None when that was the last.

    A receiver may ask for more than that.
    """
    if tries >= TRIES:
        return None
    own = WAITS[tries - 1] * (1 + _random.random() * JITTER)
    return max(timedelta(seconds=own), min(asked or timedelta(), LONGEST))


def retry_after(status: int | None, headers: dict[str, str]) -> timedelta | None:
    """Return how long an answer asks to be left alone; None when it does not say."""
    if status not in SAYS_WHEN:
        return None
    text = next((v for k, v in headers.items() if k.lower() == "retry-after"), "")
    text = text.strip()
    # More digits than these are no wait, and a date is no number.
    if text.isascii() and text.isdigit():
        return timedelta(seconds=int(text)) if len(text) <= 9 else LONGEST
    return until(text)


def until(text: str) -> timedelta | None:
    """Return how far away a date of HTTP is; None for what is no date."""
    try:
        moment: datetime = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if moment.tzinfo is None:
        return None
    return max(moment - timezone.now(), timedelta())
