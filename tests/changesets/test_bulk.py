"""Changing a selection of tasks, ticked or by the list's filters."""

import uuid
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from organizations.tenancy import no_context
from tasks.changesets.forms import MOST_PICKED
from tasks.changesets.models import Kind, State

EDIT, DELETE = "/tasks/bulk/", "/tasks/bulk/delete/"


def picked(*tasks, **values):
    return {"pick": [str(task.pk) for task in tasks], **values}


def test_ticked_tasks_are_changed_and_each_has_its_entry(as_bob, acme_board, kept):
    first, second, other = acme_board.add_many(3)
    answer = as_bob.post(EDIT, picked(first, second, status="done"), follow=True)
    assert answer.redirect_chain == [("/tasks/", 302)]
    assert "2 tasks changed" in answer.text
    assert f"/tasks/changes/{kept.last().pk}/undo/" in answer.text
    for task in (first, second):
        now = acme_board.now(task)
        assert now.status == "done"
        assert now.completed_at is not None
        (entry,) = acme_board.history(task, "task.moved")
        assert (entry.before, entry.after) == (
            {"status": "todo"},
            {"status": "done"},
        )
    assert acme_board.now(other).status == "todo"
    assert len(acme_board.history(other)) == 1


def test_a_list_ticks_tasks_by_their_numbers(as_bob, acme_board, globex_board):
    tasks = acme_board.add_many(3)
    theirs = globex_board.add_many(3)
    page = as_bob.get("/tasks/?select=1").text
    assert f"name=pick value={tasks[1].number} form=bulk" in page
    values = {"pick": [tasks[1].number, "99", "0", "9" * 30, "1e3"], "status": "done"}
    answer = as_bob.post(EDIT, values, follow=True)
    assert "1 task changed. 2 were so already, or are gone" in answer.text
    assert [task.status for task in acme_board.all()] == ["todo", "done", "todo"]
    assert {task.status for task in globex_board.all()} == {"todo"}
    assert len(theirs) == 3


def test_several_fields_are_one_edit_of_each_task(as_alice, acme_board, cast, kept):
    task = acme_board.add(assignees=[cast.bob])
    values = {"priority": "5", "assignee": str(cast.adam.pk), "due": "tomorrow"}
    as_alice.post(EDIT, picked(task, **values))
    now = acme_board.now(task)
    assert now.priority == 5
    assert now.due_date == timezone.localdate() + timedelta(days=1)
    assert acme_board.doers(task) == {cast.adam.pk}
    (entry,) = acme_board.history(task, "task.edited")
    assert entry.before["assignees"] == [str(cast.bob.pk)]
    assert entry.after == {
        "priority": 5,
        "assignees": [str(cast.adam.pk)],
        "due_date": str(now.due_date),
    }
    assert (kept.last().kind, kept.last().made_by_id) == (
        Kind.BULK_EDIT,
        cast.alice.pk,
    )


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"due": "none"}, None),
        ({"due": "today"}, 0),
        ({"due": "week"}, 7),
    ],
)
def test_due_days_are_counted_from_today(as_bob, acme_board, values, expected):
    task = acme_board.add(due_date="2020-01-01")
    as_bob.post(EDIT, picked(task, **values))
    wanted = expected
    if expected is not None:
        wanted = timezone.localdate() + timedelta(days=expected)
    assert acme_board.now(task).due_date == wanted


def test_a_day_of_ones_own(as_bob, acme_board):
    task = acme_board.add()
    as_bob.post(EDIT, picked(task, due="day", due_date="2031-02-03"))
    assert str(acme_board.now(task).due_date) == "2031-02-03"


def test_nobody_does_the_tasks_any_more(as_bob, acme_board, cast):
    tasks = acme_board.add_many(2, assignees=[cast.bob, cast.alice])
    as_bob.post(EDIT, picked(*tasks, assignee="nobody"))
    assert [acme_board.doers(task) for task in tasks] == [set(), set()]


def test_what_is_so_already_is_no_part_of_the_change(as_bob, acme_board, kept):
    todo, done = acme_board.add(), acme_board.add(status="done")
    answer = as_bob.post(EDIT, picked(todo, done, status="done"), follow=True)
    assert "1 task changed. 1 were so already, or are gone" in answer.text
    assert kept.last().count == 1
    assert [item.task_id for item in kept.items(kept.last())] == [todo.pk]
    assert len(acme_board.history(done)) == 1


def test_a_change_of_nothing_leaves_nothing(as_bob, acme_board, kept):
    task = acme_board.add()
    answer = as_bob.post(EDIT, picked(task, status="todo"), follow=True)
    assert "Nothing to change" in answer.text
    assert kept.all() == []
    assert len(acme_board.history(task)) == 1


