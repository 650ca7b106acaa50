"""What happens when a file, a choice or a person is gone by the time it matters."""

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from organizations.tenancy import no_context, tenant
from tasks.imports import checking, jobs, running
from tasks.imports.flows import called, cancel, choose_mapping, start
from tasks.imports.models import Import, State
from tests.imports.conftest import NEW, PLAIN, file

TWO = "Title,Status\nFirst,done\nSecond,nowhere\n"
LARGE = "Title,Description\n" + f"Long,{'x' * 1_000}\n" * 600
UNKNOWN = "019aa000-0000-7000-8000-000000000000"


@pytest.fixture
def inside(cast):
    """Return a call that is made as Bob, in Acme."""

    def do(call, **values):
        with no_context(), tenant(cast.acme, cast.bob):
            return call(**values)

    return do


def actions(entries):
    return [entry.action for entry in entries()]


def test_a_file_that_is_gone_stops_its_run(
    journey, inside, run_jobs, kept, acme_board, entries
):
    journey.upload(PLAIN)
    journey.map()
    journey.start()
    inside(running.discard, kept=kept())
    run_jobs()
    assert (kept().state, acme_board.all()) == ("failed", [])
    assert actions(entries)[-1] == "import.stopped"
    page = journey.page()
    assert "or the file is gone" in page
    assert "The file is deleted." in page


def test_deleting_the_files_twice_is_deleting_them_once(journey, inside, kept):
    journey.upload(TWO)
    journey.map()
    before = kept()
    inside(running.discard, kept=before)
    inside(running.discard, kept=before)
    assert not default_storage.exists(before.file)
    assert (kept().file, kept().errors, kept().state) == ("", "", "checked")


def test_problems_are_gone_with_the_file(journey, inside, kept):
    journey.upload(TWO)
    journey.map()
    assert journey.client.get(journey.at("errors/")).status_code == 200
    inside(running.discard, kept=kept())
    assert journey.client.get(journey.at("errors/")).status_code == 404
    assert "There is no such status." in journey.page()


def test_a_deleted_file_makes_room_for_another(journey, inside, kept, monkeypatch):
    monkeypatch.setattr("tasks.imports.forms.MOST_KEPT", 1)
    journey.upload(PLAIN)
    assert journey.upload(PLAIN).status_code == 422
    inside(running.discard, kept=kept())
    assert journey.upload(PLAIN).status_code == 302


def test_the_files_of_others_take_no_room(journey, as_charlie, kept, monkeypatch):
    monkeypatch.setattr("tasks.imports.forms.MOST_KEPT", 1)
    assert journey.upload(PLAIN).status_code == 302
    assert as_charlie.post(NEW, {"file": file(PLAIN)}).status_code == 302
    assert kept("globex").rows == 1


@pytest.mark.parametrize("job", ["check_import", "run_import", "discard_import"])
def test_a_job_for_a_missing_import_does_nothing(inside, cast, run_jobs, entries, job):
    inside(jobs.enqueue, task=getattr(jobs, job), import_id=UNKNOWN)
    assert run_jobs() == ["succeeded"]
    assert entries() == []


@pytest.mark.parametrize("job", ["check_import", "run_import", "discard_import"])
def test_a_job_elsewhere_does_not_find_it(journey, cast, kept, run_jobs, entries, job):
    journey.upload(PLAIN)
    journey.map()
    before = kept()
    with no_context(), tenant(cast.globex, cast.charlie):
        jobs.enqueue(getattr(jobs, job), import_id=str(before.pk))
    run_jobs()
    assert (kept().state, kept().file) == ("checked", before.file)
    assert default_storage.exists(before.file)


def test_an_old_check_does_not_write_over_a_newer_choice(journey, inside, kept):
    journey.upload(TWO)
    journey.map()
    old = kept()
    journey.map(status="leave")
    assert not inside(checking.note, waiting=old, found=checking.Findings(), errors="x")
    assert (kept().good, kept().errors) == (2, "")


def test_a_check_that_is_not_wanted_leaves_no_file(
    journey, inside, kept, django_capture_on_commit_callbacks
):
    journey.upload(TWO)
    journey.map()
    old, name = kept(), kept().errors
    with django_capture_on_commit_callbacks(execute=True):
        journey.map(status="leave")
    assert not default_storage.exists(name)
    inside(checking.check, waiting=old)
    assert not default_storage.exists(name)
    assert kept().errors == ""


