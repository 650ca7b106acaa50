"""The console's first page: figures over a period, each the way to its list."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode

from django.contrib.admin import AdminSite
from django.db.models import Count, Model
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.models import User
from config.charts import spark
from config.doctor.backups import FAILED as BACKUP_FAILED
from config.doctor.backups import MADE as BACKUP_MADE
from config.operator.filters import (
    active_organizations,
    active_people,
    failed_mails,
)
from config.operator.periods import Period, Series, change, series
from config.proofs import BROKEN, PROVEN
from config.queue import Standing
from organizations.audit.models import AuditEntry, PlatformEntry
from organizations.models import Organization
from organizations.webhooks.models import Endpoint
from tasks.models import Task

NEWEST: Final = 8
FAILING: Final = {"failing_since__isnull": False, "deleted_at__isnull": True}


@dataclass(frozen=True)
class Figure:
    """One number: what it is called, the list it is counted from, what it was."""

    label: str
    value: str
    url: str
    detail: str = ""
    # In percent against the period before.
    change: float | None = None
    count: int | None = None
    spark: str = ""
    is_bad: bool = False

    @property
    def rising(self) -> str:
        """The change in words: a sign and a number."""
        if self.change is None:
            return ""
        return f"{'+' if self.change > 0 else ''}{number_format(self.change, 0)} %"


class Overview:
    """What one member of staff may see of a period; each number is asked for once."""

    def __init__(self, site: AdminSite, request: HttpRequest, chosen: Period) -> None:
        self.site, self.request, self.period = site, request, chosen

    def may(self, model: Any) -> bool:
        """Whether the lists that a figure is counted from are shown to them."""
        return self.site._registry[model].has_view_permission(self.request)

    def url(self, model: Any, **query: Any) -> str:
        """Return the address of a list, with its filter set."""
        options = model._meta
        page = f"{options.app_label}_{options.model_name}_changelist"
        asked = f"?{urlencode(query)}" if query else ""
        return reverse(f"{self.site.name}:{page}") + asked

    def figures(self, queue: Standing | None, signups: Series | None) -> list[Figure]:
        return [
            *self.of_people(signups),
            *self.of_organizations(),
            *self.of_tasks(),
            *self.of_webhooks(),
            *self.of_jobs(queue),
            *self.of_trust(),
        ]

    def signups(self) -> Series | None:
        """Return how many people joined; nothing for who may not see people."""
        if not self.may(User):
            return None
        return series(User.objects.all(), "date_joined", self.period)

    def of_people(self, joined: Series | None) -> Iterator[Figure]:
        if joined is None:
            return
        start = self.period.start
        url = self.url(User, date_joined__gte=start.isoformat())
        yield over_time(_("Sign-ups"), joined, url)
        active = User.objects.filter(active_people(start)).count()
        url = self.url(User, active=self.period.days)
        yield counted(_("Active people"), active, url, _("were signed in"))

    def of_organizations(self) -> Iterator[Figure]:
        if not self.may(Organization):
            return
        start, before = self.period.start, self.period.before
        made = series(Organization.objects.all(), "created_at", self.period)
        url = self.url(Organization, created_at__gte=start.isoformat())
        yield over_time(_("New organizations"), made, url)
        found = Organization.objects.aggregate(
            now=Count("pk", filter=active_organizations(start)),
            before=Count("pk", filter=active_organizations(before, start)),
        )
        url = self.url(Organization, active=self.period.days)
        yield Figure(
            _("Active organizations"),
            number(found["now"]),
            url,
            _("in which something was done"),
            change=change(found["now"], found["before"]),
            count=found["now"],
        )

    def of_tasks(self) -> Iterator[Figure]:
        if not self.may(Task):
            return
        made = series(Task.with_trash.all(), "created_at", self.period)
        url = self.url(Task, created_at__gte=self.period.start.isoformat())
        yield over_time(_("Tasks made"), made, url)

    def of_webhooks(self) -> Iterator[Figure]:
        if not self.may(Endpoint):
            return
        failing = Endpoint.with_trash.filter(**FAILING).count()
        url = self.url(Endpoint, **FAILING)
        words = _("do not take what is sent")
        yield counted(_("Failing webhooks"), failing, url, words, is_bad=failing > 0)

    def of_jobs(self, queue: Standing | None) -> Iterator[Figure]:
        if queue is None:
            return
        words = _("%(due)d due, %(dead)d given up")
        yield Figure(
            _("Oldest due job"),
            lasting(queue.oldest_seconds),
            self.url(ProcrastinateJob, status__exact="todo"),
            words % {"due": queue.queued, "dead": queue.dead},
            is_bad=not queue.is_fine,
        )
        failed = ProcrastinateJob.objects.filter(failed_mails(self.period.start))
        many = failed.count()
        url = self.url(ProcrastinateJob, mail=self.period.days)
        yield counted(
            _("Failed mails"), many, url, _("failed at least once"), is_bad=many > 0
        )

    def of_trust(self) -> Iterator[Figure]:
        """Yield when the data was last copied, and the walls last proven."""
        if not self.may(PlatformEntry):
            return
        rows = PlatformEntry.objects.filter(
            action__in=[BACKUP_MADE, BACKUP_FAILED, PROVEN, BROKEN]
        )
        newest = rows.order_by("action", "-created_at", "-id").distinct("action")
        last = {entry.action: entry for entry in newest}
        url = self.url(PlatformEntry, action__startswith="backup.")
        pair = last.get(BACKUP_MADE), last.get(BACKUP_FAILED)
        yield since(_("Last backup"), *pair, url, _("the last try failed"))
        pair = last.get(PROVEN), last.get(BROKEN)
        url = reverse(f"{self.site.name}:isolation")
        yield since(_("Last isolation proof"), *pair, url, _("the last one failed"))

    def entries(self) -> list[Model]:
        """Return what was recorded last, over all organizations."""
        if not self.may(AuditEntry):
            return []
        newest = AuditEntry.objects.select_related("actor", "organization")
        return list(newest.order_by("-created_at", "-id")[:NEWEST])


def number(value: int) -> str:
    return number_format(value, force_grouping=True)


def counted(
    label: str, count: int, url: str, detail: str, *, is_bad: bool = False
) -> Figure:
    return Figure(label, number(count), url, detail, count=count, is_bad=is_bad)


def over_time(label: str, found: Series, url: str) -> Figure:
    """Return a figure that has a line, and a change where there was something."""
    words = _("on the days before") if found.change is not None else _("none before")
    return Figure(
        label,
        number(found.total),
        url,
        words,
        change=found.change,
        count=found.total,
        spark=spark(found.now),
    )


def since(label: str, good: Any, bad: Any, url: str, words: str) -> Figure:
    """Return how long ago the last good one was; bad when a later one failed."""
    failed = bad is not None and (good is None or bad.created_at > good.created_at)
    value = ago(good.created_at) if good else _("Never")
    detail = words if failed else _("ago") if good else _("none was recorded")
    return Figure(label, value, url, detail, is_bad=failed or good is None)


def ago(moment: datetime) -> str:
    return lasting(int((timezone.now() - moment).total_seconds()))


def lasting(seconds: int) -> str:
    """Return how long something lasts, in one unit."""
    if seconds < 120:
        return _("%(n)d s") % {"n": seconds}
    if seconds < 2 * 3600:
        return _("%(n)d min") % {"n": seconds // 60}
    if seconds < 2 * 24 * 3600:
        return _("%(n)d h") % {"n": seconds // 3600}
    return _("%(n)d days") % {"n": seconds // (24 * 3600)}
