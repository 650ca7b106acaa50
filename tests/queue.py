"""The queue as most tests mean it: without the jobs by which each change is told."""

from typing import Any

from procrastinate.contrib.django.models import ProcrastinateJob

from organizations.events.statements import QUEUE


def jobs() -> Any:
    """Return the jobs that somebody enqueued; the trigger's own are counted apart."""
    return ProcrastinateJob.objects.exclude(queue_name=QUEUE)
