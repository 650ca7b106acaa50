"""An import can be taken back, for as long as other changes of many tasks."""

import pytest
from django.db import connection

from organizations.tenancy import no_context, tenant
from tasks.changesets.models import ChangeSet
from tasks.models import Task
from tests.imports.test_running import LINES, dying_after, many, started  # noqa: F401


@pytest.fixture
def change(cast):
    """Return the one change-set there is."""

    def read():
        with no_context(), tenant(cast.acme):
            return ChangeSet.objects.get()

    return read


def undo(journey, change):
    return journey.client.post(f"/tasks/changes/{change().pk}/undo/")


def test_an_import_is_one_change(whole, kept, change):
    whole(many())
    assert kept().change_set_id == change().pk
    assert (change().kind, change().state) == ("import", "done")
    assert (change().count, change().label) == (LINES, "tasks.csv")


def test_its_page_leads_to_the_undo(whole, journey, change):
    whole("Title\nOrder tyres\n")
    assert f'href="/tasks/changes/{change().pk}/"' in journey.page()


def test_undoing_takes_every_task_away(whole, journey, change, run_jobs, acme_board):
    whole(many())
    undo(journey, change)
    run_jobs()
    assert acme_board.all() == []
    assert change().state == "undone"


def test_what_somebody_has_touched_stays(whole, journey, change, acme_board, cast):
    whole("Title\nFirst\nSecond\n")
    with no_context(), acme_board.inside():
        Task.objects.get(title="Second").edit(by=cast.alice, title="Mine")
    undo(journey, change)
    assert [task.title for task in acme_board.all()] == ["Mine"]


def test_nothing_is_undone_while_it_runs(
    started,
    journey,
    run_jobs,
    try_again,
    change,
    acme_board,
):
    with connection.execute_wrapper(dying_after(1)):
        run_jobs()
    assert change().state == "running"
    undo(journey, change)
    assert len(acme_board.all()) == 500
    try_again()
    assert (change().state, change().count) == ("done", LINES)


def test_what_a_cancelled_import_made_can_be_undone(
    started,
    journey,
    run_jobs,
    change,
    acme_board,
):
    with connection.execute_wrapper(dying_after(1)):
        run_jobs()
    journey.cancel()
    undo(journey, change)
    assert acme_board.all() == []
