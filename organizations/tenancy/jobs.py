"""Background jobs that carry their organization and person, and enter them again."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import wraps
from typing import Any

import structlog
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from organizations.tenancy.context import (
    NoTenant,
    as_user,
    current,
    identity,
    no_context,
    tenant,
)

# Waits 5, 25, 125 ... seconds; the last try comes after about a day and a half.
RETRY = RetryStrategy(max_attempts=8, exponential_wait=5)
STALLED_AFTER_SECONDS = 30


def job(
    *, queue: str = "default", retry: RetryStrategy = RETRY
) -> Callable[[Callable[..., None]], Any]:
    """Make a function a job: it runs in the context it was enqueued from."""

    def decorate(function: Callable[..., None]) -> Any:
        name = f"{function.__module__}.{function.__name__}"

        @app.task(name=name, queue=queue, retry=retry)
        @wraps(function)
        def run(*, carried: dict[str, str], **arguments: Any) -> None:
            structlog.contextvars.bind_contextvars(**carried, job=name)
            try:
                with no_context(), context_of(carried):
                    function(**arguments)
            finally:
                structlog.contextvars.clear_contextvars()

        return run

    return decorate


def enqueue(task: Any, **arguments: Any) -> None:
    """Put a job in the queue within the current transaction, with its context."""
    task.defer(carried=carried_context(), **arguments)


def carried_context() -> dict[str, str]:
    """Return what a job needs to enter the current context again: ids only."""
    context = current()
    if context is None:
        raise NoTenant("a job is enqueued from inside a context")
    bound = structlog.contextvars.get_contextvars()
    return {
        "organization": str(context.organization_id or ""),
        "user": str(context.user_id or ""),
        "request_id": str(bound.get("request_id", "")),
    }


def context_of(carried: dict[str, str]) -> AbstractContextManager[Any]:
    """Return the context a job was enqueued from; the operator's is not carried."""
    if carried["organization"]:
        return tenant(carried["organization"], carried["user"] or None)
    if carried["user"]:
        return as_user(carried["user"])
    return identity()


@app.periodic(cron="*/20 * * * * *", periodic_id="retry-stalled")
@app.task(name="retry_stalled", queueing_lock="retry_stalled", pass_context=False)
async def retry_stalled(timestamp: int) -> None:
    """Give jobs of workers that died back to the queue."""
    manager = app.job_manager
    for stalled in await manager.get_stalled_jobs(
        seconds_since_heartbeat=STALLED_AFTER_SECONDS
    ):
        await manager.retry_job(stalled)
