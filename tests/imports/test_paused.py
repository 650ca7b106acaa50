"""At the limit an import waits, makes nothing twice, and goes on when there is room."""

import pytest

from organizations.models import Organization
from organizations.tenancy import no_context, tenant
from tasks.changesets.models import ChangeSet
from tasks.imports.jobs import discard_import
from tasks.labels.models import Label
from tasks.models import Task

LINES = "Title\n" + "".join(f"Line {number}\n" for number in range(6))
WITH_BAD = "Title,Status\nOne,To do\nTwo,Nonsense\nThree,To do\nFour,To do\n"


@pytest.fixture
def acme_may(cast):
    """Write what billing writes onto Acme."""

    def write(tasks=None, **values):
        limits = {} if tasks is None else {"tasks": tasks}
        with no_context(), tenant(cast.acme):
            rows = Organization.objects.filter(pk=cast.acme.pk)
            rows.update(limits=limits, **values)

    return write


@pytest.fixture
def titles(acme_board):
    def read():
        return [task.title for task in acme_board.all()]

    return read


@pytest.fixture
def checked(journey, run_jobs):
    """Upload lines and have them checked."""

    def go(content=LINES, **chosen):
        journey.upload(content)
        journey.map(**chosen)
        run_jobs()
        return journey

    return go


def change_set(cast, kept):
    with no_context(), tenant(cast.acme):
        return ChangeSet.objects.filter(pk=kept().change_set_id).first()


# cap 54
def test_the_dry_run_says_how_many_fit(checked, acme_may, acme_board):
    acme_board.add_many(2)
    acme_may(tasks=6)
    page = " ".join(checked().page().split())
    assert "6 tasks will be made." in page
    assert "4 of them fit: 2 of 6 tasks are there." in page
    assert "Alice Example or Adam Example can change the plan." in page


@pytest.mark.parametrize("tasks", [None, 6, 60])
def test_with_room_for_all_the_dry_run_says_nothing(checked, acme_may, tasks):
    acme_may(tasks=tasks)
    assert "of them fit" not in checked().page()


def test_without_any_room_it_does_not_start(checked, acme_may, acme_board, kept):
    acme_board.add()
    acme_may(tasks=1)
    answer = checked().start()
    assert answer.status_code == 402
    assert "The limit is reached: 1 of 1 tasks." in answer.text
    assert kept().state == "checked"


def test_what_fits_is_made_and_the_rest_waits(
    checked, acme_may, run_jobs, kept, titles, entries, cast
):
    acme_may(tasks=4)
    assert checked().start().status_code == 302
    run_jobs()
    found = kept()
    assert (found.state, found.done, found.made) == ("paused", 4, 4)
    assert titles() == ["Line 0", "Line 1", "Line 2", "Line 3"]
    assert entries()[-1].action == "import.paused"
    assert entries()[-1].after == {"lines": 6, "made": 4, "skipped": 0}
    assert change_set(cast, kept).state == "done"


# cap 54
def test_it_goes_on_once_there_is_room(checked, acme_may, run_jobs, kept, titles):
    acme_may(tasks=4)
    journey = checked()
    journey.start()
    run_jobs()
    page = journey.page()
    assert "It waits: no more tasks can be made now." in page
    assert "0 of them fit: 4 of 4 tasks are there." in " ".join(page.split())
    assert journey.start().status_code == 402
    acme_may(tasks=10)
    assert "Go on" in journey.page()
    assert journey.start().status_code == 302
    run_jobs()
    assert (kept().state, kept().made) == ("finished", 6)
    assert titles() == [f"Line {number}" for number in range(6)]


def test_lines_with_problems_are_passed_over_on_the_way(
    checked, acme_may, run_jobs, kept, titles
):
    acme_may(tasks=2)
    checked(WITH_BAD).start()
    run_jobs()
    assert (kept().state, kept().done, kept().made) == ("paused", 3, 2)
    assert titles() == ["One", "Three"]
    assert kept().left == 1


def test_labels_of_tasks_that_did_not_fit_are_not_made(
    checked, acme_may, run_jobs, cast
):
    acme_may(tasks=1)
    checked("Title,Labels\nOne,Red\nTwo,Green\n").start()
    run_jobs()
    with no_context(), tenant(cast.acme):
        assert [label.name for label in Label.objects.all()] == ["Red"]


def test_it_can_be_undone_while_it_waits_and_goes_on_apart(
    checked, acme_may, run_jobs, kept, titles, as_bob, cast
):
    acme_may(tasks=4)
    journey = checked()
    journey.start()
    run_jobs()
    first = change_set(cast, kept)
    as_bob.post(f"/tasks/changes/{first.pk}/undo/")
    assert titles() == []
    assert journey.start().status_code == 302
    run_jobs()
    assert kept().state == "finished"
    assert titles() == ["Line 4", "Line 5"]
    assert change_set(cast, kept).pk != first.pk


def test_it_can_be_cancelled_while_it_waits(checked, acme_may, run_jobs, kept, titles):
    acme_may(tasks=4)
    journey = checked()
    journey.start()
    run_jobs()
    assert journey.cancel().status_code == 302
    assert kept().state == "cancelled"
    assert len(titles()) == 4


def test_its_file_goes_after_a_week_and_it_ends(checked, acme_may, run_jobs, kept):
    acme_may(tasks=4)
    journey = checked()
    journey.start()
    run_jobs()
    with no_context():
        carried = {"organization": str(kept().organization_id), "user": ""}
        discard_import(carried=carried | {"request_id": ""}, import_id=str(kept().pk))
    assert (kept().state, kept().file) == ("failed", "")
    assert journey.start().status_code == 302
    assert kept().state == "failed"


# cap 54
def test_unpaid_bills_pause_it(checked, acme_may, run_jobs, kept, titles):
    journey = checked()
    journey.start()
    acme_may(standing="read_only")
    run_jobs()
    assert (kept().state, titles()) == ("paused", [])
    assert journey.start().status_code == 402
    acme_may(standing="good")
    journey.start()
    run_jobs()
    assert (kept().state, len(titles())) == ("finished", 6)


def test_the_trash_makes_room_for_the_rest(checked, acme_may, run_jobs, kept, cast):
    acme_may(tasks=5)
    journey = checked()
    journey.start()
    run_jobs()
    with no_context(), tenant(cast.acme, cast.bob):
        Task.objects.first().remove(by=cast.bob)
    journey.start()
    run_jobs()
    assert (kept().state, kept().made) == ("finished", 6)
