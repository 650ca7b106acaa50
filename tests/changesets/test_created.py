"""What an importer keeps of the tasks it has made."""

from organizations.tenancy import no_context
from tasks.changesets.flows import keep_created
from tasks.changesets.models import Kind, State


def test_new_tasks_are_kept_as_they_were(acme_board, cast, kept):
    tasks = acme_board.add_many(3, assignees=[cast.bob], due_date="2026-12-24")
    with no_context(), acme_board.inside():
        keep_created(tasks, by=cast.alice, label="tasks.csv")
    found = kept.last()
    assert (found.kind, found.state, found.label) == (
        Kind.IMPORT,
        State.DONE,
        "tasks.csv",
    )
    assert (found.count, found.total, found.made_by_id) == (3, 3, cast.alice.pk)
    items = kept.items(found)
    assert [item.task_id for item in items] == sorted(task.pk for task in tasks)
    first = items[0].after
    assert first["title"] == "Task 0"
    assert first["due_date"] == "2026-12-24"
    assert first["assignees"] == [str(cast.bob.pk)]
    assert first["deleted_at"] is None
    assert items[0].before == {}
    assert items[0].kept is None


def test_later_batches_join_the_same_change_set(acme_board, cast, kept):
    with no_context(), acme_board.inside():
        first = keep_created(acme_board.add_many(2), by=cast.alice, label="a.csv")
        ids = [task.pk for task in acme_board.add_many(3)]
        keep_created(ids, by=cast.alice, label="a.csv", into=first)
    assert len(kept.all()) == 1
    assert kept.last().count == 5
    assert len(kept.items(kept.last())) == 5


def test_foreign_tasks_are_not_kept(acme_board, globex_board, cast, kept):
    theirs = globex_board.add()
    with no_context(), acme_board.inside():
        keep_created([theirs.pk, acme_board.add().pk], by=cast.alice, label="x")
    assert kept.last().count == 1


def test_long_labels_are_cut(acme_board, cast, kept):
    with no_context(), acme_board.inside():
        keep_created([], by=cast.alice, label="x" * 300)
    assert kept.last().label == "x" * 200
    assert kept.last().count == 0
