"""What staff should look at: organizations in need, and things that wait for a hand."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final, NamedTuple

from django.db.models import Count, Max, Min
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from procrastinate.contrib.django.models import ProcrastinateJob

from billing.figures import OPEN, SOON, TRIALS
from billing.intake.models import EventState, StripeEvent
from billing.models import LATE, Subscription
from config.operator.overview import FAILING, Overview
from config.queue import Standing
from organizations.failures.models import JobFailure
from organizations.limits.models import Usage
from organizations.models import Organization
from organizations.webhooks.models import Endpoint

MOST: Final = 5


class Look(NamedTuple):
    """An organization, why it is to be looked at, and where."""

    organization: Any
    tone: str
    why: str
    url: str


class Hand(NamedTuple):
    """Something that waits for somebody: since when, and where."""

    tone: str
    subject: str
    what: str
    url: str
    when: datetime | None


def to_look_at(seen: Overview) -> list[Look]:
    """Return the organizations, the most urgent first; each kind in one statement."""
    if not seen.may(Organization):
        return []
    return [*past_due(seen), *failing(seen), *nearly_full(seen)]


def past_due(seen: Overview) -> Iterator[Look]:
    if not seen.may(Subscription):
        return
    rows = Subscription.objects.filter(OPEN, status__in=LATE)
    rows = rows.select_related("organization").order_by("past_due_since", "id")
    for row in rows[:MOST]:
        url = seen.url(Subscription, q=row.organization.slug, late="yes")
        yield Look(row.organization, "amber", _("Past due"), url)


def failing(seen: Overview) -> Iterator[Look]:
    if not seen.may(Endpoint):
        return
    rows = Endpoint.with_trash.filter(**FAILING).order_by()
    names = ("organization_id", "organization__name", "organization__plan")
    found = rows.values(*names).annotate(count=Count("pk"), first=Min("failing_since"))
    for row in found.order_by("first", "organization_id")[:MOST]:
        words = ngettext("%(n)d webhook fails", "%(n)d webhooks fail", row["count"]) % {
            "n": row["count"]
        }
        organization = Organization(
            pk=row["organization_id"],
            name=row["organization__name"],
            plan=row["organization__plan"],
        )
        url = seen.url(Endpoint, q=organization.name, **FAILING)
        yield Look(organization, "red", words, url)


def nearly_full(seen: Overview) -> Iterator[Look]:
    """Yield those who were warned that a limit is near, or is reached."""
    if not seen.may(Usage):
        return
    rows = Usage.objects.filter(
        warned_percent__gt=0, organization__deleted_at__isnull=True
    ).select_related("organization")
    for row in rows.order_by("-warned_percent", "-updated_at", "id")[:MOST]:
        words = {"percent": row.warned_percent, "what": row.get_key_display()}
        url = seen.url(Usage, q=row.organization.name)
        text = _("%(what)s: %(percent)d %% used") % words
        yield Look(row.organization, "blue", text, url)


def needing_a_hand(seen: Overview, queue: Standing | None) -> list[Hand]:
    """Return what was given up and what ends soon."""
    return [*dead_jobs(seen, queue), *failed_events(seen), *ending_trials(seen)]


def dead_jobs(seen: Overview, queue: Standing | None) -> Iterator[Hand]:
    if queue is None or not queue.dead:
        return
    failed = JobFailure.objects.filter(job__status="failed")
    when = failed.aggregate(last=Max("created_at"))["last"]
    subject = ngettext("%(n)d job", "%(n)d jobs", queue.dead) % {"n": queue.dead}
    url = seen.url(ProcrastinateJob, status__exact="failed")
    yield Hand("red", subject, _("given up"), url, when)


def failed_events(seen: Overview) -> Iterator[Hand]:
    if not seen.may(StripeEvent):
        return
    rows = StripeEvent.objects.filter(state=EventState.FAILED)
    found = rows.aggregate(n=Count("pk"), last=Max("received_at"))
    if not found["n"]:
        return
    subject = ngettext("%(n)d Stripe event", "%(n)d Stripe events", found["n"]) % found
    url = seen.url(StripeEvent, state__exact=EventState.FAILED.value)
    yield Hand("red", subject, _("failed"), url, found["last"])


def ending_trials(seen: Overview) -> Iterator[Hand]:
    if not seen.may(Subscription):
        return
    rows = Subscription.objects.filter(TRIALS, trial_end__lte=timezone.now() + SOON)
    rows = rows.select_related("organization").order_by("trial_end", "id")
    for row in rows[:MOST]:
        url = seen.url(Subscription, q=row.organization.slug, state="trialing")
        yield Hand("blue", str(row.organization), _("trial ends"), url, row.trial_end)
