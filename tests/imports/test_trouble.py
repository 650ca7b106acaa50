"""When something goes wrong halfway, nothing is left behind."""

import csv
import io
import uuid

import pytest
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection

from organizations import flows as flows_of_members
from organizations.audit.models import AuditEntry
from organizations.tenancy import no_context, tenant
from organizations.tenancy.jobs import enqueue
from tasks.imports import checking, jobs, running
from tasks.imports.models import Import
from tests.audit.test_every_change import refuse
from tests.imports.conftest import PLAIN

TWO = "Title,Status\nFirst,done\nSecond,nowhere\n"


def files(cast):
    """Return the names of all files of Acme's imports."""
    folder = f"org/{cast.acme.pk}/imports"
    try:
        return default_storage.listdir(folder)[1]
    except FileNotFoundError:
        return []


def refusing(word):
    """Refuse the statements that hold a word."""

    def execute(call, sql, params, many, context):
        if word in sql:
            raise DatabaseError("the database is away")
        return call(sql, params, many, context)

    return execute


def test_an_upload_that_is_not_recorded_leaves_no_file(journey, kept, cast):
    journey.client.raise_request_exception = False
    with connection.execute_wrapper(refuse):
        assert journey.upload(PLAIN).status_code >= 500
    assert (kept(), files(cast)) == (None, [])


def test_a_refused_file_is_not_kept(journey, cast):
    journey.upload(b"\0\1\2")
    assert files(cast) == []


def test_a_check_that_fails_leaves_no_list_of_problems(journey, kept, cast):
    journey.upload(TWO)
    with no_context(), tenant(cast.acme, cast.bob):
        Import.objects.update(state="checking", mapping={"columns": {"title": 0}})
        waiting = Import.objects.get()
        waiting.mapping["columns"]["status"] = 1
        with connection.execute_wrapper(refusing("FOR UPDATE")):
            with pytest.raises(DatabaseError):
                checking.check(waiting)
    assert files(cast) == [kept().file.rpartition("/")[2]]


def test_a_check_that_nobody_waits_for_is_dropped(journey, kept, cast):
    journey.upload(TWO)
    with no_context(), tenant(cast.acme, cast.bob):
        waiting = Import.objects.get()
        waiting.mapping = {"columns": {"title": 0, "status": 1}}
        checking.check(waiting)
    assert (kept().state, kept().errors) == ("uploaded", "")
    assert len(files(cast)) == 1


def test_choosing_again_leaves_one_list_of_problems(
    journey, cast, django_capture_on_commit_callbacks
):
    journey.upload("Title,Status,Due\nFirst,nowhere,soon\n")
    for fields in (("title", "status", ""), ("title", "", "due_date")):
        with django_capture_on_commit_callbacks(execute=True):
            journey.map(*fields)
    assert len(files(cast)) == 2


@pytest.mark.parametrize("name", ["check_import", "run_import", "discard_import"])
def test_a_job_about_a_missing_import_does_nothing(cast, run_jobs, name):
    with no_context(), tenant(cast.acme, cast.bob):
        enqueue(getattr(jobs, name), import_id=str(uuid.uuid4()))
    assert run_jobs() == ["succeeded"]


@pytest.mark.parametrize("name", ["check_import", "run_import", "discard_import"])
def test_a_job_reaches_no_other_organization(journey, kept, cast, run_jobs, name):
    journey.upload(PLAIN)
    with no_context(), tenant(cast.globex, cast.charlie):
        enqueue(getattr(jobs, name), import_id=str(kept().pk))
    run_jobs()
    assert kept().state == "uploaded"
    assert default_storage.exists(kept().file)


def test_an_import_without_its_file_stops(journey, kept, cast, run_jobs, acme_board):
    journey.upload(PLAIN)
    journey.map()
    journey.start()
    with no_context(), tenant(cast.acme):
        running.discard(Import.objects.get())
    run_jobs()
    assert (kept().state, acme_board.all()) == ("failed", [])


def test_who_was_suspended_meanwhile_makes_no_more(
    journey, kept, cast, run_jobs, acme_board
):
    journey.upload(PLAIN)
    journey.map()
    journey.start()
    with no_context(), tenant(cast.acme, cast.alice):
        member = cast.acme.memberships.select_related("user").get(user=cast.bob)
        flows_of_members.suspend_member(membership=member, by=cast.alice)
    run_jobs()
    assert (kept().state, acme_board.all()) == ("failed", [])


def test_who_is_suspended_is_given_no_task(whole, cast, acme_board):
    with no_context(), tenant(cast.acme, cast.alice):
        member = cast.acme.memberships.select_related("user").get(user=cast.vera)
        flows_of_members.suspend_member(membership=member, by=cast.alice)
    kept = whole("Title,Assignee\nFirst,vera@example.com\n")
    assert (kept.good, acme_board.all()) == (0, [])


def test_who_left_after_the_check_is_passed_over(
    journey, kept, cast, run_jobs, acme_board
):
    journey.upload("Title,Assignee\nFirst,vera@example.com\nSecond,\n")
    journey.map()
    journey.start()
    with no_context(), tenant(cast.acme, cast.alice):
        cast.acme.memberships.get(user=cast.vera).delete()
    run_jobs()
    assert [task.title for task in acme_board.all()] == ["Second"]
    assert (kept().state, kept().made, kept().skipped) == ("finished", 1, 1)


def test_the_list_of_problems_is_safe_to_open(journey):
    journey.upload('Title,Status\nFirst,"=cmd|\' /C calc\'!A0"\nSecond,"a\nb"\n')
    journey.map()
    answer = journey.client.get(journey.at("errors/"))
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert rows[0] == ["line", "column", "value", "problem"]
    assert rows[1][2] == "'=cmd|' /C calc'!A0"
    assert rows[2][:3] == ["3", "Status", "a\nb"]


def test_each_task_is_recorded_as_its_makers(whole, cast):
    whole("Title,Priority\nFirst,high\nSecond,low\n")
    with no_context(), tenant(cast.acme):
        entries = list(AuditEntry.objects.filter(action="task.created"))
    assert {entry.actor_id for entry in entries} == {cast.bob.pk}
    assert {entry.after["priority"] for entry in entries} == {1, 5}
