"""Tasks are counted by the database: no way in or out goes round it."""

from threading import Barrier, Thread

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from organizations.limits.refusals import LimitReached
from organizations.tenancy import no_context, operator, tenant
from organizations.tenancy.models import uuid7
from tasks.changesets.flows import restore_tasks, undo
from tasks.flows import create_task, create_tasks
from tasks.models import Task
from tests.changesets.conftest import Kept
from tests.conftest import gather
from tests.limits.conftest import set_acme, used_of
from tests.operator.conftest import CONSOLE
from tests.tenancy.attacks import sql

NEW, SEVERAL, BULK = "/tasks/new/", "/tasks/new/several/", "/tasks/bulk/delete/"
QUICK = {"headers": {"hx-request": "true"}}


def titles(count):
    return {"titles": "\n".join(f"Line {number}" for number in range(count))}


def test_every_new_task_is_counted(as_bob, acme_board, used):
    as_bob.post(NEW, {"title": "By its form"})
    as_bob.post(NEW, {"title": "Quickly"}, **QUICK)
    as_bob.post(SEVERAL, titles(3))
    acme_board.add_many(600)
    assert used() == 605


def test_tasks_of_another_organization_are_its_own(acme_board, globex_board, cast):
    acme_board.add_many(3)
    globex_board.add_many(2)
    assert (used_of(cast.acme), used_of(cast.globex)) == (3, 2)


# cap 54
def test_the_task_after_the_last_is_refused(allow, acme_board, used):
    allow(tasks=2)
    acme_board.add_many(2)
    with pytest.raises(LimitReached) as refused:
        acme_board.add()
    assert str(refused.value) == "The limit is reached: 2 of 2 tasks."
    assert (used(), len(acme_board.all())) == (2, 2)


def test_many_at_once_are_all_made_or_none(allow, acme_board, used):
    allow(tasks=5)
    acme_board.add_many(3)
    with pytest.raises(LimitReached) as refused:
        acme_board.add_many(3)
    assert (refused.value.more, refused.value.left) == (3, 2)
    assert "3 of 5 tasks are there, and 2 more would fit" in str(refused.value)
    assert used() == 3


def test_a_refused_task_uses_up_no_number(allow, acme_board):
    allow(tasks=1)
    first = acme_board.add()
    with pytest.raises(LimitReached):
        acme_board.add()
    allow()
    assert acme_board.add().number == first.number + 1


def test_the_trash_does_not_count_and_coming_back_does(as_bob, allow, acme_board, used):
    allow(tasks=2)
    first, second = acme_board.add_many(2)
    as_bob.post(f"/tasks/{first.pk}/delete/")
    assert used() == 1
    third = acme_board.add("In its place")
    answer = as_bob.post(f"/tasks/{first.pk}/restore/")
    assert answer.status_code == 402
    assert "The limit is reached: 2 of 2 tasks." in answer.text
    assert acme_board.now(first).deleted_at is not None
    assert acme_board.history(first, "task.restored") == []
    as_bob.post(f"/tasks/{third.pk}/delete/")
    assert as_bob.post(f"/tasks/{first.pk}/restore/").status_code == 302
    assert (used(), acme_board.all()) == (2, [first, second])


def test_deleting_and_undoing_count_alike(as_bob, allow, acme_board, cast, used):
    tasks = acme_board.add_many(4)
    as_bob.post(BULK, {"pick": [str(task.pk) for task in tasks[:3]]})
    assert used() == 1
    change = Kept(acme_board).last()
    allow(tasks=3)
    answer = as_bob.post(f"/tasks/changes/{change.pk}/undo/")
    assert answer.status_code == 402
    assert (used(), Kept(acme_board).last().state) == (1, "done")
    allow(tasks=4)
    with no_context(), acme_board.inside():
        undo(change_set=change, by=cast.bob)
    assert used() == 4


def test_the_trash_is_emptied_back_wholly_or_not_at_all(allow, acme_board, cast, used):
    tasks = acme_board.add_many(3)
    with no_context(), acme_board.inside():
        for task in tasks:
            task.remove(by=cast.alice)
        allow(tasks=2)
        with pytest.raises(LimitReached):
            restore_tasks(ids=[task.pk for task in tasks], by=cast.alice)
        assert used() == 0
        assert restore_tasks(ids=[tasks[0].pk, tasks[1].pk], by=cast.alice) == 2
    assert used() == 2


