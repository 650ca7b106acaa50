"""Background jobs that carry their organization and person, and enter them again."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from functools import wraps
from typing import Any

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.jobs import JobDeferrer, Status
from procrastinate.manager import JobManager
from structlog.contextvars import bound_contextvars as bound
from structlog.contextvars import get_contextvars

from organizations.tenancy.context import (
    NoTenant,
    as_user,
    current,
    identity,
    no_context,
    tenant,
)

# Waits 5, 25, 125 ... seconds: the eighth and last try comes after 27 hours.
TRIES = 8
RETRY = RetryStrategy(max_attempts=TRIES - 1, exponential_wait=5)
# Workers tell that they live every 10 seconds. With the look every 20 seconds a job
# of a dead worker runs again within a minute.
STALLED_AFTER_SECONDS = 30
STALLED_LOOK = "* * * * * */20"
HOURS_KEPT = 3 * 24
HOURS_FAILED_KEPT = 30 * 24


def job(
    *, queue: str = "default", retry: RetryStrategy = RETRY
) -> Callable[[Callable[..., None]], Any]:
    """Make a function a job: it runs in the context it was enqueued from."""

    def decorate(function: Callable[..., None]) -> Any:
        name = full_name(function)

        @app.task(name=name, queue=queue, retry=retry)
        @wraps(function)
        def run(*, carried: dict[str, str], **arguments: Any) -> None:
            with bound(job=name, **carried), no_context(), context_of(carried):
                function(**arguments)

        return run

    return decorate


def periodic(cron: str) -> Callable[[Callable[[], None]], Any]:
    """Make a function a job of the platform's own, run by the clock: it sees people
    and sessions and enters each organization it works on by itself."""

    def decorate(function: Callable[[], None]) -> Any:
        name = full_name(function)

        @app.periodic(cron=cron, periodic_id=name)
        @app.task(name=name, queueing_lock=name, retry=RETRY)
        def run(timestamp: int) -> None:
            with bound(job=name), no_context(), identity():
                function()

        return run

    return decorate


def enqueue(task: Any, *, at: datetime | None = None, **arguments: Any) -> int:
    """Put a job in the queue within the current transaction, with its context.

    `at` is when it runs, where that is not as soon as it can.
    """
    carried: Any = carried_context()
    # A worker's own connector would commit by itself, whatever becomes of the
    # transaction around this call.
    manager = JobManager(DjangoConnector(alias=alias()))
    deferrer = JobDeferrer(job_manager=manager, job=task.configure(schedule_at=at).job)
    return deferrer.defer(carried=carried, **arguments)


def alias() -> str:
    """Return the connection whose transaction the current context works in."""
    context = current()
    is_operator = context is not None and context.mode == "operator"
    return "operator" if is_operator else "default"


def carried_context() -> dict[str, str]:
    """Return what a job needs to enter the current context again: ids only."""
    context = current()
    if context is None:
        raise NoTenant("a job is enqueued from inside a context")
    return {
        "organization": str(context.organization_id or ""),
        "user": str(context.user_id or ""),
        "request_id": str(get_contextvars().get("request_id", "")),
    }


def context_of(carried: dict[str, str]) -> AbstractContextManager[Any]:
    """Return the context a job was enqueued from; the operator's is not carried."""
    if carried["organization"]:
        return tenant(carried["organization"], carried["user"] or None)
    if carried["user"]:
        return as_user(carried["user"])
    return identity()


def full_name(function: Callable[..., Any]) -> str:
    """Return the name a job keeps in the queue."""
    return f"{function.__module__}.{function.__name__}"


@app.periodic(cron=STALLED_LOOK, periodic_id="retry_stalled")
@app.task(name="retry_stalled", queueing_lock="retry_stalled")
async def retry_stalled(timestamp: int) -> None:
    """Give the jobs of workers that died back to the queue, or up for good."""
    manager = app.job_manager
    stalled = await manager.get_stalled_jobs(
        seconds_since_heartbeat=STALLED_AFTER_SECONDS
    )
    for found in stalled:
        # A job that takes its worker down each time must not do so for ever.
        if found.attempts < TRIES:
            await manager.retry_job(found)
        else:
            await manager.finish_job(found, Status.FAILED, delete_job=False)


@app.periodic(cron="41 3 * * *", periodic_id="forget_old_jobs")
@app.task(name="forget_old_jobs", queueing_lock="forget_old_jobs", retry=RETRY)
async def forget_old_jobs(timestamp: int) -> None:
    """Delete finished jobs; failed ones stay longer, for somebody to look at."""
    manager = app.job_manager
    await manager.delete_old_jobs(nb_hours=HOURS_KEPT)
    await manager.delete_old_jobs(
        nb_hours=HOURS_FAILED_KEPT,
        include_failed=True,
        include_cancelled=True,
        include_aborted=True,
    )
