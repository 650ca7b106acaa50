"""Background jobs that carry their organization and person, and enter them again."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from functools import wraps
from inspect import iscoroutinefunction
from typing import Any

from asgiref.sync import sync_to_async
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
HOURS_EVENTS_KEPT = 1
HOURS_FAILED_KEPT = 30 * 24

# Called with the job and its error, once the job's own transaction is over.
on_failure: list[Callable[[Any, Exception], None]] = []


def told(call_next: Callable[[], Any], context: Any, worker: Any) -> Any:
    """Run a job and tell of its error; procrastinate keeps only that there was one."""
    try:
        return call_next()
    except Exception as error:
        for listener in on_failure:
            listener(context.job, error)
        raise


async def told_later(call_next: Callable[[], Any], context: Any, worker: Any) -> Any:
    """Run a coroutine's job and tell of its error."""
    try:
        return await call_next()
    except Exception as error:
        for listener in on_failure:
            await sync_to_async(listener)(context.job, error)
        raise


def job(
    *, queue: str = "default", retry: RetryStrategy = RETRY
) -> Callable[[Callable[..., Any]], Any]:
    """Make a function a job: it runs in the context it was enqueued from.

    A coroutine function waits without a thread of its own, for what is far away; it
    reaches the database through `sync_to_async` only.
    """

    def decorate(function: Callable[..., Any]) -> Any:
        name = full_name(function)
        # A coroutine's errors are told as well, off the loop that others wait on.
        is_async = iscoroutinefunction(function)
        wrapped, tell = (awaiting, told_later) if is_async else (calling, told)
        task = app.task(name=name, queue=queue, retry=retry, task_middleware=[tell])
        return task(wrapped(name, function))

    return decorate


def calling(name: str, function: Callable[..., None]) -> Callable[..., None]:
    """Return a job's function that enters its context first."""

    @wraps(function)
    def run(*, carried: dict[str, str], **arguments: Any) -> None:
        with bound(job=name, **carried), no_context(), context_of(carried):
            function(**arguments)

    return run


def awaiting(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """Return the same of a coroutine function."""

    @wraps(function)
    async def run(*, carried: dict[str, str], **arguments: Any) -> None:
        with bound(job=name, **carried), no_context(), context_of(carried):
            await function(**arguments)

    return run


def periodic(
    cron: str, *, queue: str = "default"
) -> Callable[[Callable[[], None]], Any]:
    """Make a function a job of the platform's own, run by the clock: it sees people
    and sessions and enters each organization it works on by itself."""

    def decorate(function: Callable[[], None]) -> Any:
        name = full_name(function)

        @app.periodic(cron=cron, periodic_id=name)
        @app.task(
            name=name,
            queue=queue,
            queueing_lock=name,
            retry=RETRY,
            task_middleware=[told],
        )
        def run(timestamp: int) -> None:
            with bound(job=name), no_context(), identity():
                function()

        return run

    return decorate


def enqueue(
    task: Any, *, at: datetime | None = None, queue: str = "", **arguments: Any
) -> int:
    """Put a job in the queue within the current transaction, with its context.

    `at` is when it runs, where that is not as soon as it can, and `queue` where, if
    that is not the job's own.
    """
    carried: Any = carried_context()
    # A worker's own connector would commit by itself, whatever becomes of the
    # transaction around this call.
    manager = JobManager(DjangoConnector(alias=alias()))
    wanted = {"schedule_at": at} | ({"queue": queue} if queue else {})
    deferrer = JobDeferrer(job_manager=manager, job=task.configure(**wanted).job)
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
    known = get_contextvars()
    carried = {
        "organization": str(context.organization_id or ""),
        "user": str(context.user_id or ""),
        "request_id": str(known.get("request_id", "")),
    }
    # Who of the staff has set a job off in the person's place answers for it, too.
    behind = known.get("impersonator")
    return carried | {"impersonator": behind} if behind else carried


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


@app.periodic(cron="11 * * * *", periodic_id="forget_told_jobs")
@app.task(name="forget_told_jobs", queueing_lock="forget_told_jobs", retry=RETRY)
async def forget_told_jobs(timestamp: int) -> None:
    """Delete finished jobs that only told of a change: there is one for each."""
    await app.job_manager.delete_old_jobs(nb_hours=HOURS_EVENTS_KEPT, queue="events")


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
