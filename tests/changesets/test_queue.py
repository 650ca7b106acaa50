"""Large changes in the queue: in whose name, how far, and after a failure."""

import uuid

import pytest
from django.db import DatabaseError, connection

from organizations.flows import change_role
from organizations.models import Membership, Organization, Role
from organizations.tenancy import no_context
from tasks.changesets import working
from tasks.changesets.flows import remove_tasks
from tasks.changesets.models import ChangeSet, ChangeSetItem, State
from tasks.changesets.selection import Selection
from tests.changesets.test_bulk import DELETE, EDIT, picked
from tests.changesets.things import by_hand, entries

CHANGES = "/tasks/changes/"
HTMX = {"HX-Request": "true"}
WRITES = "UPDATE tasks_task"


@pytest.fixture(autouse=True)
def _few_in_a_request(monkeypatch):
    monkeypatch.setattr("tasks.changesets.flows.IN_REQUEST", 2)
    monkeypatch.setattr("tasks.changesets.working.SLICE", 2)


class Power:
    """A database that fails the statements of a kind from some number on."""

    def __init__(self, failing, after=0):
        self.failing, self.left = failing, after

    def __call__(self, execute, sql, params, many, context):
        if self.failing in sql:
            if not self.left:
                raise DatabaseError("the power is out")
            self.left -= 1
        return execute(sql, params, many, context)


def work(board, change):
    with no_context(), board.inside():
        working.work(change_set_id=change.pk)


def statuses(board):
    return [task.status for task in board.all()]


def test_exactly_the_most_are_done_at_once_and_one_more_is_not(
    as_bob, acme_board, kept
):
    tasks = acme_board.add_many(3)
    as_bob.post(EDIT, picked(*tasks[:2], status="done"))
    assert kept.last().state == State.DONE
    as_bob.post(EDIT, picked(*tasks, status="in_review"))
    assert kept.last().state == State.RUNNING
    assert statuses(acme_board) == ["done", "done", "todo"]


def test_a_page_waits_and_offers_no_undo(as_bob, as_vera, acme_board, kept):
    as_bob.post(EDIT, picked(*acme_board.add_many(3), status="done"))
    address = f"{CHANGES}{kept.last().pk}/"
    page = as_vera.get(address).text
    assert "0 of 3 tasks" in page
    assert 'max="3"' in page
    assert "rotate-ccw" not in as_bob.get(address).text
    part = as_vera.get(address, headers=HTMX)
    assert "<html" not in part.text
    assert "HX-Refresh" not in part
    assert "Running" in as_vera.get(CHANGES).text


def test_progress_of_others_is_not_there(as_bob, as_charlie, acme_board, kept):
    as_bob.post(EDIT, picked(*acme_board.add_many(3), status="done"))
    answer = as_charlie.get(f"{CHANGES}{kept.last().pk}/", headers=HTMX)
    assert answer.status_code == 404


def test_a_large_deletion_is_done_in_the_name_of_who_asked(
    as_bob, acme_board, cast, kept, run_jobs
):
    tasks = acme_board.add_many(5)
    as_bob.post(DELETE, picked(*tasks))
    assert len(acme_board.all()) == 5
    assert run_jobs() == ["succeeded"]
    assert acme_board.all() == []
    removed = entries(acme_board, "task.removed")
    assert {entry.actor_id for entry in removed} == {cast.bob.pk}
    assert len(removed) == 5
    assert (kept.last().count, kept.last().reached) == (5, None)


def test_two_organizations_keep_to_their_own_tasks(
    as_bob, as_charlie, acme_board, globex_board, run_jobs
):
    ours, theirs = acme_board.add_many(3), globex_board.add_many(4)
    as_bob.post(EDIT, {"all": "on", "matching": "", "status": "done"})
    as_charlie.post(EDIT, {"all": "on", "matching": "", "status": "backlog"})
    assert run_jobs() == ["succeeded"] * 2
    assert statuses(acme_board) == ["done"] * len(ours)
    assert statuses(globex_board) == ["backlog"] * len(theirs)


def test_ones_own_tasks_are_those_of_who_asked(
    as_bob, as_vera, acme_board, cast, run_jobs
):
    for doers in ([cast.bob], [cast.vera], [cast.bob], [cast.bob, cast.vera]):
        acme_board.add(assignees=doers)
    values = {"all": "on", "matching": "?assignee=me", "status": "done"}
    as_bob.post(EDIT, values)
    assert run_jobs() == ["succeeded"]
    assert statuses(acme_board) == ["done", "todo", "done", "done"]


