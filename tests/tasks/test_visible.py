"""What is written can be seen: one rule for titles, comments and names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from organizations.forms import can_be_seen
from tests.comments.conftest import Talk

NOTHING = ["\u200b", "\u200b\u2060\ufeff", "\u00ad", "\u2800", "\u3164\u115f", "\u0301"]
WORDS = "Write it with letters that can be seen."
LEAST = {"status": "todo", "priority": 3, "colour": "blue"}


@pytest.mark.parametrize("text", NOTHING)
@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/tasks/new/", "title"),
        ("/tasks/labels/new/", "name"),
        ("/organizations/teams/new/", "name"),
    ],
)
def test_what_shows_nothing_is_refused(as_alice, acme_board, path, field, text):
    answer = as_alice.post(path, LEAST | {field: text})
    assert answer.status_code == 422
    assert WORDS in answer.text
    assert acme_board.all() == []


@pytest.mark.parametrize("text", NOTHING)
def test_a_title_keeps_showing_something(as_alice, acme_board, text):
    task = acme_board.add("First")
    answer = as_alice.post(f"/tasks/{task.pk}/edit/", LEAST | {"title": text})
    assert answer.status_code == 422
    assert acme_board.now(task).title == "First"


@pytest.mark.parametrize("text", NOTHING)
def test_a_comment_that_shows_nothing_is_refused(as_bob, acme_board, text):
    talk = Talk(acme_board, acme_board.add())
    answer = as_bob.post(talk.new, {"body": text})
    assert (answer.status_code, talk.all()) == (422, [])
    assert WORDS in answer.text


def test_lines_that_show_nothing_are_no_tasks(as_bob, acme_board):
    titles = "First\n\u200b\n \u2060 \nSecond"
    assert as_bob.post("/tasks/new/several/", {"titles": titles}).status_code == 302
    assert [task.title for task in acme_board.all()] == ["First", "Second"]


@pytest.mark.parametrize("text", ["a", "😀", "שלום", "\u200bx", "1", "-", "\U00018cd6"])
def test_what_shows_something_can_be_seen(text):
    assert can_be_seen(text)


@given(st.text(st.characters(categories=["Cc", "Cf", "Zs", "Zl", "Zp", "Mn"])))
def test_no_number_of_shapeless_signs_can_be_seen(text):
    assert not can_be_seen(text)
