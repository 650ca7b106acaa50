"""The pages of recent changes, and adding several tasks."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from organizations.tenancy import no_context
from tasks.changesets.flows import keep_created
from tests.changesets.test_bulk import DELETE, EDIT, picked

CHANGES, SEVERAL = "/tasks/changes/", "/tasks/new/several/"


def test_recent_changes_say_who_did_what_to_how_many(
    as_bob, as_vera, acme_board, cast, kept
):
    tasks = acme_board.add_many(3)
    values = {"status": "done", "assignee": str(cast.adam.pk), "due": "none"}
    as_bob.post(EDIT, picked(*tasks, **values))
    as_bob.post(DELETE, picked(tasks[0]))
    with no_context(), acme_board.inside():
        keep_created(tasks[1:], by=cast.alice, label="<b>plan</b>.csv")
    page = as_vera.get(CHANGES).text
    assert "Status: Done, Due date: None, Assignees: Adam Example" in page
    assert "&lt;b&gt;plan&lt;/b&gt;.csv" in page
    assert page.index("Imported") < page.index("Moved to the trash")
    assert page.index("Moved to the trash") < page.index("Changed<")
    for change in kept.all():
        assert f"{CHANGES}{change.pk}/" in page


def test_there_may_be_nothing_to_undo(as_bob, as_charlie, acme_board):
    assert "Nothing to undo" in as_bob.get(CHANGES).text
    as_bob.post(EDIT, picked(acme_board.add(), status="done"))
    assert "Nothing to undo" in as_charlie.get(CHANGES).text


def test_changes_of_others_are_not_there(as_charlie, as_bob, acme_board, kept):
    as_bob.post(EDIT, picked(acme_board.add(), status="done"))
    address = f"{CHANGES}{kept.last().pk}/"
    assert as_bob.get(address).status_code == 200
    assert as_charlie.get(address).status_code == 404
    assert as_charlie.post(f"{address}undo/").status_code == 404


def test_older_changes_are_on_the_next_page(as_bob, acme_board, monkeypatch, kept):
    monkeypatch.setattr("tasks.changesets.listing.PAGE", 2)
    task = acme_board.add()
    for status in ("done", "backlog", "in_review"):
        as_bob.post(EDIT, picked(task, status=status))
    page = as_bob.get(CHANGES).text
    assert "Status: Done" not in page
    after = kept.all()[1].pk
    assert f"?after={after}" in page
    older = as_bob.get(f"{CHANGES}?after={after}").text
    assert "Status: Done" in older
    assert "Status: In review" not in older


@pytest.mark.parametrize("bad", ["after=x", "whole=%FF", "q=" + "x" * 999])
def test_a_mangled_address_begins_anew(as_bob, acme_board, kept, bad):
    as_bob.post(EDIT, picked(acme_board.add(), status="done"))
    for address in (CHANGES, f"{CHANGES}{kept.last().pk}/", "/tasks/trash/"):
        assert as_bob.get(f"{address}?{bad}").status_code == 200


def test_a_change_lists_its_tasks_page_by_page(as_bob, acme_board, monkeypatch, kept):
    monkeypatch.setattr("tasks.changesets.listing.PAGE", 2)
    tasks = acme_board.add_many(3, due_date="2026-12-24")
    as_bob.post(EDIT, picked(*tasks, due="none", priority="1"))
    address = f"{CHANGES}{kept.last().pk}/"
    page = as_bob.get(address).text
    assert "Task 0" in page
    assert "24 Dec 2026" in page
    assert "Task 2" not in page
    assert f"?after={tasks[1].pk}" in page
    assert "Task 2" in as_bob.get(f"{address}?after={tasks[1].pk}").text


def test_pages_ask_as_much_for_one_as_for_many(as_bob, acme_board, kept, cast):
    def counts():
        found = []
        for address in (CHANGES, f"{CHANGES}{kept.last().pk}/"):
            with CaptureQueriesContext(connection) as seen:
                assert as_bob.get(address).status_code == 200
            found.append(len(seen))
        return found

    values = {"assignee": str(cast.adam.pk)}
    as_bob.post(EDIT, picked(acme_board.add(), **values))
    as_bob.get(CHANGES)
    few = counts()
    for _each in range(10):
        as_bob.post(EDIT, picked(*acme_board.add_many(5), **values))
    as_bob.get(CHANGES)
    assert counts() == few


# cap 64
def test_several_tasks_are_added_at_once(as_bob, acme_board):
    assert "one in each line" in as_bob.get(SEVERAL).text
    text = "Order rope\r\n\n  Wax the skis  \n<b>Call</b> Ann"
    answer = as_bob.post(SEVERAL, {"titles": text}, follow=True)
    assert answer.redirect_chain == [("/tasks/", 302)]
    assert "3 tasks created" in answer.text
    made = acme_board.all()
    assert [task.title for task in made] == [
        "Order rope",
        "Wax the skis",
        "<b>Call</b> Ann",
    ]
    assert [len(acme_board.history(task, "task.created")) for task in made] == [1] * 3


# cap 64
def test_one_bad_line_adds_none_and_is_named(as_bob, acme_board):
    text = "\n".join(["Fine", "x" * 201, "Fine too", "y" * 300])
    answer = as_bob.post(SEVERAL, {"titles": text})
    assert answer.status_code == 422
    assert "Line 2 has 201 characters" in answer.text
    assert "Line 4 has 300 characters" in answer.text
    assert "Fine too" in answer.text
    assert acme_board.all() == []


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("\n".join(["x"] * 201), "These are 201 tasks"),
        ("", "This field is required"),
        ("\n \n", "This field is required"),
        ("a\0b", "Null characters"),
        ("x" * 100_000, "at most"),
    ],
)
def test_too_much_or_nothing_is_refused(as_bob, acme_board, text, problem):
    answer = as_bob.post(SEVERAL, {"titles": text})
    assert answer.status_code == 422
    assert problem in answer.text
    assert acme_board.all() == []


def test_two_hundred_are_fine(as_bob, acme_board):
    text = "\n".join(["x" * 200] * 200)
    assert as_bob.post(SEVERAL, {"titles": text}).status_code == 302
    assert len(acme_board.all()) == 200


def test_viewers_add_none(as_vera, acme_board):
    assert as_vera.get(SEVERAL).status_code == 403
    assert as_vera.post(SEVERAL, {"titles": "x"}).status_code == 403
    assert acme_board.all() == []