@pytest.mark.parametrize("slices", [0, 1, 2])
def test_after_a_failure_the_rest_is_done_once(as_bob, acme_board, kept, slices):
    tasks = acme_board.add_many(5)
    as_bob.post(EDIT, picked(*tasks, status="done"))
    change = kept.last()
    failing = connection.execute_wrapper(Power(WRITES, slices))
    with pytest.raises(DatabaseError), failing:
        work(acme_board, change)
    half = kept.last()
    assert (half.state, half.done, half.count) == (State.RUNNING, *[slices * 2] * 2)
    assert statuses(acme_board).count("done") == slices * 2
    assert len(entries(acme_board, "task.moved")) == slices * 2
    page = as_bob.get(f"{CHANGES}{change.pk}/").text
    assert f"{slices * 2} of 5 tasks" in page
    work(acme_board, change)
    assert (kept.last().state, kept.last().count) == (State.DONE, 5)
    assert statuses(acme_board) == ["done"] * 5
    assert {len(acme_board.history(task, "task.moved")) for task in tasks} == {1}


@pytest.mark.parametrize("slices", [0, 1, 2])
def test_after_a_failure_the_rest_is_taken_back_once(as_bob, acme_board, kept, slices):
    tasks = acme_board.add_many(5)
    as_bob.post(EDIT, picked(*tasks, status="done"))
    change = kept.last()
    work(acme_board, change)
    as_bob.post(f"{CHANGES}{change.pk}/undo/")
    failing = connection.execute_wrapper(Power(WRITES, slices))
    with pytest.raises(DatabaseError), failing:
        work(acme_board, change)
    assert (kept.last().state, kept.last().done) == (State.UNDOING, slices * 2)
    assert kept.last().reverted == slices * 2
    assert entries(acme_board, "changeset.undone") == []
    work(acme_board, change)
    assert (kept.last().state, kept.last().reverted) == (State.UNDONE, 5)
    assert statuses(acme_board) == ["todo"] * 5
    assert {len(acme_board.history(task, "task.moved")) for task in tasks} == {2}
    [entry] = entries(acme_board, "changeset.undone")
    assert entry.after == {"reverted": 5, "kept": 0}


def test_a_request_that_fails_keeps_nothing(as_bob, acme_board, kept):
    tasks = acme_board.add_many(2)
    failing = connection.execute_wrapper(Power(WRITES))
    with pytest.raises(DatabaseError), failing:
        as_bob.post(EDIT, picked(*tasks, status="done"))
    assert kept.all() == []
    assert statuses(acme_board) == ["todo"] * 2
    assert entries(acme_board, "task.moved") == []


def test_work_that_is_done_is_not_done_again(as_bob, acme_board, kept):
    tasks = acme_board.add_many(3)
    as_bob.post(EDIT, picked(*tasks, status="done"))
    work(acme_board, kept.last())
    by_hand(acme_board, tasks[0], status="todo")
    for _each in range(2):
        work(acme_board, kept.last())
    assert statuses(acme_board) == ["todo", "done", "done"]
    assert (kept.last().done, kept.last().count) == (3, 3)


def test_work_on_what_is_not_there_is_nothing(acme_board, globex_board, as_bob, kept):
    as_bob.post(EDIT, picked(*acme_board.add_many(3), status="done"))
    work(globex_board, kept.last())
    with no_context(), acme_board.inside():
        working.work(change_set_id=uuid.uuid4())
    assert kept.last().state == State.RUNNING
    assert statuses(acme_board) == ["todo"] * 3


def test_what_was_deleted_before_its_turn_is_left_alone(
    as_bob, acme_board, kept, run_jobs
):
    tasks = acme_board.add_many(4)
    as_bob.post(EDIT, picked(*tasks, status="done"))
    as_bob.post(DELETE, picked(tasks[1]))
    assert run_jobs() == ["succeeded"]
    change = kept.all()[0]
    assert (change.total, change.done, change.count) == (4, 3, 3)
    assert acme_board.now(tasks[1]).status == "todo"
    assert acme_board.history(tasks[1], "task.moved") == []


def test_all_of_them_gone_before_their_turn_is_a_change_of_none(
    as_bob, acme_board, kept, run_jobs
):
    tasks = acme_board.add_many(3)
    as_bob.post(EDIT, picked(*tasks, status="done"))
    with no_context(), acme_board.inside():
        for task in tasks:
            task.remove(by=acme_board.owner)
    assert run_jobs() == ["succeeded"]
    change = kept.all()[0]
    assert (change.state, change.done, change.count) == (State.DONE, 0, 0)
    assert kept.items(change) == []
    assert as_bob.get(f"{CHANGES}{change.pk}/").status_code == 200


