"""Jobs of a worker that died go back to the queue; the clock looks after it."""

from datetime import UTC, datetime

import pytest
from asgiref.sync import async_to_sync
from croniter import croniter
from django.db import connection
from procrastinate.contrib.django import app

from organizations.tenancy import tenant
from organizations.tenancy.jobs import (
    STALLED_AFTER_SECONDS,
    STALLED_LOOK,
    TRIES,
    enqueue,
    forget_old_jobs,
    retry_stalled,
)
from tests.queue import jobs


def die_in_the_middle(seconds_ago, attempts=0):
    """Leave the only job as a killed worker does, its last sign of life long ago."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat)"
            " VALUES (now() - make_interval(secs => %s)) RETURNING id",
            [seconds_ago],
        )
        [worker] = cursor.fetchone()
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s,"
            " attempts = %s",
            [worker, attempts],
        )


def status():
    return jobs().get().status


@pytest.fixture
def queued(cast, look):
    with tenant(cast.acme, cast.alice):
        enqueue(look)
    return look


def run(task):
    async_to_sync(task.func)(timestamp=0)


def test_a_job_of_a_dead_worker_is_done_by_the_next(queued, cast, seen, run_jobs):
    die_in_the_middle(STALLED_AFTER_SECONDS + 1)
    run(retry_stalled)
    assert status() == "todo"
    assert run_jobs(waiting=True) == ["succeeded"]
    assert seen[0].context.organization_id == cast.acme.pk


def test_a_job_of_a_living_worker_is_left_alone(queued):
    die_in_the_middle(STALLED_AFTER_SECONDS - 5)
    run(retry_stalled)
    assert status() == "doing"


def test_a_job_whose_worker_was_forgotten_is_done_again(queued):
    die_in_the_middle(0)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_workers")
    run(retry_stalled)
    assert status() == "todo"


def test_a_job_that_kills_every_worker_is_given_up(queued):
    die_in_the_middle(STALLED_AFTER_SECONDS + 1, attempts=TRIES)
    run(retry_stalled)
    assert status() == "failed"


def test_a_dead_workers_job_is_picked_up_within_a_minute():
    start = datetime(2026, 1, 1, tzinfo=UTC)
    clock = croniter(STALLED_LOOK, start)
    looks = [clock.get_next(float) - start.timestamp() for _ in range(3)]
    assert looks == [20, 40, 60]
    assert STALLED_AFTER_SECONDS + 20 < 60


@pytest.mark.parametrize(
    "name",
    [
        "retry_stalled",
        "forget_old_jobs",
        "accounts.jobs.clear_expired_sessions",
        "accounts.jobs.sweep_cache",
    ],
)
def test_the_clock_starts_it_at_most_once_at_a_time(name):
    task = app.tasks[name]
    found = [each for each, _ in app.periodic_registry.periodic_tasks if each == name]
    assert found == [name]
    assert task.queueing_lock == name


@pytest.mark.parametrize(
    ("ended", "hours", "kept"),
    [
        ("succeeded", 71, 1),
        ("succeeded", 73, 0),
        ("failed", 73, 1),
        ("failed", 31 * 24, 0),
        ("todo", 999, 1),
    ],
)
def test_finished_jobs_are_forgotten_in_time(queued, ended, hours, kept):
    with connection.cursor() as cursor:
        if ended != "todo":
            cursor.execute("UPDATE procrastinate_jobs SET status = 'doing'")
            cursor.execute("UPDATE procrastinate_jobs SET status = %s", [ended])
        cursor.execute(
            "UPDATE procrastinate_events SET at = now() - make_interval(hours => %s)",
            [hours],
        )
    run(forget_old_jobs)
    assert jobs().count() == kept
