"""The trash: who put what there, how long it stays, and its end."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from organizations.audit.models import AuditEntry
from organizations.tenancy import identity, no_context, tenant
from tasks.changesets import trash
from tasks.changesets.jobs import purge_trash
from tasks.changesets.models import ChangeSetItem, State
from tasks.models import Task
from tests.changesets.test_bulk import DELETE, picked

TRASH, RESTORE = "/tasks/trash/", "/tasks/trash/restore/"


@pytest.fixture
def thrown(as_bob, acme_board):
    tasks = acme_board.add_many(3)
    as_bob.post(DELETE, picked(*tasks))
    return tasks


def age(board, *tasks, days):
    with no_context(), board.inside():
        rows = Task.with_trash.filter(pk__in=[task.pk for task in tasks])
        rows.update(deleted_at=timezone.now() - timedelta(days=days, minutes=1))


def purge():
    with no_context(), identity():
        trash.purge()


def test_it_says_what_who_and_how_long(as_bob, as_vera, acme_board, thrown):
    age(acme_board, thrown[0], days=27)
    page = as_vera.get(TRASH).text
    for task in thrown:
        assert f"ACME-{task.number}" in page
        assert task.title in page
    assert "Bob Example" in page
    assert ">3</td>" in page
    assert page.index(thrown[2].title) < page.index(thrown[0].title)
    assert 'name="pick"' not in page
    assert "Restore selected" not in page
    assert 'name="pick"' in as_bob.get(TRASH).text


def test_an_empty_trash_says_so(as_bob, as_charlie, thrown):
    assert "The trash is empty" in as_charlie.get(TRASH).text
    assert "The trash is empty" not in as_bob.get(TRASH).text


def test_it_is_searched_by_title(as_bob, acme_board, cast):
    rope, gate = acme_board.add("Buy 100% rope"), acme_board.add("Paint the gate")
    as_bob.post(DELETE, picked(rope, gate))
    page = as_bob.get(TRASH, {"q": "100% ROPE"}).text
    assert "Buy 100% rope" in page
    assert "Paint the gate" not in page
    assert "No deleted task matches" in as_bob.get(TRASH, {"q": "boat"}).text


def test_selected_tasks_come_back(as_bob, acme_board, thrown, globex_board, kept):
    foreign = globex_board.add()
    chosen = picked(thrown[0], thrown[1], foreign)
    answer = as_bob.post(RESTORE, chosen, follow=True)
    assert answer.redirect_chain == [(TRASH, 302)]
    assert "2 tasks are back" in answer.text
    assert [task.pk for task in acme_board.all()] == [t.pk for t in thrown[:2]]
    assert len(acme_board.history(thrown[0], "task.restored")) == 1
    assert len(globex_board.history(foreign)) == 1
    assert kept.last().state == State.DONE


def test_one_restored_from_the_trash_settles_its_deletion(as_bob, acme_board, kept):
    task = acme_board.add()
    as_bob.post(DELETE, picked(task))
    as_bob.post(RESTORE, picked(task))
    assert kept.last().state == State.UNDONE


def test_nothing_selected_restores_nothing(as_bob, acme_board, thrown):
    answer = as_bob.post(RESTORE, {}, follow=True)
    assert "Nothing was restored" in answer.text
    assert acme_board.all() == []


def test_viewers_restore_nothing(as_vera, acme_board, thrown):
    assert as_vera.post(RESTORE, picked(*thrown)).status_code == 403
    assert acme_board.all() == []


def test_it_goes_on_page_by_page(as_bob, acme_board, monkeypatch):
    monkeypatch.setattr(trash, "PAGE", 2)
    tasks = acme_board.add_many(5)
    as_bob.post(DELETE, picked(*tasks))
    seen, address = [], TRASH
    while address:
        page = as_bob.get(address)
        found = [line.task for line in page.context["thrown"]]
        seen += [task.pk for task in found]
        after = page.context["after"]
        address = f"{TRASH}?after={after}" if after else None
    assert seen == sorted((task.pk for task in tasks), reverse=True)


def test_a_page_asks_as_much_for_one_as_for_fifty(as_bob, acme_board):
    counts = []
    for count in (1, 49):
        as_bob.post(DELETE, picked(*acme_board.add_many(count)))
        as_bob.get(TRASH)
        with CaptureQueriesContext(connection) as seen:
            as_bob.get(TRASH)
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_after_thirty_days_nothing_is_left_but_its_history(
    acme_board, globex_board, as_bob, thrown, cast
):
    theirs = globex_board.add()
    with no_context(), globex_board.inside():
        theirs.remove(by=cast.charlie)
    age(globex_board, theirs, days=31)
    age(acme_board, *thrown[:2], days=30)
    purge()
    with no_context(), acme_board.inside():
        left = set(Task.with_trash.values_list("pk", flat=True))
        assert left == {thrown[2].pk}
        items = ChangeSetItem.objects.values_list("task_id", flat=True)
        assert set(items) == {thrown[2].pk}
    with no_context(), globex_board.inside():
        assert not Task.with_trash.exists()
    (entry,) = acme_board.history(thrown[0], "task.purged")
    assert entry.actor_type == "system"
    assert entry.target_label == "Task 0"
    assert entry.before["number"] == thrown[0].number
    assert acme_board.history(thrown[2], "task.purged") == []


def test_what_is_on_the_board_is_never_purged(acme_board, as_bob, thrown):
    task = acme_board.add()
    as_bob.post(RESTORE, picked(thrown[0]))
    age(acme_board, thrown[1], days=29)
    purge()
    with no_context(), acme_board.inside():
        assert Task.with_trash.count() == 4
        assert not AuditEntry.objects.filter(action="task.purged").exists()
    assert acme_board.now(task).deleted_at is None


def test_the_nightly_job_empties_it(acme_board, as_bob, thrown):
    age(acme_board, *thrown, days=31)
    with no_context():
        purge_trash(timestamp=0)
    with no_context(), acme_board.inside():
        assert not Task.with_trash.exists()


def test_the_purge_is_done_in_pieces(acme_board, as_bob, monkeypatch):
    monkeypatch.setattr(trash, "BATCH", 2)
    tasks = acme_board.add_many(5)
    as_bob.post(DELETE, picked(*tasks))
    age(acme_board, *tasks, days=31)
    purge()
    with no_context(), acme_board.inside():
        assert not Task.with_trash.exists()
        assert AuditEntry.objects.filter(action="task.purged").count() == 5


def test_undoing_a_change_of_purged_tasks_takes_the_rest(
    acme_board, as_bob, thrown, kept, cast
):
    age(acme_board, thrown[0], days=31)
    purge()
    with no_context(), tenant(cast.acme):
        assert kept.last().is_undoable
    as_bob.post(f"/tasks/changes/{kept.last().pk}/undo/")
    assert [task.pk for task in acme_board.all()] == [t.pk for t in thrown[1:]]