def test_what_stopped_matching_before_its_turn_is_left_alone(
    as_bob, acme_board, kept, run_jobs
):
    tasks = acme_board.add_many(4, priority=5)
    as_bob.post(EDIT, {"all": "on", "matching": "?priority=5", "status": "done"})
    by_hand(acme_board, tasks[2], priority=1)
    assert run_jobs() == ["succeeded"]
    assert statuses(acme_board) == ["done", "done", "todo", "done"]
    assert (kept.last().total, kept.last().count) == (4, 3)


def test_a_change_that_moves_tasks_out_of_its_list_finds_the_rest(
    as_bob, acme_board, kept, run_jobs
):
    acme_board.add_many(7)
    as_bob.post(EDIT, {"all": "on", "matching": "?status=todo", "status": "done"})
    assert run_jobs() == ["succeeded"]
    assert statuses(acme_board) == ["done"] * 7
    assert (kept.last().done, kept.last().count) == (7, 7)


def test_who_lost_the_right_meanwhile_is_still_who_asked(
    as_bob, acme_board, cast, kept, run_jobs
):
    tasks = acme_board.add_many(3)
    as_bob.post(EDIT, picked(*tasks, status="done"))
    with no_context(), acme_board.inside():
        rows = Membership.objects.select_related("user")
        change_role(membership=rows.get(user=cast.bob), role=Role.VIEWER, by=cast.alice)
    assert run_jobs() == ["succeeded"]
    assert acme_board.history(tasks[0], "task.moved")[0].actor_id == cast.bob.pk
    assert as_bob.post(f"{CHANGES}{kept.last().pk}/undo/").status_code == 403
    assert statuses(acme_board) == ["done"] * 3


def test_half_of_the_tasks_are_as_wanted_and_half_of_them_count(
    as_bob, acme_board, kept, run_jobs
):
    done, todo = acme_board.add_many(3, status="done"), acme_board.add_many(3)
    as_bob.post(EDIT, picked(*done, *todo, status="done"))
    assert run_jobs() == ["succeeded"]
    assert (kept.last().total, kept.last().done, kept.last().count) == (6, 6, 3)
    assert {item.task_id for item in kept.items(kept.last())} == {t.pk for t in todo}
    as_bob.post(f"{CHANGES}{kept.last().pk}/undo/")
    assert run_jobs() == ["succeeded"]
    assert statuses(acme_board) == ["done"] * 3 + ["todo"] * 3


def test_a_slice_that_ends_with_the_last_task_ends_the_work(acme_board, cast, kept):
    tasks = acme_board.add_many(4)
    with no_context(), acme_board.inside():
        chosen = Selection.of([task.pk for task in tasks], None)
        made = remove_tasks(selection=chosen, by=cast.alice)
        steps = [working.go_on(made.pk) for _each in range(4)]
    assert steps == [True, True, False, False]
    assert (kept.last().state, kept.last().done) == (State.DONE, 4)


def test_a_change_set_goes_with_its_items_and_leaves_its_tasks(
    as_bob, acme_board, kept
):
    tasks = acme_board.add_many(2)
    as_bob.post(EDIT, picked(*tasks, status="done"))
    with no_context(), acme_board.inside():
        ChangeSet.objects.get(pk=kept.last().pk).delete()
        assert not ChangeSetItem.objects.exists()
    assert statuses(acme_board) == ["done"] * 2


def test_what_does_not_fit_any_more_stays_in_the_trash(
    as_bob, acme_board, kept, run_jobs, cast
):
    tasks = acme_board.add_many(6)
    as_bob.post(DELETE, picked(*tasks))
    run_jobs()
    assert acme_board.all() == []
    as_bob.post(f"{CHANGES}{kept.last().pk}/undo/")
    with no_context(), acme_board.inside():
        # Somebody was quicker, or the plan became smaller.
        Organization.objects.filter(pk=cast.acme.pk).update(limits={"tasks": 5})
    run_jobs()
    change = kept.last()
    assert (change.state, change.reverted, change.kept) == ("undone", 4, 2)
    assert len(acme_board.all()) == 4
    (entry,) = entries(acme_board, "changeset.undone")
    assert entry.after == {"reverted": 4, "kept": 2}


def test_what_cannot_fit_is_refused_before_it_begins(as_bob, acme_board, kept, cast):
    tasks = acme_board.add_many(6)
    as_bob.post(DELETE, picked(*tasks[:2]))
    with no_context(), acme_board.inside():
        Organization.objects.filter(pk=cast.acme.pk).update(limits={"tasks": 5})
    answer = as_bob.post(f"{CHANGES}{kept.last().pk}/undo/")
    assert answer.status_code == 402
    assert "4 of 5 tasks are there, and 1 more would fit" in answer.text
    assert (kept.last().state, len(acme_board.all())) == ("done", 4)
