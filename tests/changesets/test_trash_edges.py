"""The trash: single deletions, restoring, and the end after thirty days."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from organizations.tenancy import NoTenant, identity, no_context
from tasks.changesets import jobs, trash
from tasks.changesets.flows import restore_tasks
from tasks.changesets.models import ChangeSet, ChangeSetItem, Kind, State
from tasks.changesets.statements import organization_with_old_trash
from tasks.labels.models import TaskLabel
from tasks.models import Task, TaskAssignee
from tests.changesets.test_bulk import DELETE, EDIT, picked
from tests.changesets.things import a_label, entries, give_abilities, labels_of

TRASH, RESTORE, CHANGES = "/tasks/trash/", "/tasks/trash/restore/", "/tasks/changes/"


def age(board, *tasks, **since):
    """Let tasks have been in the trash for so long."""
    with no_context(), board.inside():
        rows = Task.with_trash.filter(pk__in=[task.pk for task in tasks])
        rows.update(deleted_at=timezone.now() - timedelta(**since))


def purge():
    with no_context(), identity():
        trash.purge()


def count(board, model, **values):
    with no_context(), board.inside():
        return getattr(model, "with_trash", model.objects).filter(**values).count()


def test_a_single_deletion_is_one_change_with_one_item(as_bob, acme_board, cast, kept):
    task = acme_board.add()
    as_bob.post(f"/tasks/{task.pk}/delete/")
    [made] = kept.all()
    assert (made.kind, made.state, made.total, made.done, made.count) == (
        *(Kind.DELETE, State.DONE),
        *(1, 1, 1),
    )
    assert made.made_by_id == cast.bob.pk
    [item] = kept.items(made)
    assert item.before == {"deleted_at": None}
    assert item.after["deleted_at"] is not None
    assert item.kept is None


def test_deleting_one_twice_keeps_one_change(as_bob, acme_board, kept):
    task = acme_board.add()
    for _each in range(2):
        as_bob.post(f"/tasks/{task.pk}/delete/")
    assert len(kept.all()) == 1
    assert len(acme_board.history(task, "task.removed")) == 1


def test_what_was_restored_can_be_deleted_and_undone_anew(as_bob, acme_board, kept):
    task = acme_board.add()
    for _each in range(2):
        as_bob.post(f"/tasks/{task.pk}/delete/")
        as_bob.post(RESTORE, picked(task))
    as_bob.post(f"/tasks/{task.pk}/delete/")
    assert [made.state for made in kept.all()] == ["undone", "undone", "done"]
    as_bob.post(f"{CHANGES}{kept.last().pk}/undo/")
    assert acme_board.now(task).deleted_at is None
    assert len(acme_board.history(task, "task.restored")) == 3


def test_an_edit_of_one_task_is_not_settled_by_a_restoring(as_bob, acme_board, kept):
    task = acme_board.add()
    as_bob.post(EDIT, picked(task, status="done"))
    as_bob.post(f"/tasks/{task.pk}/delete/")
    as_bob.post(RESTORE, picked(task))
    assert [made.state for made in kept.all()] == ["done", "undone"]
    assert kept.all()[0].is_undoable


def test_restoring_writes_who_brought_back_what(as_adam, as_bob, acme_board, cast):
    task = acme_board.add()
    as_bob.post(DELETE, picked(task))
    as_adam.post(RESTORE, picked(task))
    [entry] = acme_board.history(task, "task.restored")
    assert (entry.actor_id, entry.target_label) == (cast.adam.pk, task.title)
    assert acme_board.now(task).deleted_at is None


def test_restoring_twice_is_the_same_as_once(as_bob, acme_board):
    task = acme_board.add()
    as_bob.post(DELETE, picked(task))
    as_bob.post(RESTORE, picked(task, task))
    answer = as_bob.post(RESTORE, picked(task), follow=True)
    assert "Nothing was restored: select tasks first" in answer.text
    assert len(acme_board.history(task, "task.restored")) == 1


def test_one_task_back_is_told_as_one(as_bob, acme_board):
    task = acme_board.add()
    as_bob.post(DELETE, picked(task))
    assert "1 task is back" in as_bob.post(RESTORE, picked(task), follow=True).text


@pytest.mark.parametrize("bad", ["x", "\0", "1", str(uuid.UUID(int=0))])
def test_strange_ids_restore_nothing(as_bob, acme_board, bad):
    task = acme_board.add()
    as_bob.post(DELETE, picked(task))
    answer = as_bob.post(RESTORE, {"pick": bad}, follow=True)
    assert "Nothing was restored" in answer.text
    assert acme_board.now(task).deleted_at is not None


def test_more_than_a_page_can_have_restore_nothing(as_bob, acme_board):
    task = acme_board.add()
    as_bob.post(DELETE, picked(task))
    many = [str(task.pk), *(str(uuid.uuid4()) for _ in range(900))]
    assert as_bob.post(RESTORE, {"pick": many}).status_code == 302
    assert acme_board.now(task).deleted_at is not None


def test_what_is_in_the_trash_of_others_stays_there(
    as_bob, as_charlie, acme_board, globex_board
):
    theirs = globex_board.add("Globex secret")
    as_charlie.post(DELETE, picked(theirs))
    answer = as_bob.post(RESTORE, picked(theirs), follow=True)
    assert "Nothing was restored" in answer.text
    assert globex_board.now(theirs).deleted_at is not None
    assert globex_board.history(theirs, "task.restored") == []
    for query in ("", "?q=secret", f"?after={theirs.pk}"):
        assert "Globex secret" not in as_bob.get(f"{TRASH}{query}").text


def test_who_may_not_delete_sees_the_trash_and_restores_nothing(
    sign_in, cast, as_bob, acme_board
):
    give_abilities(cast, "vera", "tasks.view", "tasks.edit")
    vera, task = sign_in(cast.vera, cast.acme), acme_board.add("Old rope")
    as_bob.post(DELETE, picked(task))
    page = vera.get(TRASH).text
    assert "Old rope" in page
    assert 'name="pick"' not in page
    assert vera.post(RESTORE, picked(task)).status_code == 403
    assert acme_board.now(task).deleted_at is not None


def test_labels_and_people_lie_in_the_trash_with_their_task(as_bob, acme_board, cast):
    label = a_label(acme_board, "Box")
    task = acme_board.add(labels=[label], assignees=[cast.bob])
    as_bob.post(DELETE, picked(task))
    as_bob.post(RESTORE, picked(task))
    assert labels_of(acme_board, task) == ["Box"]
    assert acme_board.doers(task) == {cast.bob.pk}


def test_restoring_asks_as_much_for_one_as_for_fifty(as_bob, acme_board):
    counts = []
    for number in (2, 50):
        tasks = acme_board.add_many(number)
        as_bob.post(DELETE, picked(*tasks))
        with CaptureQueriesContext(connection) as seen:
            as_bob.post(RESTORE, picked(*tasks))
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_restoring_no_ids_is_nothing(acme_board, cast):
    with no_context(), acme_board.inside():
        assert restore_tasks(ids=[], by=cast.alice) == 0
    assert entries(acme_board, "task.restored") == []


@pytest.mark.parametrize("words", ["%", "_", "\\", "'", "rope%", "x" * 200])
def test_a_search_of_the_trash_takes_words_as_they_are(as_bob, acme_board, words):
    task = acme_board.add("Buy rope")
    as_bob.post(DELETE, picked(task))
    answer = as_bob.get(TRASH, {"q": words})
    assert answer.status_code == 200
    assert "No deleted task matches" in answer.text
    assert "Buy rope" not in answer.text


def test_words_longer_than_any_title_are_no_search(as_bob, acme_board):
    as_bob.post(DELETE, picked(acme_board.add("Buy rope")))
    assert "Buy rope" in as_bob.get(TRASH, {"q": "x" * 201}).text


def test_titles_in_the_trash_are_shown_as_text(as_bob, acme_board):
    task = acme_board.add("<script>Ünï🪵</script>")
    as_bob.post(DELETE, picked(task))
    page = as_bob.get(TRASH, {"q": "ünï🪵"}).text
    assert "&lt;script&gt;Ünï🪵&lt;/script&gt;" in page


def test_a_place_that_is_not_in_the_trash_begins_anew(as_bob, acme_board):
    on_board, task = acme_board.add(), acme_board.add("Old rope")
    as_bob.post(DELETE, picked(task))
    for after in (on_board.pk, uuid.uuid4()):
        assert "Old rope" in as_bob.get(f"{TRASH}?after={after}").text


@pytest.mark.parametrize(
    ("since", "left"),
    [
        ({}, 30),
        ({"hours": 1}, 30),
        ({"days": 1, "minutes": 1}, 29),
        ({"days": 29, "minutes": 1}, 1),
        ({"days": 30, "minutes": 1}, 0),
        ({"days": 99}, 0),
    ],
)
def test_days_left_are_counted_up_and_end_at_none(as_bob, acme_board, since, left):
    task = acme_board.add()
    as_bob.post(DELETE, picked(task))
    age(acme_board, task, **since)
    [line] = as_bob.get(TRASH).context["thrown"]
    assert line.days_left == left


def test_the_end_takes_what_hangs_on_a_task(as_bob, acme_board, cast):
    label = a_label(acme_board, "Box")
    task = acme_board.add(labels=[label], assignees=[cast.bob])
    as_bob.post(EDIT, picked(task, status="done"))
    as_bob.post(DELETE, picked(task))
    age(acme_board, task, days=30, seconds=1)
    purge()
    for model in (TaskLabel, TaskAssignee, ChangeSetItem):
        assert count(acme_board, model, task_id=task.pk) == 0
    assert count(acme_board, Task) == 0
    assert count(acme_board, ChangeSet) == 2


def test_the_end_is_told_once_however_often_it_is_asked_for(as_bob, acme_board):
    tasks = acme_board.add_many(2)
    as_bob.post(DELETE, picked(*tasks))
    age(acme_board, *tasks, days=40)
    for _each in range(2):
        purge()
    told = entries(acme_board, "task.purged")
    assert {entry.target_id for entry in told} == {str(task.pk) for task in tasks}
    assert len(told) == 2
    assert all(entry.actor_id is None for entry in told)


def test_a_task_ends_at_thirty_days_and_not_before(as_bob, acme_board):
    tasks = acme_board.add_many(2)
    as_bob.post(DELETE, picked(*tasks))
    age(acme_board, tasks[0], days=29, hours=23, minutes=59)
    age(acme_board, tasks[1], days=30, seconds=1)
    purge()
    assert count(acme_board, Task, pk=tasks[0].pk) == 1
    assert count(acme_board, Task, pk=tasks[1].pk) == 0


def test_who_has_old_trash_is_told_only_by_its_id(as_bob, acme_board, cast):
    with no_context(), identity():
        assert organization_with_old_trash() is None
    task = acme_board.add()
    as_bob.post(DELETE, picked(task))
    age(acme_board, task, days=31)
    with no_context(), identity():
        assert organization_with_old_trash() == cast.acme.pk
        with pytest.raises(NoTenant):
            Task.with_trash.count()


def test_the_clock_ends_the_trash_of_every_organization(
    as_bob, as_charlie, acme_board, globex_board
):
    for client, board in ((as_bob, acme_board), (as_charlie, globex_board)):
        task = board.add()
        client.post(DELETE, picked(task))
        age(board, task, days=31)
    with no_context():
        jobs.purge_trash(timestamp=0)
    for board in (acme_board, globex_board):
        assert count(board, Task) == 0
        assert len(entries(board, "task.purged")) == 1


def test_a_change_whose_tasks_have_all_ended_has_an_empty_page(
    as_bob, acme_board, kept
):
    task = acme_board.add("Old rope")
    as_bob.post(EDIT, picked(task, status="done"))
    change = kept.last()
    as_bob.post(DELETE, picked(task))
    age(acme_board, task, days=31)
    purge()
    page = as_bob.get(f"{CHANGES}{change.pk}/")
    assert (page.status_code, page.context["lines"]) == (200, [])
    assert "Old rope" not in page.text
    assert as_bob.post(f"{CHANGES}{change.pk}/undo/").status_code == 302
    [entry] = entries(acme_board, "changeset.undone")
    assert entry.after == {"reverted": 0, "kept": 0}
