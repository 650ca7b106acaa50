"""Changing many tasks in few statements, and taking it back."""

from datetime import date

import pytest

from organizations.tenancy import no_context
from tasks.changesets import flows
from tasks.changesets.models import Kind, State
from tasks.changesets.selection import Selection


@pytest.fixture
def change(acme_board, cast):
    def edit(tasks, **changes):
        with no_context(), acme_board.inside():
            chosen = Selection.of([task.pk for task in tasks], None)
            return flows.edit_tasks(selection=chosen, by=cast.alice, changes=changes)

    return edit


@pytest.fixture
def undo(acme_board, cast):
    def take_back(change_set, by=None):
        with no_context(), acme_board.inside():
            return flows.undo(change_set=change_set, by=by or cast.alice)

    return take_back


def test_all_fields_are_set_and_come_back_as_they_were(
    acme_board, cast, change, undo, kept
):
    done = acme_board.add(status="done", assignees=[cast.alice])
    todo = acme_board.add(due_date=date(2026, 12, 1), assignees=[cast.bob, cast.adam])
    finished = acme_board.now(done).completed_at
    made = change(
        [done, todo],
        status="todo",
        priority=5,
        due_date=date(2027, 1, 2),
        assignees=[cast.vera.pk],
    )
    assert (made.count, made.state) == (2, State.DONE)
    for task in (done, todo):
        now = acme_board.now(task)
        assert (now.status, now.priority) == ("todo", 5)
        assert now.due_date == date(2027, 1, 2)
        assert now.completed_at is None
        assert acme_board.doers(task) == {cast.vera.pk}
    item = kept.items(made)[1]
    assert "status" not in item.after
    assert item.before["due_date"] == "2026-12-01"

    back = undo(made)
    assert (back.reverted, back.kept, back.state) == (2, 0, State.UNDONE)
    now = acme_board.now(done)
    assert (now.status, now.completed_at, now.due_date) == ("done", finished, None)
    now = acme_board.now(todo)
    assert (now.status, now.priority) == ("todo", 3)
    assert now.due_date == date(2026, 12, 1)
    assert acme_board.doers(todo) == {cast.bob.pk, cast.adam.pk}
    assert acme_board.doers(done) == {cast.alice.pk}


def test_ids_made_by_the_database_are_ordered_by_time(acme_board, change, kept):
    first, second = change([acme_board.add()], priority=5), None
    second = change([acme_board.add()], priority=5)
    ids = [kept.items(one)[0].pk for one in (first, second)]
    assert [pk.version for pk in ids] == [7, 7]
    assert ids == sorted(ids)
    assert first.kind == Kind.BULK_EDIT
