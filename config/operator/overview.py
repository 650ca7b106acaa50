"""The console's first page: a few counts, each the way to its list."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.contrib.admin import AdminSite
from django.db.models import Count, Model, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.models import User
from billing.models import Subscription, SubscriptionStatus
from organizations.audit.models import AuditEntry
from organizations.models import Organization
from tasks.models import Task

NEWEST = 8
WEEK = timedelta(days=7)

# Label of a count, its rows, what a part of them is called, which part, the filters
# of its list.
Figure = tuple[Any, QuerySet, Any, Q, str]


def wanted() -> Iterator[Figure]:
    """Yield what staff look at first."""
    since = timezone.now() - WEEK
    new = Q(created_at__gte=since)
    joined = Q(date_joined__gte=since)
    late = Q(status=SubscriptionStatus.PAST_DUE)
    week = _("new this week")
    yield _("Organizations"), Organization.objects.all(), week, new, ""
    yield _("People"), User.objects.all(), week, joined, ""
    yield _("Subscriptions"), Subscription.objects.all(), _("past due"), late, ""
    yield _("Tasks"), Task.objects.all(), week, new, "?deleted_at__isempty=1"
    jobs = ProcrastinateJob.objects.exclude(status="succeeded")
    yield _("Jobs not done"), jobs, _("given up"), Q(status="failed"), "?open=yes"


def figures(site: AdminSite, request: HttpRequest) -> list[dict[str, Any]]:
    """Return the counts of the tables the member of staff may see."""
    found = []
    for label, rows, detail, condition, query in wanted():
        options: Any = rows.model._meta
        if not site._registry[rows.model].has_view_permission(request):
            continue
        page = f"{options.app_label}_{options.model_name}_changelist"
        counts = rows.aggregate(value=Count("pk"), part=Count("pk", filter=condition))
        url = reverse(f"{site.name}:{page}") + query
        found.append({"label": label, "detail": detail, "url": url, **counts})
    return found


def newest_entries(site: AdminSite, request: HttpRequest) -> list[Model]:
    """Return what was recorded last, over all organizations."""
    if not site._registry[AuditEntry].has_view_permission(request):
        return []
    newest = AuditEntry.objects.select_related("actor", "organization")
    return list(newest.order_by("-created_at", "-id")[:NEWEST])
