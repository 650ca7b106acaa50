from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import transaction
from procrastinate.utils import utcnow
from structlog.contextvars import bound_contextvars

from organizations.audit.models import AuditEntry
from organizations.tenancy import (
    NoTenant,
    as_user,
    current,
    identity,
    no_context,
    tenant,
)
from organizations.tenancy.jobs import RETRY, TRIES, context_of, enqueue
from tests.queue import jobs


def queued():
    return jobs().filter(status="todo").count()


def test_a_job_enters_the_organization_it_was_enqueued_from(cast, look, seen, run_jobs):
    with tenant(cast.acme, cast.alice):
        enqueue(look)
    with no_context():
        assert run_jobs() == ["succeeded"]
    [found] = seen
    assert (found.context.mode, found.context.organization_id) == (
        "tenant",
        cast.acme.pk,
    )
    assert found.context.user_id == cast.alice.pk
    assert found.organizations == {"Acme"}


def test_jobs_of_two_organizations_do_not_mix(cast, look, seen, run_jobs):
    for organization in (cast.acme, cast.globex, cast.acme):
        with tenant(organization):
            enqueue(look)
    with no_context():
        run_jobs()
    assert [found.organizations for found in seen] == [{"Acme"}, {"Globex"}, {"Acme"}]


def test_a_job_for_later_waits_until_then(cast, look, seen, run_jobs):
    then = utcnow() + timedelta(days=30)
    with tenant(cast.acme, cast.alice):
        enqueue(look, at=then)
    with no_context():
        assert run_jobs() == ["todo"]
        assert seen == []
        assert jobs().get(status="todo").scheduled_at == then
        assert run_jobs(waiting=True) == ["succeeded"]
    assert [found.organizations for found in seen] == [{"Acme"}]


def test_the_workers_own_context_does_not_leak_into_a_job(cast, look, seen, run_jobs):
    with tenant(cast.globex):
        enqueue(look)
    with no_context(), tenant(cast.acme, cast.alice):
        run_jobs()
        assert current().organization_id == cast.acme.pk
    assert seen[0].organizations == {"Globex"}


def test_a_job_of_a_person_sees_what_the_person_sees(cast, look, seen, run_jobs):
    with as_user(cast.bob):
        enqueue(look)
    run_jobs()
    assert (seen[0].context.mode, seen[0].context.user_id) == ("user", cast.bob.pk)
    assert seen[0].organizations == {"Acme"}


def test_a_job_of_nobody_sees_no_organization(cast, look, seen, run_jobs):
    with identity():
        enqueue(look)
    run_jobs()
    assert (seen[0].context.mode, seen[0].organizations) == ("identity", set())


def test_a_job_is_not_enqueued_without_a_context(db, look):
    with no_context(), pytest.raises(NoTenant):
        enqueue(look)
    assert queued() == 0


def test_arguments_arrive(cast, look, seen, run_jobs):
    with tenant(cast.acme):
        enqueue(look, task_id="one", note="zwölf \u2603")
    run_jobs()
    assert seen[0].arguments == {"task_id": "one", "note": "zwölf \u2603"}


def test_a_job_keeps_the_id_of_the_request_it_came_from(cast, look, seen, run_jobs):
    with bound_contextvars(request_id="the-request"), tenant(cast.acme):
        enqueue(look)
    run_jobs()
    assert seen[0].bound["request_id"] == "the-request"
    assert seen[0].bound["organization"] == str(cast.acme.pk)
    assert seen[0].bound["job"].endswith(".look")


def test_what_a_job_changes_is_recorded_under_that_request(cast, note, run_jobs):
    with bound_contextvars(request_id="the-request"), tenant(cast.acme, cast.bob):
        enqueue(note)
    run_jobs()
    with tenant(cast.acme):
        entry = AuditEntry.objects.get(action="lab.noted")
    assert (entry.request_id, entry.actor_id) == ("the-request", cast.bob.pk)


def test_a_rolled_back_transaction_leaves_no_job(cast, look):
    with tenant(cast.acme), transaction.atomic():
        enqueue(look)
        assert queued() == 1
        transaction.set_rollback(True)
    assert queued() == 0


def test_a_kept_transaction_keeps_its_job(cast, look):
    with tenant(cast.acme), transaction.atomic():
        enqueue(look)
    assert queued() == 1


def test_the_queue_holds_ids_only(cast, look):
    with tenant(cast.acme, cast.alice):
        enqueue(look)
    carried = jobs().get().args["carried"]
    assert carried == {
        "organization": str(cast.acme.pk),
        "user": str(cast.alice.pk),
        "request_id": "",
    }


def test_a_failing_job_is_tried_again_in_its_context(cast, fail, seen, run_jobs):
    with tenant(cast.acme):
        enqueue(fail)
    ends = [run_jobs(waiting=True) for _ in range(3)]
    assert ends == [["todo"], ["todo"], ["failed"]]
    assert [found.context.organization_id for found in seen] == [cast.acme.pk] * 3
    assert jobs().get().attempts == 3


def test_a_failing_job_does_not_hold_up_the_others(cast, fail, look, seen, run_jobs):
    with tenant(cast.acme):
        enqueue(fail)
        enqueue(look)
    assert run_jobs() == ["todo", "succeeded"]


def test_the_waits_grow_and_the_last_try_comes_within_two_days():
    waits = []
    for attempts in range(TRIES):
        decision = RETRY.get_retry_decision(
            exception=OSError(), job=SimpleNamespace(attempts=attempts)
        )
        left = decision and (decision.retry_at - utcnow()).total_seconds()
        waits.append(left and round(left))
    assert waits == [5, 25, 125, 625, 3125, 15625, 78125, None]


@pytest.mark.parametrize("user", ["", "01900000-0000-7000-8000-000000000000"])
def test_what_is_carried_says_which_context(user):
    organization = "01900000-0000-7000-8000-000000000001"
    with no_context():
        inside = context_of({"organization": organization, "user": user})
        with inside as context:
            assert (context.mode, str(context.organization_id)) == (
                "tenant",
                organization,
            )
            assert str(context.user_id or "") == user
