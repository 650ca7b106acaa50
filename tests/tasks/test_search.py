"""Search: by the beginnings of words, whatever is typed."""

from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from organizations.tenancy import no_context
from tasks import queries
from tasks.filters import Filters
from tasks.search import prefix_query
from tests.tasks.test_list import rows

WORDS = ["oak", "oakum", "ash", "ashlar", "elm", "elmwood", "yew"]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("winter", True),
        ("WIN", True),
        ("tyres winter", True),
        ("brok", True),
        ("inter", False),
        ("winter summer", False),
        ("e-mail", True),
        ("mail", True),
        ("3.5", True),
        ("žlutý", True),
        ("žl", True),
        ("日本", True),
    ],
)
def test_words_are_found_by_their_beginnings(as_bob, acme_board, words, found):
    acme_board.add(
        "Order the winter tyres, 3.5 bar, by e-mail",
        description="Ask two brokers: žlutý, 日本語",
    )
    response = as_bob.get("/tasks/", {"q": words})
    assert len(rows(response)) == int(found)


@pytest.mark.parametrize(
    "hostile",
    [
        "'",
        "''",
        "\\",
        "a\\'b",
        "&",
        "a & | ! b",
        "!",
        "(",
        ":*",
        "a:*b",
        "<->",
        "%",
        "%s",
        "_",
        "\0",
        "'; DROP TABLE tasks_task; --",
        "x" * 5000,
        "é" * 500,
        " ".join(["word"] * 500),
        "\ud7ff\uffff",
        "🦜",
        "<script>",
    ],
)
def test_nothing_typed_is_an_error(as_bob, acme_board, hostile):
    acme_board.add("Plain")
    for query in ({"q": hostile}, {"q": hostile, "status": "todo"}):
        expected = 400 if "\0" in hostile else 200
        assert as_bob.get("/tasks/", query).status_code == expected
    assert len(acme_board.all()) == 1


def test_what_was_typed_is_shown_escaped(as_bob, acme_board):
    acme_board.add("Plain")
    page = as_bob.get("/tasks/", {"q": "<b>x"}).content.decode()
    assert "<b>x" not in page
    assert "&lt;b&gt;x" in page


def test_the_filters_of_a_search_keep_its_words(as_bob, acme_board):
    acme_board.add("Plain")
    for words, quoted in (("oak & ash", "oak+%26+ash"), ("a'b\"c", "a%27b%22c")):
        page = as_bob.get("/tasks/", {"q": words}).content.decode()
        assert f'href="?q={quoted}&amp;status=todo"' in page
        assert f">{escape(words)}</b>" in page
        assert "thewordssearched" not in page


def test_search_never_leaves_the_organization(as_bob, acme_board, globex_board):
    mine = acme_board.add("The secret of Acme")
    globex_board.add("The secret of Globex")
    assert rows(as_bob.get("/tasks/?q=secret")) == [mine.number]


def test_a_removed_task_is_not_found(as_bob, cast, acme_board):
    task = acme_board.add("Hidden away")
    with no_context(), acme_board.inside():
        task.remove(by=cast.bob)
    assert rows(as_bob.get("/tasks/?q=hidden")) == []


def test_an_edited_task_is_found_by_its_new_words(as_bob, cast, acme_board):
    task = acme_board.add("Old words")
    with no_context(), acme_board.inside():
        task.edit(by=cast.bob, title="Fresh words")
    assert rows(as_bob.get("/tasks/?q=old")) == []
    assert rows(as_bob.get("/tasks/?q=fresh")) == [task.number]


def test_results_are_newest_first_whatever_their_status(as_bob, acme_board):
    made = [
        acme_board.add("Same word", status=status)
        for status in ("done", "todo", "in_progress")
    ]
    found = rows(as_bob.get("/tasks/?q=same"))
    assert found == [task.number for task in reversed(made)]


@pytest.fixture
def wood(acme_board):
    """Every pair of words once, by number of the task."""
    pairs = [f"{one} {two}" for one in WORDS for two in WORDS]
    with no_context(), acme_board.inside():
        from tasks.flows import create_tasks

        create_tasks(by=acme_board.owner, drafts=[{"title": pair} for pair in pairs])
    return acme_board


@given(
    st.lists(st.text("oaekshlmuwdy", min_size=1, max_size=4), min_size=1, max_size=3)
)
def test_search_finds_what_a_plain_walk_finds(wood, typed):
    with no_context(), wood.inside():
        filters = Filters(words=" ".join(typed))
        listing = queries.task_list(filters, wood.owner.pk)
    found = {row.title for row in listing.rows}
    expected = {
        task.title
        for task in wood.all()
        if all(any(w.startswith(t) for w in task.title.split()) for t in typed)
    }
    assert found == expected


@given(st.text(max_size=300))
def test_the_query_text_quotes_every_word(text):
    query = prefix_query(text)
    assert "\0" not in query
    inside = query.replace("''", "").replace("\\\\", "")
    assert inside.count("'") == 2 * len([w for w in query.split(" & ") if w])
