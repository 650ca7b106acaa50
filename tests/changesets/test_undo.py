"""Taking back what nobody has changed since, and telling what was kept."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from organizations.audit.models import AuditEntry
from organizations.tenancy import no_context, tenant
from tasks.changesets.flows import keep_created
from tasks.changesets.models import ChangeSet, State
from tests.changesets.test_bulk import DELETE, EDIT, picked


@pytest.fixture
def undo(as_bob, kept):
    def take_back(client=None, **headers):
        address = f"/tasks/changes/{kept.last().pk}/undo/"
        return (client or as_bob).post(address, headers=headers)

    return take_back


def undone_entries(acme):
    with no_context(), tenant(acme):
        return list(AuditEntry.objects.filter(action="changeset.undone"))


def by_hand(board, task, **values):
    with no_context(), board.inside():
        board.now(task).edit(by=board.owner, **values)


def test_undo_of_a_500_row_bulk_edit_with_3_rows_changed_by_hand_in_between(
    as_bob, acme_board, kept, undo, cast
):
    tasks = acme_board.add_many(500)
    as_bob.post(EDIT, picked(*tasks, status="in_review"))
    for task in tasks[10:13]:
        with no_context(), acme_board.inside():
            acme_board.now(task).move("done", by=cast.alice)

    answer = undo()
    change = kept.last()
    assert (change.state, change.reverted, change.kept) == (State.UNDONE, 497, 3)
    statuses = [task.status for task in acme_board.all()]
    assert statuses.count("todo") == 497
    assert statuses.count("done") == 3
    assert answer["Location"] == f"/tasks/changes/{change.pk}/"
    page = as_bob.get(answer["Location"]).text
    assert "497 tasks are as they were. 3 were changed since and are kept" in page
    for task in tasks[10:13]:
        assert f"ACME-{task.number}<" in page
    assert f"ACME-{tasks[0].number}<" not in page
    assert page.count("<b>Done</b>") == 3
    assert page.count(">In review</td>") == 3
    assert "?whole=on" in page

    (entry,) = undone_entries(cast.acme)
    assert entry.after == {"reverted": 497, "kept": 3}
    assert entry.actor_id == cast.bob.pk
    moves = acme_board.history(tasks[0], "task.moved")
    assert [move.after["status"] for move in moves] == ["in_review", "todo"]
    assert len(acme_board.history(tasks[10], "task.moved")) == 2


def test_each_field_is_judged_by_itself(as_bob, acme_board, kept, undo, cast):
    task = acme_board.add(assignees=[cast.bob])
    values = {"priority": "5", "status": "done", "assignee": str(cast.adam.pk)}
    as_bob.post(EDIT, picked(task, **values))
    by_hand(acme_board, task, priority=1)
    undo()
    now = acme_board.now(task)
    assert (now.status, now.completed_at, now.priority) == ("todo", None, 1)
    assert acme_board.doers(task) == {cast.bob.pk}
    assert kept.items(kept.last())[0].kept == {"priority": 1}
    entry = acme_board.history(task, "task.edited")[-1]
    assert entry.before == {"status": "done", "assignees": [str(cast.adam.pk)]}
    assert entry.after == {"status": "todo", "assignees": [str(cast.bob.pk)]}


def test_a_kept_status_keeps_when_it_was_done(as_bob, acme_board, undo):
    task = acme_board.add(status="done")
    as_bob.post(EDIT, picked(task, status="todo", priority="5"))
    by_hand(acme_board, task, status="in_review")
    undo()
    now = acme_board.now(task)
    assert (now.status, now.completed_at, now.priority) == ("in_review", None, 3)


def test_who_has_left_is_not_assigned_again(as_bob, acme_board, undo, cast):
    task = acme_board.add(assignees=[cast.adam, cast.bob])
    as_bob.post(EDIT, picked(task, assignee="nobody"))
    with no_context(), tenant(cast.acme):
        cast.acme.memberships.get(user=cast.adam).delete()
    undo()
    assert acme_board.doers(task) == {cast.bob.pk}


def test_where_everything_was_changed_nothing_is_written(
    as_bob, acme_board, undo, cast
):
    task = acme_board.add()
    as_bob.post(EDIT, picked(task, priority="5"))
    by_hand(acme_board, task, priority=1)
    before = len(acme_board.history(task))
    undo()
    assert acme_board.now(task).priority == 1
    assert len(acme_board.history(task)) == before
    assert undone_entries(cast.acme)[0].after == {"reverted": 0, "kept": 1}


def test_undoing_twice_is_the_same_as_once(as_bob, acme_board, kept, undo, cast):
    task = acme_board.add()
    as_bob.post(EDIT, picked(task, status="done"))
    assert undo().status_code == 302
    as_bob.post(f"/tasks/{task.pk}/status/", {"status": "done"})
    answer = undo()
    assert answer["Location"] == f"/tasks/changes/{kept.last().pk}/"
    assert "That cannot be undone any more" in as_bob.get(answer["Location"]).text
    assert acme_board.now(task).status == "done"
    assert len(undone_entries(cast.acme)) == 1


def test_after_thirty_days_nothing_is_undone(as_bob, acme_board, kept, undo, cast):
    task = acme_board.add()
    as_bob.post(EDIT, picked(task, status="done"))
    with no_context(), acme_board.inside():
        old = timezone.now() - timedelta(days=30, minutes=1)
        ChangeSet.objects.update(created_at=old)
    undo()
    assert acme_board.now(task).status == "done"
    page = as_bob.get(f"/tasks/changes/{kept.last().pk}/").text
    assert "It can no longer be undone." in page
    assert "rotate-ccw" not in page
    assert undone_entries(cast.acme) == []


def test_the_row_is_locked_while_it_is_undone(as_bob, acme_board, undo, kept):
    as_bob.post(EDIT, picked(acme_board.add(), status="done"))
    seen = []

    def watch(execute, sql, params, many, context):
        seen.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        undo()
    locks = [sql for sql in seen if "FOR UPDATE" in sql]
    assert "changesets_changeset" in locks[0]
    assert "tasks_task" in locks[-1]
    assert kept.last().state == State.UNDONE


def test_a_deletion_is_undone_with_what_was_deleted_before_left_there(
    as_bob, acme_board, undo, kept
):
    first, second, third = acme_board.add_many(3)
    as_bob.post(f"/tasks/{third.pk}/delete/")
    as_bob.post(DELETE, picked(first, second, third))
    as_bob.post(f"/tasks/{second.pk}/restore/")
    as_bob.post(f"/tasks/{second.pk}/delete/")
    change = kept.all()[1]
    as_bob.post(f"/tasks/changes/{change.pk}/undo/")
    assert [task.pk for task in acme_board.all()] == [first.pk]
    assert len(acme_board.history(first, "task.restored")) == 1
    page = as_bob.get(f"/tasks/changes/{change.pk}/").text
    assert "1 are as they were. 1 was changed since" in page
    assert f"ACME-{second.number}<" in page


def test_a_single_deletion_can_be_undone_for_thirty_days_too(
    as_bob, acme_board, kept, undo
):
    task = acme_board.add()
    as_bob.post(f"/tasks/{task.pk}/delete/")
    assert (kept.last().kind, kept.last().count) == ("delete", 1)
    undo()
    assert [one.pk for one in acme_board.all()] == [task.pk]
    assert kept.last().state == State.UNDONE


def test_a_restored_task_settles_its_deletion(as_bob, acme_board, kept, cast):
    task = acme_board.add()
    as_bob.post(f"/tasks/{task.pk}/delete/")
    as_bob.post(f"/tasks/{task.pk}/restore/")
    assert kept.last().state == State.UNDONE
    assert kept.last().undone_by_id == cast.bob.pk
    assert acme_board.now(task).deleted_at is None


def test_an_undone_import_throws_away_what_nobody_touched(
    as_bob, acme_board, kept, undo, cast
):
    tasks = acme_board.add_many(5, assignees=[cast.bob])
    with no_context(), acme_board.inside():
        keep_created(tasks, by=cast.alice, label="spring.csv")
    by_hand(acme_board, tasks[0], title="Mine now")
    by_hand(acme_board, tasks[1], description="Longer")
    by_hand(acme_board, tasks[2], assignees=[])
    undo()
    change = kept.last()
    assert (change.reverted, change.kept) == (2, 3)
    assert [task.pk for task in acme_board.all()] == [t.pk for t in tasks[:3]]
    assert len(acme_board.history(tasks[3], "task.removed")) == 1
    assert acme_board.history(tasks[0], "task.removed") == []
    page = as_bob.get(f"/tasks/changes/{change.pk}/").text
    for word in ("spring.csv", "Mine now", "Description", "<b>Nobody</b>"):
        assert word in page
    assert "Bob Example" in page


def test_a_large_undo_is_a_job_that_goes_on_where_it_stopped(
    as_bob, acme_board, kept, undo, run_jobs, monkeypatch
):
    monkeypatch.setattr("tasks.changesets.working.SLICE", 2)
    tasks = acme_board.add_many(5)
    as_bob.post(EDIT, picked(*tasks, status="done"))
    monkeypatch.setattr("tasks.changesets.flows.IN_REQUEST", 3)
    answer = undo()
    assert answer["Location"] == f"/tasks/changes/{kept.last().pk}/"
    assert kept.last().state == State.UNDOING
    undo()
    assert run_jobs() == ["succeeded"]
    assert (kept.last().state, kept.last().reverted) == (State.UNDONE, 5)
    assert {task.status for task in acme_board.all()} == {"todo"}
    assert {len(acme_board.history(task, "task.moved")) for task in tasks} == {2}


def test_undo_from_a_page_leads_back_to_it(as_bob, acme_board, undo):
    as_bob.post(EDIT, picked(acme_board.add(), status="done"))
    back = undo(referer="http://testserver/tasks/?status=todo")
    assert back["Location"] == "/tasks/?status=todo"


def test_others_may_undo_if_they_may_change(
    as_adam, as_vera, as_charlie, as_bob, acme_board, undo, kept
):
    task = acme_board.add()
    as_bob.post(EDIT, picked(task, status="done"))
    assert undo(as_vera).status_code == 403
    assert undo(as_charlie).status_code == 404
    assert acme_board.now(task).status == "done"
    assert undo(as_adam).status_code == 302
    assert acme_board.now(task).status == "todo"
    assert kept.last().undone_by_id != kept.last().made_by_id


def test_whoever_may_not_delete_does_not_undo_deletions(
    cast, acme_board, sign_in, kept, as_bob
):
    from organizations.roles.flows import create_role, give_role

    task = acme_board.add()
    as_bob.post(DELETE, picked(task))
    with no_context(), tenant(cast.acme, cast.alice):
        role = create_role(
            name="Editor",
            base="member",
            abilities=["tasks.view", "tasks.edit"],
            by=cast.alice,
        )
        member = cast.acme.memberships.get(user=cast.vera)
        give_role(membership=member, role=role, by=cast.alice)
    vera = sign_in(cast.vera, cast.acme)
    address = f"/tasks/changes/{kept.last().pk}/"
    assert vera.post(f"{address}undo/").status_code == 403
    assert "rotate-ccw" not in vera.get(address).text
    assert acme_board.all() == []
