"""Staff see how the queue stands, why a job failed, and try it again."""

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from organizations.audit.models import PlatformEntry
from organizations.failures.models import JobFailure
from organizations.tenancy import identity, tenant
from organizations.tenancy.jobs import enqueue
from tests.jobs.conftest import fail, seen  # noqa: F401
from tests.operator.conftest import CONSOLE, act, address

pytestmark = CONSOLE


@pytest.fixture
def dead(cast, fail):
    """A job that was given up, with its error."""
    with tenant(cast.acme, cast.alice):
        number = enqueue(fail)
    with identity():
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE procrastinate_jobs SET status = 'failed', attempts = 3"
                " WHERE id = %s",
                [number],
            )
        JobFailure.objects.bulk_create(
            [
                JobFailure(
                    job_id=number, attempt=3, error="OSError: no <b>disk", trace="at"
                )
            ]
        )
    return ProcrastinateJob.objects.get(pk=number)


def test_the_list_shows_the_error_and_the_figures(as_olga, dead):
    page = as_olga.get(address(ProcrastinateJob, "changelist"), {"open": "yes"})
    assert page.status_code == 200
    assert "OSError: no &lt;b&gt;disk" in page.text
    assert "Given up" in page.text
    assert page.context["standing"].dead == 1


def test_a_jobs_own_page_shows_each_try(as_olga, dead):
    page = as_olga.get(address(ProcrastinateJob, "change", dead.pk))
    assert "OSError: no &lt;b&gt;disk" in page.text


def test_a_job_given_up_is_tried_again(as_olga, dead, look, cast):
    page = act(as_olga, ProcrastinateJob, "retry", dead)
    assert "1 job is tried again." in page.text
    dead.refresh_from_db()
    assert dead.status == "todo"
    entry = look(lambda: PlatformEntry.objects.get(action="job.retried"))
    assert (entry.actor_id, entry.target_id) == (cast.olga.pk, str(dead.pk))


def test_what_still_waits_is_left_alone(as_olga, cast, fail):
    with tenant(cast.acme, cast.alice):
        number = enqueue(fail)
    waiting = ProcrastinateJob.objects.get(pk=number)
    page = act(as_olga, ProcrastinateJob, "retry", waiting)
    assert "0 jobs are tried again." in page.text


def test_the_error_of_a_real_job_is_there_to_be_read(cast, fail, look, run_jobs):
    with tenant(cast.acme, cast.alice):
        number = enqueue(fail)
    run_jobs()
    found = JobFailure.objects.filter(job_id=number).order_by("attempt")
    failures = look(lambda: list(found))
    assert [one.attempt for one in failures] == [1, 2, 3]
    assert failures[0].error == "ZeroDivisionError: as always"
    assert "in fail" in failures[0].trace


def test_failures_go_with_their_job(dead, look):
    assert look(JobFailure.objects.count) == 1
    with identity(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs WHERE id = %s", [dead.pk])
    assert look(JobFailure.objects.count) == 0