def test_statements_by_hand_are_counted_as_well(allow, acme_board, cast, used):
    acme_board.add()
    again = (
        "INSERT INTO tasks_task (organization_id, id, number, title, description,"
        " status, priority, created_by_id) SELECT organization_id, %s, number + 1000,"
        " title, description, status, priority, created_by_id FROM tasks_task"
    )
    with no_context(), acme_board.inside():
        assert sql(again, [uuid7()]) == 1
        assert used() == 2
        allow(tasks=2)
        with pytest.raises(IntegrityError, match="the limit is reached"):
            with transaction.atomic():
                sql(again + " ORDER BY number DESC LIMIT 1", [uuid7()])
        assert sql("UPDATE tasks_task SET deleted_at = now()") == 2
    assert used() == 0


def test_changing_a_task_asks_no_counter(acme_board, as_bob, used):
    task = acme_board.add()
    seen = []

    def watching(call, statement, params, many, context):
        seen.append(statement)
        return call(statement, params, many, context)

    with connection.execute_wrapper(watching):
        as_bob.post(f"/tasks/{task.pk}/status/", {"status": "done"})
    assert acme_board.now(task).is_done
    assert [one for one in seen if "usage" in one] == []
    assert used() == 1


def test_at_the_limit_what_is_there_can_be_changed(as_bob, allow, acme_board):
    task = acme_board.add()
    allow(tasks=1)
    as_bob.post(f"/tasks/{task.pk}/status/", {"status": "done"})
    assert acme_board.now(task).is_done


def test_the_end_of_trashed_tasks_counts_nothing(acme_board, used):
    kept, gone = acme_board.add_many(2)
    with no_context(), acme_board.inside():
        gone.remove(by=acme_board.owner)
        assert used() == 1
        Task.with_trash.filter(pk=gone.pk).delete()
        assert used() == 1
        Task.with_trash.filter(pk=kept.pk).delete()
    assert used() == 0


@CONSOLE
def test_staff_are_counted_in_the_organization_of_the_row(acme_board, cast, used):
    task = acme_board.add()
    with no_context(), operator(cast.olga, "test"):
        rows = Task.with_trash.filter(pk=task.pk)
        assert rows.update(deleted_at=timezone.now()) == 1
        assert used_of(cast.acme) == 0
        assert rows.update(deleted_at=None) == 1
    assert used() == 1


def create_at_once(cast, number):
    """Create tasks in threads of their own; return how many were made and refused."""
    gate, made, refused = Barrier(number), [], []

    def go(place):
        try:
            with tenant(cast.acme, cast.bob):
                gate.wait()
                made.append(create_task(by=cast.bob, title=f"Task {place}"))
        except LimitReached:
            refused.append(place)
        finally:
            connection.close()

    threads = [Thread(target=go, args=[place]) for place in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(made), len(refused)


# cap 54
@pytest.mark.django_db(transaction=True)
def test_of_fifty_tasks_at_once_only_those_are_made_that_fit():
    cast = gather()
    set_acme(cast, limits={"tasks": 7})
    assert create_at_once(cast, 50) == (7, 43)
    assert used_of(cast.acme) == 7
    with no_context(), tenant(cast.acme):
        assert Task.objects.count() == 7


def stir(cast, place):
    """Make, throw away and bring back tasks in one thread, as they come."""
    with tenant(cast.acme, cast.bob):
        for turn in range(6):
            try:
                made = create_tasks(
                    by=cast.bob, drafts=[{"title": f"{place} {turn}"}] * (turn + 1)
                )
                made[0].remove(by=cast.bob)
                made[0].restore(by=cast.bob)
                made[-1].remove(by=cast.bob)
            except LimitReached:
                Task.objects.filter(title__startswith=f"{place} ").remove()


# cap 54
@pytest.mark.django_db(transaction=True)
def test_whatever_happens_at_once_the_counter_agrees_with_the_rows():
    cast = gather()
    set_acme(cast, limits={"tasks": 40})
    broken = []

    def go(place):
        try:
            stir(cast, place)
        except Exception as error:
            broken.append(error)
        finally:
            connection.close()

    threads = [Thread(target=go, args=[place]) for place in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert broken == []
    with no_context(), tenant(cast.acme):
        assert used_of(cast.acme) == Task.objects.count() <= 40
