"""Telling who can change the plan before a limit stops anybody: once near, once at it."""

from collections.abc import Callable
from typing import Any, Final

from django.db import transaction
from django.urls import reverse

from accounts.mail import absolute, mail_to
from organizations.audit.recording import record
from organizations.limits.counting import NEAR_PERCENT, Use, required, usage
from organizations.limits.models import Usage
from organizations.limits.payers import payers
from organizations.models import Organization

FULL_PERCENT: Final = 100
Tell = Callable[[Any, str], Any]


def look(tell: Tell) -> None:
    """Look at every limit of the active organization, and have payers told of news."""
    known = dict(Usage.objects.values_list("key", "warned_percent"))
    for use in usage():
        before = known.get(use.key, 0)
        if mark_of(use) != before:
            note(use, before, tell)


def mark_of(use: Use) -> int:
    """Return the mark that a use has passed; a limit of nothing is no news."""
    if not use.limit or use.percent < NEAR_PERCENT:
        return 0
    return FULL_PERCENT if use.percent >= FULL_PERCENT else NEAR_PERCENT


@transaction.atomic
def note(use: Use, before: int, tell: Tell) -> None:
    """Keep the mark that is passed, and have payers told if it is a higher one.

    What falls below a mark and passes it again is news again.
    """
    mark = mark_of(use)
    Usage.objects.get_or_create(key=use.key)
    rows = Usage.objects.filter(key=use.key, warned_percent=before)
    if rows.update(warned_percent=mark) and mark > before:
        record(
            "limit.reached" if mark == FULL_PERCENT else "limit.neared",
            after={"thing": str(use.key), "percent": mark},
            label=str(use.key),
        )
        for person in payers():
            tell(person, str(use.key))


def mail(user_id: str, key: str) -> None:
    """Mail a payer how much of a thing there is; nobody when there is room again."""
    found = [use for use in usage() if use.key == key and mark_of(use)]
    people = [person for person in payers() if str(person.pk) == user_id]
    if not found or not people:
        return
    mail_to(
        people[0],
        "limit_near",
        organization=Organization.objects.get(pk=required()),
        use=found[0],
        thing=found[0].key.label,
        address=absolute(reverse("limits:limits")),
    ).send()
