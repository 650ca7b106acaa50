"""Once a day what is unread, at eight by each person's own clock; and forgetting."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import structlog
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from organizations.notifications.choices import digested_for
from organizations.notifications.models import FOR_DIGEST, DigestDay, Notification
from organizations.queries import open_organizations
from organizations.tenancy import tenant
from organizations.tenancy.jobs import enqueue

log = structlog.get_logger("insula.notifications")

MORNING: Final = 8
DAYS_KEPT: Final = 90
WAITING: Final = FOR_DIGEST & Q(read_at=None, archived_at=None, withdrawn_at=None)


def prepare_all(mail: Any) -> None:
    """Prepare the digests that are due, in every organization."""
    in_each(lambda: prepare(mail))


def forget_all() -> None:
    """Forget what is old, in every organization."""
    in_each(forget)


def in_each(work: Callable[[], Any]) -> None:
    """Do some work in each organization; the trouble of one stops no other."""
    for organization_id in open_organizations():
        with tenant(organization_id):
            try:
                work()
            except Exception:
                name = str(organization_id)
                log.exception("notifications.work_failed", organization=name)


def prepare(mail: Any) -> None:
    """Gather what waits for each person whose morning it is, and have it mailed."""
    waiting = Notification.objects.filter(WAITING).order_by()
    people = waiting.values_list("user_id", flat=True).distinct()
    for person in User.objects.filter(pk__in=list(people)):
        now = local_now(person)
        if now.hour >= MORNING:
            prepare_one(person, now, mail)


def local_now(person: User) -> datetime:
    """Return the time on a person's own clock."""
    return timezone.localtime(timezone=ZoneInfo(person.timezone or "UTC"))


@transaction.atomic
def prepare_one(person: User, now: datetime, mail: Any) -> bool:
    """Gather what waits for a person; False when their digest of the day is out.

    The row of the day is locked: of two that try at once, one gathers. What they want
    in no digest any more, or may not see any more, is left where it is.
    """
    yesterday = now.date() - timedelta(days=1)
    place, _new = DigestDay.objects.select_for_update().get_or_create(
        user=person, defaults={"day": yesterday}
    )
    if place.day >= now.date():
        return False
    moment = timezone.now()
    rows = Notification.objects.filter(
        WAITING, user=person, kind__in=digested_for(person.pk)
    )
    if not rows.update(digested_at=moment):
        return False
    DigestDay.objects.filter(pk=place.pk).update(day=now.date())
    enqueue(mail, user_id=str(person.pk), moment=moment.isoformat())
    return True


def forget() -> int:
    """Delete what was read, put away or never listed, and is old."""
    before = timezone.now() - timedelta(days=DAYS_KEPT)
    over = Q(in_inbox=False) | ~Q(read_at=None) | ~Q(archived_at=None)
    gone, _tables = Notification.objects.filter(over, created_at__lt=before).delete()
    return gone
