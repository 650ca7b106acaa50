"""Figures for Prometheus: of requests, statements and jobs, and how the queue stands.

They name routes and jobs, never an organization or a person: whoever reads them learns
nothing about a customer, and there are only as many as there are routes. With several
processes each writes to a folder (PROMETHEUS_MULTIPROC_DIR), and whichever is asked
adds them up.
"""

import os
import secrets
import time
from collections.abc import Callable, Iterable
from typing import Any, Final

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
)
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from config.queue import standing
from organizations.tenancy import identity

FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"
SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
OF_JOBS: Final = (0.01, 0.05, 0.25, 1, 5, 15, 60, 300)
STATES: Final = ("queued", "scheduled", "running", "stalled", "dead")
OURS: Final = CollectorRegistry()

requests = Histogram(
    "insula_request_seconds",
    "Requests by route, method and status, and how long they took",
    ["route", "method", "status"],
    buckets=SECONDS,
    registry=OURS,
)
statements = Counter(
    "insula_statements_total", "Statements of requests", ["route"], registry=OURS
)
statement_seconds = Counter(
    "insula_statement_seconds_total",
    "Seconds that requests waited for statements",
    ["route"],
    registry=OURS,
)
jobs = Histogram(
    "insula_job_seconds",
    "Tries of jobs by name and outcome, and how long they took",
    ["job", "outcome"],
    buckets=OF_JOBS,
    registry=OURS,
)


class Queue(Collector):
    """How the queue stands now; nothing when the database is away, but for saying so."""

    def describe(self) -> Iterable[Metric]:
        return []

    def collect(self) -> Iterable[Metric]:
        up = GaugeMetricFamily("insula_database_up", "1 while the database answers")
        try:
            with identity():
                now = standing("default")
        except DatabaseError:
            up.add_metric([], 0)
            return [up]
        up.add_metric([], 1)
        by_state = GaugeMetricFamily(
            "insula_queue_jobs", "Jobs of the queue by state", labels=["state"]
        )
        for state in STATES:
            by_state.add_metric([state], getattr(now, state))
        oldest = GaugeMetricFamily(
            "insula_queue_oldest_seconds",
            "For how long the job that is due longest has waited",
            value=now.oldest_seconds,
        )
        return [up, by_state, oldest]


def note_request(
    request: HttpRequest, response: HttpResponse, *, seconds: float, tally: Any
) -> None:
    """Count one request; routes that nobody has are one."""
    if not settings.METRICS_TOKEN:
        return
    match = request.resolver_match
    route = match.view_name or match.route if match else "none"
    requests.labels(route, method(request), str(response.status_code)).observe(seconds)
    statements.labels(route).inc(tally.statements)
    statement_seconds.labels(route).inc(tally.seconds)


def method(request: HttpRequest) -> str:
    """Return the method, if it is one: strangers may send any word."""
    known = {"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"}
    return request.method if request.method in known else "other"


@require_safe
def answer(request: HttpRequest) -> HttpResponse:
    return HttpResponse(of_processes() + of_now(), content_type=CONTENT_TYPE_LATEST)


def is_asked_rightly(request: HttpRequest) -> bool:
    """Return whether a request for the figures comes with the token of the settings."""
    token = settings.METRICS_TOKEN
    given = request.headers.get("Authorization", "")
    wanted = f"Bearer {token}".encode()
    return bool(token) and secrets.compare_digest(given.encode(), wanted)


def of_processes() -> bytes:
    """Return the figures of all processes, or of this one where it is alone."""
    registry = OURS
    if os.environ.get(FOLDER):
        registry = CollectorRegistry()
        MultiProcessCollector(registry)
    return generate_latest(registry)


def of_now() -> bytes:
    """Return the figures that are asked for, not counted."""
    registry = CollectorRegistry()
    registry.register(Queue())
    return generate_latest(registry)


async def note_job(call_next: Callable[[], Any], context: Any, worker: Any) -> Any:
    """Run a job and count the try, for procrastinate's worker."""
    started, outcome = time.perf_counter(), "failed"
    try:
        found = await call_next()
        outcome = "done"
        return found
    finally:
        seconds = time.perf_counter() - started
        jobs.labels(context.job.task_name, outcome).observe(seconds)
