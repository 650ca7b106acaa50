"""Why a job failed is kept with it, and gone with it."""

import json

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from config.queue import standing
from organizations.audit.models import PlatformEntry
from organizations.failures.models import JobFailure
from organizations.tenancy import identity, tenant
from organizations.tenancy.jobs import enqueue
from tests.queue import jobs


def sql(text, *values):
    with connection.cursor() as cursor:
        cursor.execute(text, values)
        return cursor.fetchall() if cursor.description else cursor.rowcount


@pytest.fixture
def kept(monkeypatch):
    """What is written; the runtime role may not read it back."""
    found = []
    monkeypatch.setattr(
        type(JobFailure.objects),
        "bulk_create",
        lambda self, rows, **more: (
            found.extend(row for row in rows if isinstance(row, JobFailure))
            or self.get_queryset().bulk_create(rows, **more)
        ),
    )
    return found


def gave_up(cast, fail, run_jobs):
    with tenant(cast.acme, cast.alice):
        enqueue(fail)
    for _ in range(3):
        run_jobs(waiting=True)
    return jobs().get()


def test_each_try_leaves_its_error(cast, fail, run_jobs, kept):
    job = gave_up(cast, fail, run_jobs)
    assert [(one.job_id, one.attempt) for one in kept] == [
        (job.pk, number) for number in (1, 2, 3)
    ]
    assert {one.error for one in kept} == {"ZeroDivisionError: as always"}
    assert all("conftest.py" in one.trace for one in kept)


def test_a_job_that_ends_well_leaves_nothing(cast, look, run_jobs, kept):
    with tenant(cast.acme, cast.alice):
        enqueue(look)
    assert run_jobs() == ["succeeded"]
    assert kept == []


def test_the_runtime_role_reads_no_errors(cast, fail, run_jobs):
    gave_up(cast, fail, run_jobs)
    with tenant(cast.acme), pytest.raises(DatabaseError), transaction.atomic():
        sql("SELECT error FROM failures_jobfailure")


def test_the_queue_says_how_it_stands(cast, fail, look, run_jobs, capsys):
    gave_up(cast, fail, run_jobs)
    with tenant(cast.acme, cast.alice):
        enqueue(look)
    with pytest.raises(SystemExit):
        call_command("jobs_status", json=True)
    found = json.loads(capsys.readouterr().out)
    assert (found["dead"], found["running"], found["stalled"]) == (1, 0, 0)
    assert found["queued"] >= 1
    assert 0 <= found["oldest_seconds"] < 600


def test_a_healthy_queue_is_no_error(cast, run_jobs, capsys):
    run_jobs()
    call_command("jobs_status")
    assert "dead            0" in capsys.readouterr().out


def test_a_job_of_a_silent_worker_is_stalled(cast, look):
    with tenant(cast.acme, cast.alice):
        enqueue(look)
    with identity():
        sql("UPDATE procrastinate_jobs SET status = 'doing'")
        assert standing("default").stalled >= 1
        assert not standing("default").is_fine


def test_a_job_given_up_is_tried_again_and_recorded(cast, fail, run_jobs, capsys):
    job = gave_up(cast, fail, run_jobs)
    call_command("jobs_retry", str(job.pk))
    assert jobs().get().status == "todo"
    assert "1 tried again." in capsys.readouterr().out
    seen = sql(
        "SELECT count(*) FROM procrastinate_events WHERE job_id = %s"
        " AND type = 'retried'",
        job.pk,
    )
    assert seen[0][0] >= 1
    with identity():
        assert not PlatformEntry.objects.filter(action="job.lost")


def test_only_what_was_given_up_is_tried_again(cast, look, fail, run_jobs):
    with tenant(cast.acme, cast.alice):
        enqueue(look)
    waiting = jobs().get()
    with pytest.raises(CommandError, match="Not given up"):
        call_command("jobs_retry", str(waiting.pk))
    with pytest.raises(CommandError, match="Name the jobs"):
        call_command("jobs_retry")
    assert jobs().get().status == "todo"


def test_all_that_were_given_up_are_tried_again(cast, fail, run_jobs):
    gave_up(cast, fail, run_jobs)
    call_command("jobs_retry", all=True)
    assert jobs().get().status == "todo"
