"""Filters by which the figures of the console's first page lead to their lists."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from config.operator.periods import CHOICES
from organizations.audit.models import AuditEntry
from organizations.failures.models import JobFailure

# Jobs that write to people are called so.
MAILS: Final = r"\.(mail|send)_"


class LastDaysFilter(admin.SimpleListFilter):
    """Something that was within the last days, today being the last of them."""

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterator[Any]:
        for days in CHOICES:
            yield str(days), _("Last %(days)d days") % {"days": days}

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        days = {str(days): days for days in CHOICES}.get(self.value() or "")
        return queryset.filter(self.within(first_day(days))) if days else queryset

    def within(self, since: datetime) -> Q:
        """Return the condition of those that it was with since a moment."""
        raise NotImplementedError


class ActivePeopleFilter(LastDaysFilter):
    """People whose browser was in use."""

    title = gettext_lazy("active")
    parameter_name = "active"

    def within(self, since: datetime) -> Q:
        return active_people(since)


class ActiveOrganizationsFilter(LastDaysFilter):
    """Organizations in which something was recorded."""

    title = gettext_lazy("active")
    parameter_name = "active"

    def within(self, since: datetime) -> Q:
        return active_organizations(since)


class FailedMailsFilter(LastDaysFilter):
    """Jobs that should have mailed and failed at least once."""

    title = gettext_lazy("mail that failed")
    parameter_name = "mail"

    def within(self, since: datetime) -> Q:
        return failed_mails(since)


def first_day(days: int) -> datetime:
    """Return when the last so many days began, in UTC."""
    now = timezone.now().astimezone(UTC)
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return today - timedelta(days=days - 1)


def active_people(since: datetime) -> Q:
    used = UserSession.objects.filter(user_id=OuterRef("pk"), last_seen_at__gte=since)
    return Q(Exists(used))


def active_organizations(since: datetime, until: datetime | None = None) -> Q:
    done = AuditEntry.objects.filter(
        organization_id=OuterRef("pk"), created_at__gte=since
    )
    if until is not None:
        done = done.filter(created_at__lt=until)
    return Q(Exists(done))


def failed_mails(since: datetime) -> Q:
    failed = JobFailure.objects.filter(job_id=OuterRef("pk"), created_at__gte=since)
    return Q(Exists(failed), task_name__regex=MAILS)
