"""Which banner a page shows: at most one, the gravest, then the newest.

The process remembers for a few seconds what there is to show; a person's own rows are
asked for only when what would show can be put away.
"""

import time
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.middleware.csrf import get_token
from django.template.loader import get_template
from django.utils import timezone
from django.utils.safestring import SafeString

from accounts.banners.models import Banner, BannerDismissal, State

# In seconds.
KEPT: Final = 3.0
# More are not read: a page shows one.
MOST: Final = 100

_kept: list[tuple[float, list[Banner]]] = [(0.0, [])]


def banners() -> list[Banner]:
    """Return what shows now or soon, the gravest and newest first."""
    until, rows = _kept[0]
    now = time.time()
    if now < until:
        return rows
    # Other threads use the former ones while this one reads.
    _kept[0] = (now + KEPT, rows)
    try:
        # What begins later is read in time.
        soon = timezone.now() + timedelta(seconds=KEPT)
        begun = Banner.objects.not_over().filter(starts_at__lte=soon)
        found = list(begun.gravest_first()[:MOST])
    except BaseException:
        forget()
        raise
    remember(found, now + KEPT)
    return _kept[0][1]


def remember(rows: list[Banner], until: float) -> None:
    """Take these for all there are, until a moment of the clock."""
    _kept[0] = (until, sorted(rows, key=lambda row: row.rank, reverse=True))


def forget() -> None:
    """Read anew when a page is drawn next."""
    _kept[0] = (0.0, [])


def shown(placement: str, user: Any) -> Banner | None:
    """Return the banner that a person sees on the pages of a placement."""
    found = [
        each
        for each in banners()
        if each.stands_on(placement) and each.state == State.SHOWING
    ]
    away = put_away(found, user)
    return next((each for each in found if each.pk not in away), None)


def put_away(found: list[Banner], user: Any) -> set[UUID]:
    """Return which of the banners a person has put away.

    Nothing is asked where the first of them cannot be.
    """
    if not (found and may_put_away(found[0], user)):
        return set()
    rows = BannerDismissal.objects.filter(user=user, banner__in=found)
    return set(rows.values_list("banner_id", flat=True))


def may_put_away(banner: Banner, user: Any) -> bool:
    """Return whether somebody can put a banner away: not without an account."""
    return banner.dismissible and user is not None and user.is_authenticated


def may_answer(banner: Banner, request: Any) -> bool:
    """Return whether a request may put a banner away: staff who look on may not."""
    looks_on = getattr(request, "impersonation", None) is not None
    return not looks_on and may_put_away(banner, getattr(request, "user", None))


def drawn(request: Any, placement: str, *, back: str = "") -> SafeString:
    """Return the markup of what shows above a page; nothing where nothing does.

    `back` is where the form leads that puts it away; the page itself otherwise.
    """
    banner = shown(placement, getattr(request, "user", None))
    if banner is None:
        return SafeString("")
    context = {
        "banner": banner,
        "placement": placement,
        "back": back or request.get_full_path(),
        "csrf_token": get_token(request) if may_answer(banner, request) else "",
    }
    # A template's answer.
    return SafeString(get_template("banners/banner.html").render(context))
