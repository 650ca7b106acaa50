"""Each recorded change is read once by each reader, in order; nothing else is."""

import pytest
from django.db import transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from organizations.audit.models import AuditEntry
from organizations.audit.recording import build, record, record_many
from organizations.events import reading
from organizations.events.jobs import read_events
from organizations.events.models import ReaderPlace
from organizations.events.statements import JOB, QUEUE
from organizations.tenancy import no_context, tenant
from tasks.flows import create_task


def told():
    return ProcrastinateJob.objects.filter(queue_name=QUEUE)


def read(organization):
    with no_context(), tenant(organization):
        read_events.func(carried=carried(organization))


def carried(organization):
    return {"organization": str(organization.pk), "user": "", "request_id": ""}


def actions(heard):
    return [action for _sequence, action in heard]


def test_a_change_through_a_page_is_read_once_and_in_order(as_alice, heard, run_jobs):
    run_jobs()
    sent = {"title": "Oil the gate", "status": "todo", "priority": "3"}
    assert as_alice.post("/tasks/new/", sent).status_code == 302
    run_jobs()
    first = list(heard)
    run_jobs()
    assert actions(first)[-1] == "task.created"
    assert actions(first).count("task.created") == 1
    assert heard == first


def test_the_statement_that_records_enqueues(cast):
    before = told().count()
    with tenant(cast.acme, cast.alice):
        record("lab.noted")
    job = told().order_by("id").last()
    assert told().count() == before + 1
    assert (job.task_name, job.args["carried"]) == (JOB, carried(cast.acme))


def test_many_entries_of_one_statement_are_one_job(cast):
    before = told().count()
    with tenant(cast.acme, cast.alice):
        record_many([build("lab.noted", label=str(n)) for n in range(40)])
    assert told().count() == before + 1


def test_what_is_rolled_back_is_neither_read_nor_enqueued(cast, heard, run_jobs):
    run_jobs()
    before, jobs = list(heard), told().count()
    with tenant(cast.acme, cast.alice), transaction.atomic():
        create_task(by=cast.alice, title="Never was")
        transaction.set_rollback(True)
    assert told().count() == jobs
    read(cast.acme)
    assert heard == before


def test_a_reader_that_fails_keeps_its_place_and_nobody_from_reading(cast, heard):
    fails = [True]

    def stumble(entries):
        if fails:
            raise ZeroDivisionError
        late.extend(one.action for one in entries)

    late = []
    reading.reader("broken")(stumble)
    with pytest.raises(ExceptionGroup):
        read(cast.acme)
    assert heard
    assert not place_of(cast.acme, "broken")
    fails.clear()
    read(cast.acme)
    assert late == actions(heard)


def place_of(organization, name):
    with no_context(), tenant(organization):
        found = ReaderPlace.objects.filter(reader=name)
        return found.values_list("sequence", flat=True).first()


def test_more_than_a_batch_is_read_to_its_end(cast, heard, monkeypatch):
    monkeypatch.setattr(reading, "BATCH", 3)
    with tenant(cast.acme, cast.alice):
        record_many([build("lab.noted") for _ in range(10)])
    read(cast.acme)
    assert actions(heard).count("lab.noted") == 10
    assert place_of(cast.acme, "test") == heard[-1][0]


def test_each_organization_is_read_by_itself(cast, heard, run_jobs):
    with tenant(cast.globex, cast.charlie):
        record("lab.foreign")
    read(cast.acme)
    assert "lab.foreign" not in actions(heard)
    read(cast.globex)
    assert "lab.foreign" in actions(heard)


def test_a_new_reader_hears_of_the_last_day_only(cast, heard, time_machine):
    with tenant(cast.acme):
        newest = AuditEntry.objects.latest("sequence")
    time_machine.move_to(newest.created_at + reading.LOOKS_BACK * 2, tick=False)
    read(cast.acme)
    assert heard == []


def test_nobody_reads_twice_at_the_same_time(cast, heard):
    read(cast.acme)
    with tenant(cast.acme, cast.alice):
        record("lab.noted")
        assert [reading.read_batch("test", reading._readers["test"])] == [False]
        assert actions(heard)[-1] == "lab.noted"
        assert reading.read_batch("test", reading._readers["test"]) is False
    assert actions(heard).count("lab.noted") == 1
