"""How the queue stands, and another try for what was given up."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import connections, transaction
from django.db.models import Count, Max, Min, Q
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateEvent, ProcrastinateJob

from organizations.audit.recording import record, using
from organizations.tenancy.jobs import STALLED_AFTER_SECONDS

RETRY: Final = "SELECT procrastinate_retry_job_v2(%s, now(), NULL, NULL, NULL)"


@dataclass(frozen=True)
class Standing:
    """How many jobs are in which state, and how many seconds the oldest due one waits.

    Queued are due now, scheduled are due later; stalled ones run on a worker that is
    silent; dead ones were given up, and wait for somebody.
    """

    queued: int
    scheduled: int
    running: int
    stalled: int
    dead: int
    oldest_seconds: int

    @property
    def is_fine(self) -> bool:
        return not (self.stalled or self.dead)

    def as_dict(self) -> dict[str, int]:
        return asdict(self)


def standing(alias: str) -> Standing:
    """Return how the queue stands, as a connection sees it."""
    now = timezone.now()
    silent = now - timedelta(seconds=STALLED_AFTER_SECONDS)
    todo, doing = Q(status="todo"), Q(status="doing")
    due = Q(scheduled_at=None) | Q(scheduled_at__lte=now)
    # A worker whose row is gone has left its jobs behind.
    left = Q(worker=None) | Q(worker__last_heartbeat__lt=silent)
    counts = ProcrastinateJob.objects.using(alias).aggregate(
        queued=Count("pk", filter=todo & due),
        scheduled=Count("pk", filter=todo & ~due),
        running=Count("pk", filter=doing & ~left),
        stalled=Count("pk", filter=doing & left),
        dead=Count("pk", filter=Q(status="failed")),
    )
    return Standing(**counts, oldest_seconds=oldest(alias, now))


def oldest(alias: str, now: datetime) -> int:
    """Return for how many seconds the job has been due that has been so longest."""
    events = ProcrastinateEvent.objects.using(alias).filter(
        Q(job__scheduled_at=None) | Q(job__scheduled_at__lte=now),
        type__in=("deferred", "deferred_for_retry", "scheduled"),
        job__status="todo",
    )
    # Of a job tried again only the last counts.
    since = events.values("job").annotate(last=Max("at")).aggregate(Min("last"))
    first = since["last__min"]
    return max(0, int((now - first).total_seconds())) if first else 0


def try_again(jobs: Iterable[Any], *, by: Any) -> list[Any]:
    """Put jobs that were given up back in the queue; return those that were."""
    alias, retried = using(), []
    for job in jobs:
        with transaction.atomic(using=alias):
            rows = ProcrastinateJob.objects.using(alias).select_for_update()
            if not rows.filter(pk=job.pk, status="failed"):
                continue
            with connections[alias].cursor() as cursor:
                cursor.execute(RETRY, [job.pk])
            record("job.retried", job, by=by, label=job.task_name)
            retried.append(job)
    return retried
