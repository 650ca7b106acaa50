"""What is said about a task leads to it, and shows where it was found."""

from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from organizations.tenancy import no_context
from tasks.comments.flows import remove_comment
from tasks.rows import marker
from tests.changesets.test_bulk import EDIT
from tests.tasks.test_change import HTMX
from tests.tasks.test_list import more, rows


def test_words_of_comments_find_their_task(as_vera, acme_board, say):
    task, other = acme_board.add("Order tyres"), acme_board.add("Paint the fence")
    say(acme_board, task, "The garage in Lyon has none left")
    assert rows(as_vera.get("/tasks/?q=lyon")) == [task.number]
    assert rows(as_vera.get("/tasks/?q=gara ly")) == [task.number]
    assert rows(as_vera.get("/tasks/?q=fence")) == [other.number]
    assert rows(as_vera.get("/tasks/?q=lyon fence")) == []


def test_a_task_that_is_found_twice_is_shown_once(as_vera, acme_board, say):
    task = acme_board.add("Lyon")
    for _number in range(3):
        say(acme_board, task, "Lyon, once more Lyon")
    assert rows(as_vera.get("/tasks/?q=lyon")) == [task.number]


def test_filters_hold_for_what_was_said(as_vera, acme_board, say):
    done = acme_board.add("A", status="done")
    say(acme_board, done, "Lyon")
    say(acme_board, acme_board.add("B"), "Lyon")
    assert rows(as_vera.get("/tasks/?q=lyon&status=done")) == [done.number]
    page = as_vera.get("/tasks/board/?q=lyon&status=done").text
    assert ">A</a>" in page
    assert ">B</a>" not in page


def test_a_removed_comment_finds_nothing(as_vera, acme_board, say):
    task = acme_board.add("Order tyres")
    comment = say(acme_board, task, "The garage in Lyon")
    with no_context(), acme_board.inside():
        remove_comment(comment=comment, by=acme_board.owner)
    assert rows(as_vera.get("/tasks/?q=lyon")) == []


def test_what_others_say_is_never_found(as_charlie, acme_board, globex_board, say):
    say(acme_board, acme_board.add("Ours"), "secret of Lyon")
    mine = globex_board.add("Theirs")
    say(globex_board, mine, "secret of Graz")
    assert rows(as_charlie.get("/tasks/?q=secret")) == [mine.number]
    assert rows(as_charlie.get("/tasks/?q=lyon")) == []


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_a_walk_over_both_visits_every_task_once(as_bob, acme_board, say, headers):
    tasks = acme_board.add_many(120)
    for task in tasks[::2]:
        say(acme_board, task, "Lyon")
    titled = acme_board.add_many(30, title="Lyon")
    first = as_bob.get("/tasks/?q=lyon")
    seen, ahead = rows(first), more(first)
    while ahead:
        page = as_bob.get("/tasks/" + ahead.pop(), **headers)
        seen, ahead = seen + rows(page), ahead + more(page)
    expected = [task.number for task in (*tasks[::2], *titled)]
    assert sorted(seen) == sorted(expected)


def test_everything_that_matches_can_be_changed_at_once(as_bob, acme_board, say):
    said, other = acme_board.add("Order tyres"), acme_board.add("Paint")
    say(acme_board, said, "The garage in Lyon")
    as_bob.post(EDIT, {"all": "on", "matching": "?q=lyon", "priority": "5"})
    assert acme_board.now(said).priority == 5
    assert acme_board.now(other).priority == 3


@pytest.mark.parametrize(
    ("words", "title", "shown"),
    [
        ("win", "Winter in Winsen", "<mark>Win</mark>ter in <mark>Win</mark>sen"),
        ("inter", "Winter interval", "Winter <mark>inter</mark>val"),
        (
            "a b",
            "a <b> & B",
            "<mark>a</mark> &lt;<mark>b</mark>&gt; &amp; <mark>B</mark>",
        ),
        (".*", "x .* y", "x <mark>.*</mark> y"),
        ("win winter", "Winter", "<mark>Winter</mark>"),
        ("ž", "Žlutý", "<mark>Ž</mark>lutý"),
        ("nothing", "Other <i>", "Other &lt;i&gt;"),
    ],
)
def test_what_was_looked_for_is_marked(words, title, shown):
    assert marker(words)(title) == shown


@given(st.text(min_size=1).filter(str.strip), st.text())
def test_marking_never_loses_or_opens_anything(words, title):
    drawn = marker(words)(title)
    plain = drawn.replace("<mark>", "").replace("</mark>", "")
    assert plain == escape(title)


def test_the_list_marks_only_while_searching(as_vera, acme_board):
    acme_board.add("Order the winter tyres")
    assert "<mark>win</mark>ter" in as_vera.get("/tasks/?q=win").text
    assert "<mark>" not in as_vera.get("/tasks/").text