def test_foreign_deleted_and_unknown_ids_are_all_alike(
    as_bob, acme_board, globex_board, cast
):
    own, foreign, gone = acme_board.add(), globex_board.add(), acme_board.add()
    with no_context(), acme_board.inside():
        gone.remove(by=cast.alice)
    values = {
        "pick": [str(own.pk), str(foreign.pk), str(gone.pk), str(uuid.uuid4()), "x"],
        "status": "done",
    }
    answer = as_bob.post(EDIT, values, follow=True)
    assert "1 task changed. 3 were so already, or are gone" in answer.text
    assert globex_board.now(foreign).status == "todo"
    assert acme_board.now(gone).status == "todo"
    assert len(globex_board.history(foreign)) == 1


def test_a_stranger_is_assigned_nothing(as_bob, acme_board, cast):
    task = acme_board.add()
    answer = as_bob.post(EDIT, picked(task, assignee=str(cast.charlie.pk)))
    assert answer.status_code == 422
    assert acme_board.doers(task) == set()
    assert "charlie" not in answer.text.lower()


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({}, "Choose what to change."),
        ({"status": "lost"}, "Select a valid choice"),
        ({"priority": "4"}, "Select a valid choice"),
        ({"due": "day"}, "Choose a day."),
        ({"due": "day", "due_date": "0000-01-01"}, "Enter a valid date."),
        ({"due": "day", "due_date": "31.12."}, "Enter a valid date."),
        ({"status": "done\0"}, "Select a valid choice"),
    ],
)
def test_what_makes_no_sense_is_said_and_the_selection_is_kept(
    as_bob, acme_board, values, problem
):
    task = acme_board.add()
    answer = as_bob.post(EDIT, picked(task, **values))
    assert answer.status_code == 422
    assert problem in answer.text
    assert f'name="pick" value="{task.pk}"' in answer.text
    assert acme_board.now(task).status == "todo"


def test_nothing_selected_is_said(as_bob):
    for address in (EDIT, DELETE):
        answer = as_bob.post(address, {"status": "done"})
        assert answer.status_code == 422
        assert "Select at least one task." in answer.text


def test_more_ids_than_a_page_can_have_are_refused(as_bob):
    many = [str(uuid.uuid4()) for _ in range(MOST_PICKED + 1)]
    answer = as_bob.post(EDIT, {"pick": many, "status": "done"})
    assert answer.status_code == 422


def test_without_scripts_the_bar_leads_to_a_page(as_bob, acme_board):
    first, second = acme_board.add_many(2)
    chosen = picked(first, second, step="choose", matching="?status=todo")
    answer = as_bob.post(EDIT, chosen)
    assert answer.status_code == 200
    assert "Change 2 tasks" in answer.text
    assert str(first.pk) in answer.text
    assert acme_board.now(first).status == "todo"
    done = as_bob.post(EDIT, picked(first, matching="?status=todo", priority="1"))
    assert done["Location"] == "/tasks/?status=todo"


def test_an_address_of_another_place_is_not_gone_to(as_bob, acme_board):
    task = acme_board.add()
    values = picked(task, status="done", matching="//evil.example/?next=http://e")
    assert as_bob.post(EDIT, values)["Location"] == "/tasks/"


def test_all_that_the_list_leads_to(as_bob, acme_board, globex_board, cast, kept):
    theirs = globex_board.add(priority=5)
    wanted = acme_board.add_many(3, priority=5, assignees=[cast.bob])
    others = [acme_board.add(priority=5), acme_board.add(assignees=[cast.bob])]
    matching = "?" + urlencode({"priority": "5", "assignee": "me"})
    as_bob.post(EDIT, {"all": "on", "matching": matching, "status": "done"})
    assert {acme_board.now(task).status for task in wanted} == {"done"}
    assert {acme_board.now(task).status for task in others} == {"todo"}
    assert globex_board.now(theirs).status == "todo"
    assert kept.last().count == 3
    assert kept.last().selection["matching"] == "?priority=5&assignee=me"


def test_all_found_by_words(as_bob, acme_board):
    found = acme_board.add("Repair the north gate")
    other = acme_board.add("Buy paint")
    as_bob.post(EDIT, {"all": "on", "matching": "?q=north", "status": "done"})
    assert acme_board.now(found).status == "done"
    assert acme_board.now(other).status == "todo"


