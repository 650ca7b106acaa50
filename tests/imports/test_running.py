"""A worker may die at any moment: nothing is made twice and nothing is left out."""

import pytest
from django.db import DatabaseError, connection

from organizations.tenancy import no_context, tenant
from tasks.imports import running
from tasks.imports.models import Import

LINES = 1_200


def many(count=LINES):
    return "Title\n" + "".join(f"Task {number}\n" for number in range(count))


@pytest.fixture
def started(journey, kept):
    journey.upload(many())
    journey.map()
    journey.start()
    return kept()


def titles(board):
    return [task.title for task in board.all()]


def dying_after(statements):
    """Let some insertions of tasks pass, then die as a killed worker would."""
    seen = []

    def execute(call, sql, params, many, context):
        if "INSERT INTO tasks_taskcounter" in sql:
            seen.append(sql)
            if len(seen) > statements:
                raise DatabaseError("the worker was killed")
        return call(sql, params, many, context)

    return execute


def test_all_lines_are_made_in_the_files_order(started, run_jobs, acme_board, kept):
    run_jobs()
    assert titles(acme_board) == [f"Task {number}" for number in range(LINES)]
    assert (kept().state, kept().done, kept().made) == ("finished", LINES, LINES)


@pytest.mark.parametrize("batches", [0, 1, 2])
def test_a_killed_worker_leaves_whole_batches(
    started, run_jobs, try_again, acme_board, kept, batches
):
    with connection.execute_wrapper(dying_after(batches)):
        run_jobs()
    assert kept().made == kept().done == len(titles(acme_board)) == batches * 500
    try_again()
    assert titles(acme_board) == [f"Task {number}" for number in range(LINES)]
    assert kept().state == "finished"


def test_two_workers_with_one_file_make_it_once(started, cast, acme_board):
    with no_context(), tenant(cast.acme, cast.bob):
        row = Import.objects.get(pk=started.pk)
        late = Import.objects.get(pk=started.pk)
        reading = running.converter(row.shape, row.mapping)
        with running.default_storage.open(row.file) as file:
            lines = running.tasks_of(file, running.Shape(**row.shape))
            first = next(running.batches(lines))
        assert running.make(row, first, reading)
        assert not running.make(late, first, reading)
    assert len(titles(acme_board)) == 500


def test_a_long_run_hands_itself_on(started, run_jobs, acme_board, kept, monkeypatch):
    monkeypatch.setattr(running, "WHILE_SECONDS", -1)
    run_jobs()
    assert titles(acme_board) == [f"Task {number}" for number in range(LINES)]
    assert kept().state == "finished"


def test_cancelling_keeps_what_was_made(
    started, journey, run_jobs, try_again, acme_board, kept, entries
):
    with connection.execute_wrapper(dying_after(1)):
        run_jobs()
    journey.cancel()
    try_again()
    assert len(titles(acme_board)) == 500
    assert kept().state == "cancelled"
    assert entries()[-1].after == {"lines": LINES, "made": 500, "skipped": 0}


def test_the_page_tells_how_far_it_is(started, journey, run_jobs):
    with connection.execute_wrapper(dying_after(1)):
        run_jobs()
    page = journey.page()
    assert 'value="500" max="1200"' in page
    assert "500 tasks made, 500 of 1,200 lines done" in page
    assert 'hx-trigger="every 2s"' in page
