"""Two people edit one task at once."""

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.conflicts import EditConflict, fingerprint, fingerprints, read_base, settled
from tests.tasks.test_change import values

BASE = re.compile(r'name="base" value="([^"]*)"')


@pytest.fixture
def task(acme_board):
    return acme_board.add("Order the winter tyres", description="Four of them.")


@pytest.fixture
def path(task):
    return f"/tasks/{task.pk}/edit/"


def base_of(page):
    return unescape(BASE.search(page.text)[1])


def opened(client, path, **changes):
    """Open the form, and return what sending it with these changes posts."""
    return values(base=base_of(client.get(path)), **changes)


def test_what_each_changed_is_kept(as_bob, as_alice, acme_board, task, path):
    bobs = opened(as_bob, path, title="Order the summer tyres")
    alices = opened(as_alice, path, description="Five.", priority="5")
    assert as_alice.post(path, alices).status_code == 302
    assert as_bob.post(path, bobs).status_code == 302
    now = acme_board.now(task)
    assert (now.title, now.description, now.priority) == (
        "Order the summer tyres",
        "Five.",
        5,
    )
    last = acme_board.history(task, "task.edited")[-1]
    assert list(last.after) == ["title"]


def test_the_second_sees_both_values_and_nothing_is_lost(
    as_bob, as_alice, acme_board, task, path
):
    bobs = opened(as_bob, path, title="Bob's title", description="Bob's text")
    as_alice.post(path, opened(as_alice, path, title="Alice's <title>"))
    answer = as_bob.post(path, bobs)
    assert answer.status_code == 409
    text = unescape(answer.text)
    for words in ("Alice Example changed this meanwhile", "Alice's <title>"):
        assert words in text
    assert "<title>”" not in answer.text
    assert "Bob's title" in text
    assert "Bob's text" in text
    now = acme_board.now(task)
    assert (now.title, now.description) == ("Alice's <title>", "Four of them.")
    assert len(acme_board.history(task, "task.edited")) == 1


def test_saving_again_writes_what_stands_in_the_form(
    as_bob, as_alice, acme_board, task, path
):
    bobs = opened(as_bob, path, title="Bob's title")
    as_alice.post(path, opened(as_alice, path, title="Alice's title", priority="5"))
    page = as_bob.post(path, bobs)
    again = bobs | {"base": base_of(page)}
    again["priority"] = "5"
    assert as_bob.post(path, again).status_code == 302
    now = acme_board.now(task)
    assert (now.title, now.priority) == ("Bob's title", 5)


def test_the_same_change_twice_is_no_conflict(as_bob, as_alice, acme_board, task, path):
    bobs = opened(as_bob, path, title="Both")
    as_alice.post(path, opened(as_alice, path, title="Both"))
    assert as_bob.post(path, bobs).status_code == 302
    assert len(acme_board.history(task, "task.edited")) == 1


def test_people_are_compared_as_well(as_bob, as_alice, cast, acme_board, task, path):
    bobs = opened(as_bob, path, assignees=[cast.bob.pk])
    as_alice.post(path, opened(as_alice, path, assignees=[cast.vera.pk]))
    answer = as_bob.post(path, bobs)
    assert answer.status_code == 409
    assert "Now the assignees:" in answer.text
    assert "Vera Example" in answer.text
    assert acme_board.doers(task) == {cast.vera.pk}


def test_a_moved_task_is_told(as_bob, as_alice, task, path):
    bobs = opened(as_bob, path, status="done")
    as_alice.post(f"/tasks/{task.pk}/status/", {"status": "in_review"})
    answer = as_bob.post(path, bobs)
    assert answer.status_code == 409
    assert "Now the status:" in answer.text
    assert "In review" in answer.text


@pytest.mark.parametrize("base", ["", "{", "[]", "1", '{"title": 1}', "[" * 900])
def test_a_mangled_base_is_as_none(as_bob, acme_board, task, path, base):
    assert as_bob.post(path, values(title="New", base=base)).status_code == 302
    assert acme_board.now(task).title == "New"


def test_a_form_that_changes_nothing_writes_nothing(as_bob, acme_board, task, path):
    assert as_bob.post(path, opened(as_bob, path)).status_code == 302
    assert acme_board.history(task, "task.edited") == []


WORDS = st.dictionaries(st.sampled_from("abc"), st.text(max_size=3), min_size=3)


def outcome(mine, base, now):
    """Return what is written, and what two people have changed."""
    try:
        return settled(mine, fingerprints(base), now), []
    except EditConflict as conflict:
        return {}, conflict.fields


@given(base=WORDS, now=WORDS, mine=WORDS)
def test_nothing_of_others_is_overwritten_unseen(base, now, mine):
    written, both = outcome(mine, base, now)
    for name in mine:
        was, stands, wanted = (fingerprint(each[name]) for each in (base, now, mine))
        assert (name in both) <= (was != stands != wanted != was)
        assert (name in written) <= (wanted != was)
        assert (name in written) <= (stands in (was, wanted))


@given(st.text())
def test_any_text_is_a_base(text):
    assert isinstance(read_base(text), dict)


def test_lines_end_alike_in_forms_and_rows():
    assert fingerprint("a\r\nb ") == fingerprint("a\nb")