def test_selected_tasks_go_to_the_trash(as_bob, acme_board, kept):
    first, second, other = acme_board.add_many(3)
    answer = as_bob.post(DELETE, picked(first, second), follow=True)
    assert "2 tasks moved to the trash" in answer.text
    assert [task.pk for task in acme_board.all()] == [other.pk]
    assert (kept.last().kind, kept.last().count) == (Kind.DELETE, 2)
    for task in (first, second):
        assert len(acme_board.history(task, "task.removed")) == 1


def test_viewers_have_no_boxes_and_change_nothing(as_vera, acme_board):
    task = acme_board.add()
    page = as_vera.get("/tasks/").text
    assert 'id="bulk"' not in page
    assert "class=pick" not in page
    assert as_vera.get(EDIT).status_code == 403
    assert as_vera.post(EDIT, picked(task, status="done")).status_code == 403
    assert as_vera.post(DELETE, picked(task)).status_code == 403
    assert acme_board.now(task).status == "todo"


def test_the_menus_count_what_the_list_leads_to(as_bob, acme_board, cast):
    acme_board.add_many(3, priority=5)
    acme_board.add()
    part = as_bob.get(f"{EDIT}?priority=5", headers={"HX-Request": "true"})
    assert "All 3 matching" in part.text
    assert "<html" not in part.text
    for word in ("Status", "Priority", "Assign", "Due", str(cast.adam)):
        assert word in part.text
    assert str(cast.charlie) not in part.text
    page = as_bob.get(f"{EDIT}?priority=5")
    assert page.status_code == 200
    assert "Change 3 tasks" in page.text


def test_a_large_change_is_worked_off_with_progress(
    as_bob, acme_board, kept, run_jobs, monkeypatch
):
    monkeypatch.setattr("tasks.changesets.flows.IN_REQUEST", 3)
    monkeypatch.setattr("tasks.changesets.working.SLICE", 2)
    tasks = acme_board.add_many(5)
    answer = as_bob.post(EDIT, picked(*tasks, status="done"))
    made = kept.last()
    address = f"/tasks/changes/{made.pk}/"
    assert answer["Location"] == address
    assert (made.state, made.total, made.done) == (State.RUNNING, 5, 0)
    assert "0 of 5 tasks" in as_bob.get(address).text
    part = as_bob.get(address, headers={"HX-Request": "true"})
    assert 'hx-trigger="every 2s"' in part.text
    assert as_bob.post(f"{address}undo/", follow=True).status_code == 200
    assert kept.last().state == State.RUNNING

    assert run_jobs() == ["succeeded"]
    made = kept.last()
    assert (made.state, made.done, made.count) == (State.DONE, 5, 5)
    assert {acme_board.now(task).status for task in tasks} == {"done"}
    assert all(len(acme_board.history(task, "task.moved")) == 1 for task in tasks)
    done = as_bob.get(address, headers={"HX-Request": "true"})
    assert done["HX-Refresh"] == "true"


def test_tasks_made_after_the_selection_are_left_alone(
    as_bob, acme_board, kept, run_jobs, monkeypatch
):
    monkeypatch.setattr("tasks.changesets.flows.IN_REQUEST", 1)
    acme_board.add_many(3)
    as_bob.post(EDIT, {"all": "on", "status": "done"})
    late = acme_board.add()
    run_jobs()
    assert kept.last().count == 3
    assert acme_board.now(late).status == "todo"


@given(chosen=st.sets(st.integers(0, 5)), wanted=st.sampled_from(["done", "todo"]))
def test_exactly_the_selected_are_changed(as_bob, acme_board, chosen, wanted):
    tasks = [*acme_board.add_many(3), *acme_board.add_many(3, status="done")]
    picks = [tasks[number] for number in chosen]
    before = {task.pk: task.status for task in tasks}
    answer = as_bob.post(EDIT, picked(*picks, status=wanted))
    assert answer.status_code == (302 if chosen else 422)
    for number, task in enumerate(tasks):
        expected = wanted if number in chosen else before[task.pk]
        assert acme_board.now(task).status == expected


def test_statements_do_not_grow_with_the_tasks(as_bob, acme_board):
    counts = []
    for count in (5, 500):
        tasks = acme_board.add_many(count)
        with CaptureQueriesContext(connection) as seen:
            as_bob.post(EDIT, picked(*tasks, status="done", priority="5"))
        told = [query["sql"].lstrip() for query in seen.captured_queries]
        assert len([one for one in told if one.startswith("UPDATE tasks_task")]) == 1
        notes = "INSERT INTO changesets_changesetitem"
        assert len([one for one in told if one.startswith(notes)]) == 1
        counts.append(len(told))
    assert counts[0] == counts[1] <= 25