def test_a_check_runs_once_though_it_is_asked_for_twice(
    journey, inside, run_jobs, kept
):
    journey.upload(LARGE)
    journey.map()
    inside(jobs.enqueue, task=jobs.check_import, import_id=str(kept().pk))
    assert set(run_jobs()) <= {"succeeded", "todo"}
    assert (kept().state, kept().good) == ("checked", 600)


def test_what_is_being_checked_is_neither_mapped_nor_started(
    journey, run_jobs, kept, acme_board
):
    journey.upload(LARGE)
    journey.map()
    assert journey.client.get(journey.at("columns/"))["Location"] == journey.at()
    journey.start()
    assert kept().state == "checking"
    run_jobs()
    assert (kept().state, acme_board.all()) == ("checked", [])


@pytest.mark.parametrize("state", [State.FINISHED, State.CANCELLED, State.FAILED])
def test_what_has_ended_stays_as_it_ended(journey, inside, kept, cast, entries, state):
    journey.upload(PLAIN)
    journey.map()
    inside(lambda: Import.objects.update(state=state))
    row, before = kept(), actions(entries)
    mapping = {"columns": {"title": 1}}
    assert not inside(cancel, waiting=row, by=cast.bob)
    assert not inside(start, waiting=row, by=cast.bob)
    assert not inside(choose_mapping, waiting=row, by=cast.bob, mapping=mapping)
    assert (kept().state, actions(entries)) == (state, before)


def test_a_cancelled_import_says_so_once(journey, as_bob):
    journey.upload(PLAIN)
    assert "Import cancelled" in as_bob.post(journey.at("cancel/"), follow=True).text
    assert (
        "Import cancelled" not in as_bob.post(journey.at("cancel/"), follow=True).text
    )


def test_a_cancelled_imports_file_is_deleted_soon(journey, run_jobs, kept):
    journey.upload(TWO)
    journey.map()
    names = [kept().file, kept().errors]
    journey.cancel()
    run_jobs()
    assert not any(map(default_storage.exists, names))
    assert "The file is deleted." in journey.page()


@pytest.mark.parametrize("lines", [1, 50])
def test_the_page_of_columns_takes_as_many_statements_for_many(
    journey, django_assert_max_num_queries, lines
):
    journey.upload("Title,Labels,Team\n" + "First,Bug,Workshop\n" * lines)
    with django_assert_max_num_queries(7):
        assert journey.client.get(journey.at("columns/")).status_code == 200


@pytest.mark.parametrize("count", [1, 50])
def test_a_batch_takes_as_many_statements_for_many(
    journey, inside, kept, count, django_assert_max_num_queries
):
    journey.upload("Title\n" + "First\n" * count)
    journey.map()
    journey.start()
    with django_assert_max_num_queries(25):
        inside(running.work, import_id=str(kept().pk))
    assert (kept().made, kept().state) == (count, "finished")


def test_a_failed_statement_leaves_neither_tasks_nor_labels(
    journey, run_jobs, try_again, acme_board, kept, cast
):
    def dying(call, sql, params, many, context):
        if 'INSERT INTO "labels_tasklabel"' in sql:
            raise RuntimeError("the worker was killed")
        return call(sql, params, many, context)

    journey.upload("Title,Labels\nFirst,Bug\n")
    journey.map()
    journey.start()
    with connection.execute_wrapper(dying):
        run_jobs()
    assert (kept().state, kept().made, acme_board.all()) == ("running", 0, [])
    try_again()
    assert (kept().state, kept().made) == ("finished", 1)
    [task] = acme_board.all()
    assert acme_board.history(task, "task.created")[0].after["labels"] == ["Bug"]


@given(st.text(max_size=300))
def test_a_files_name_can_always_be_shown(name):
    shown = called(name)
    assert 0 < len(shown) <= 200
    assert shown.isprintable()


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("", "tasks.csv"),
        ("\0\n", "tasks.csv"),
        ("  a.csv  ", "a.csv"),
        ("\u202egpj.csv", "gpj.csv"),
        ("x" * 300 + ".csv", "x" * 196 + ".csv"),
    ],
)
def test_what_a_file_is_called(name, shown):
    assert called(name) == shown
