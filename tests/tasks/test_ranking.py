"""What fits best comes first: its number, its title, its description, what was said."""

import re

import pytest

from organizations.tenancy import no_context
from tests.changesets.test_bulk import EDIT
from tests.tasks.test_list import more, rows


@pytest.fixture
def ranked(acme_board, say):
    """Tasks that fit "winter tyres" ever less, the best made first."""
    add = acme_board.add
    made = [
        add("Winter tyres"),
        add("Order winter tyres early"),
        add("Winter", description="The garage\nhas **tyres** left"),
        add("Garage", description="Ask about winter tyres"),
        add("Call Lyon"),
        add("Winter"),
    ]
    say(acme_board, made[4], "They sell winter tyres")
    say(acme_board, made[5], "no tyres at all, this winter")
    return made


def test_titles_come_before_descriptions_before_comments(as_bob, ranked):
    found = rows(as_bob.get("/tasks/?q=winter tyres"))
    one, two, three, four, five, six = (task.number for task in ranked)
    assert found == [two, one, four, three, six, five]


def test_the_task_of_a_typed_number_comes_first(as_bob, acme_board):
    wanted = acme_board.add("Paint the fence")
    acme_board.add_many(3, title="Pay invoice 1", description="1")
    key = f"ACME-{wanted.number}"
    for words in (str(wanted.number), key, key.lower(), f" {key} "):
        assert rows(as_bob.get("/tasks/", {"q": words}))[0] == wanted.number
    assert rows(as_bob.get("/tasks/?q=GLOBEX-1")) == []
    assert rows(as_bob.get("/tasks/?q=999999999")) == []
    assert rows(as_bob.get("/tasks/?q=9999999999999")) == []


def test_a_number_finds_only_what_the_filters_let_through(as_bob, acme_board):
    done = acme_board.add("Paint", status="done")
    assert rows(as_bob.get(f"/tasks/?q={done.number}&status=todo")) == []
    assert rows(as_bob.get(f"/tasks/?q={done.number}&status=done")) == [done.number]
    board = as_bob.get("/tasks/board/", {"q": f"ACME-{done.number}"}).text
    assert ">Paint</a>" in board


def test_a_removed_or_foreign_number_finds_nothing(
    as_bob, cast, acme_board, globex_board
):
    gone = acme_board.add("Gone")
    with no_context(), acme_board.inside():
        gone.remove(by=cast.bob)
    globex_board.add_many(3)
    for words in (gone.number, 2, 3, "ACME-2"):
        assert rows(as_bob.get("/tasks/", {"q": words})) == []


def test_what_a_number_finds_can_be_changed_at_once(as_bob, acme_board):
    wanted, other = acme_board.add("Paint"), acme_board.add("Plain")
    key = f"acme-{wanted.number}"
    as_bob.post(EDIT, {"all": "on", "matching": f"?q={key}", "priority": "5"})
    assert acme_board.now(wanted).priority == 5
    assert acme_board.now(other).priority == 3


def test_a_walk_goes_on_from_tier_to_tier(as_bob, acme_board, say):
    plain = acme_board.add_many(30, title="A")
    for task in plain:
        say(acme_board, task, "about Lyon")
    titled = acme_board.add_many(70, title="Lyon")
    described = acme_board.add_many(40, title="B", description="to Lyon")
    page = as_bob.get("/tasks/?q=lyon")
    seen, ahead = rows(page), more(page)
    while ahead:
        page = as_bob.get("/tasks/" + ahead.pop())
        seen, ahead = seen + rows(page), ahead + more(page)
    best_last = [*plain, *described, *titled]
    assert seen == [task.number for task in reversed(best_last)]


@pytest.mark.parametrize(
    "cursor",
    ["4-1_{id}", "-1_{id}", "1_{id}", "x-1_{id}", "1-x_{id}", f"1-{'9' * 30}_{{id}}"],
)
def test_a_mangled_place_starts_anew(as_bob, acme_board, cursor):
    task = acme_board.add("Lyon")
    where = {"q": "lyon", "cursor": cursor.format(id=task.pk)}
    assert rows(as_bob.get("/tasks/", where)) == [task.number]


EXCERPT = re.compile(r"<span class=excerpt>(.*?)</span>", re.DOTALL)


def test_what_surrounds_the_words_is_shown(as_vera, ranked):
    page = as_vera.get("/tasks/?q=winter tyres").text
    assert EXCERPT.findall(page) == [
        "Ask about <mark>winter</mark> <mark>tyres</mark>",
        "The garage\nhas **<mark>tyres</mark>** left",
        "no <mark>tyres</mark> at all, this <mark>winter</mark>",
        "They sell <mark>winter</mark> <mark>tyres</mark>",
    ]
    assert "excerpt" not in as_vera.get("/tasks/").text


def test_a_stretch_of_a_long_text_is_shown_escaped(as_vera, acme_board):
    text = f"{'before ' * 900}<b>needle</b> {'after ' * 900}"
    acme_board.add("Plain", description=text)
    (shown,) = EXCERPT.findall(as_vera.get("/tasks/?q=needle").text)
    assert "&lt;b&gt;<mark>needle</mark>&lt;/b&gt;" in shown
    assert shown.startswith("before ")
    assert len(shown) < 300


@pytest.mark.parametrize("words", [".*", "(((", "a{999}", "[", "\\", "ne+dle", "*"])
def test_what_is_typed_is_no_pattern(as_vera, acme_board, words):
    acme_board.add("Plain", description="needle a*b [x] (((")
    assert as_vera.get("/tasks/", {"q": words}).status_code == 200
