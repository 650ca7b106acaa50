"""The board: columns in order, and cards that land where they were put."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest
from django.db import connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from organizations.tenancy import no_context
from tasks.choices import Status
from tasks.columns import CARDS
from tests.tasks.test_change import HTMX, UNKNOWN

BOARD = "/tasks/board/"
CARD = re.compile(r"<li id=card-([0-9a-f-]{36})")
COLUMN = re.compile(
    r'<section class="column" id="column-(\w+)".*?</section>', re.DOTALL
)


def columns(page):
    """Return the ids of the cards of each column, from the top."""
    return {
        found[1]: CARD.findall(found[0])
        for found in COLUMN.finditer(page.content.decode())
    }


def order(client, tasks, status="todo"):
    """Return which of the tasks stand in a column, by their place in the list."""
    where = {str(task.pk): place for place, task in enumerate(tasks)}
    return [where[key] for key in columns(client.get(BOARD))[status]]


def move(client, task, status="todo", **values):
    return client.post(f"/tasks/{task.pk}/move/", {"status": status, **values})


@pytest.fixture
def four(acme_board):
    """Four tasks; the last made stands on top: 3 2 1 0."""
    return [acme_board.add(f"Task {number}") for number in range(4)]


def test_every_status_is_a_column_with_its_count(as_vera, acme_board):
    acme_board.add("A", status="backlog")
    acme_board.add("B", status="done")
    acme_board.add("C", status="done")
    page = as_vera.get(BOARD)
    assert list(columns(page)) == [
        "backlog",
        "todo",
        "in_progress",
        "in_review",
        "done",
    ]
    assert [len(cards) for cards in columns(page).values()] == [1, 0, 0, 0, 2]
    assert 'data-count="done">2<' in page.text


def test_what_is_new_stands_on_top(as_bob, four):
    assert order(as_bob, four) == [3, 2, 1, 0]


def test_what_comes_from_elsewhere_stands_on_top(as_bob, acme_board, four):
    task = acme_board.add("Late", status="backlog")
    acme_board.add("Later")
    as_bob.post(f"/tasks/{task.pk}/status/", {"status": "todo"})
    assert columns(as_bob.get(BOARD))["todo"][0] == str(task.pk)


def test_a_card_tells_what_a_row_does(as_bob, cast, acme_board, quick_look):
    acme_board.add("Pay <rent>", priority=5, assignees=[cast.vera])
    page = quick_look(as_bob.get(BOARD))
    for text in ("ACME-1", "Pay &lt;rent&gt;", "Priority: high", "Vera Example"):
        assert text in page


@pytest.mark.parametrize(
    ("moved", "values", "expected"),
    [
        (0, {"after": 3}, [3, 0, 2, 1]),
        (0, {"before": 3}, [0, 3, 2, 1]),
        (3, {"after": 0}, [2, 1, 0, 3]),
        (3, {"before": 0}, [2, 1, 3, 0]),
        (3, {"after": 2, "before": 1}, [2, 3, 1, 0]),
        (0, {}, [0, 3, 2, 1]),
        (3, {"where": "bottom"}, [2, 1, 0, 3]),
        (2, {"where": "up"}, [2, 3, 1, 0]),
        (1, {"where": "up"}, [3, 1, 2, 0]),
        (3, {"where": "up"}, [3, 2, 1, 0]),
        (2, {"where": "down"}, [3, 1, 2, 0]),
        (1, {"where": "down"}, [3, 2, 0, 1]),
        (0, {"where": "down"}, [3, 2, 1, 0]),
        (2, {"after": 2}, [2, 3, 1, 0]),
    ],
)
def test_a_card_lands_where_it_was_put(as_bob, four, moved, values, expected):
    chosen = {
        name: four[value].pk if isinstance(value, int) else value
        for name, value in values.items()
    }
    assert move(as_bob, four[moved], **chosen)["Location"] == BOARD
    assert order(as_bob, four) == expected


def test_another_column_takes_it_between_two(as_bob, acme_board, four):
    low, high = (acme_board.add(name, status="done") for name in ("low", "high"))
    answer = as_bob.post(
        f"/tasks/{four[1].pk}/move/",
        {"status": "done", "after": high.pk, "before": low.pk},
        **HTMX,
    )
    assert answer.status_code == 204
    told = json.loads(answer["HX-Trigger"])
    assert told["toast"]["text"] == "ACME-2 moved to Done"
    assert told["carded"] == {"task": str(four[1].pk), "from": "todo", "to": "done"}
    keys = [str(task.pk) for task in (high, four[1], low)]
    assert columns(as_bob.get(BOARD))["done"] == keys
    assert acme_board.now(four[1]).completed_at is not None
    [entry] = acme_board.history(four[1], "task.moved")
    assert (entry.before, entry.after) == ({"status": "todo"}, {"status": "done"})


def test_ordering_is_recorded_but_no_part_of_the_story(as_bob, acme_board, four):
    move(as_bob, four[0], after=four[2].pk)
    assert len(acme_board.history(four[0], "task.ordered")) == 1
    assert "ordered" not in as_bob.get(f"/tasks/{four[0].pk}/").text


def test_a_neighbour_that_left_lets_the_other_decide(as_bob, acme_board, four):
    with no_context(), acme_board.inside():
        four[3].move("done", by=acme_board.owner)
    values = {"after": four[3].pk, "before": four[1].pk}
    answer = as_bob.post(
        f"/tasks/{four[0].pk}/move/", {"status": "todo", **values}, **HTMX
    )
    assert answer.status_code == 204
    assert order(as_bob, four) == [2, 0, 1]


def test_a_lost_race_lands_on_top_and_shows_the_column(as_bob, acme_board, four):
    with no_context(), acme_board.inside():
        for task in four[2:]:
            task.move("done", by=acme_board.owner)
    values = {"status": "todo", "after": four[3].pk, "before": four[2].pk}
    answer = as_bob.post(f"/tasks/{four[0].pk}/move/", values, **HTMX)
    assert answer.status_code == 200
    assert answer["HX-Retarget"] == "#column-todo"
    assert "Somebody changed the column" in answer["HX-Trigger"]
    keys = [str(four[0].pk), str(four[1].pk)]
    assert columns(answer)["todo"] == keys
    assert order(as_bob, four) == [0, 1]


@pytest.mark.parametrize("name", ["after", "before"])
def test_a_foreign_neighbour_is_a_missing_one(as_bob, globex_board, four, name):
    foreign = globex_board.add("Theirs")
    values = {"status": "todo", name: foreign.pk}
    answers = [
        as_bob.post(f"/tasks/{four[0].pk}/move/", {**values, name: key}, **HTMX)
        for key in (foreign.pk, UNKNOWN)
    ]
    assert answers[0].content == answers[1].content
    assert order(as_bob, four) == [0, 3, 2, 1]


@pytest.mark.parametrize("method", ["get", "post"])
def test_foreign_tasks_are_missing(as_bob, globex_board, method):
    foreign = globex_board.add("Theirs")
    ask = getattr(as_bob, method)
    answers = [
        ask(f"/tasks/{key}/move/", {"status": "done"}) for key in (foreign.pk, UNKNOWN)
    ]
    assert [each.status_code for each in answers] == [404, 404]
    assert globex_board.now(foreign).status == "todo"


def test_viewers_look_and_move_nothing(as_vera, acme_board, four):
    page = as_vera.get(BOARD).text
    assert "draggable" not in page
    assert "/move/" not in page
    assert move(as_vera, four[0], "done").status_code == 403
    assert acme_board.now(four[0]).status == "todo"


def test_without_scripts_a_page_moves_the_card(as_bob, four, quick_look):
    page = quick_look(as_bob.get(f"/tasks/{four[0].pk}/move/"))
    assert "At the bottom" in page
    menu = quick_look(as_bob.get(f"/tasks/{four[0].pk}/move/", **HTMX))
    assert "<html" not in menu
    assert move(as_bob, four[0], "nowhere").status_code == 422
    assert order(as_bob, four) == [3, 2, 1, 0]


def test_the_filters_of_the_list_are_the_boards(as_bob, cast, acme_board):
    acme_board.add("Oil the gate", priority=5, assignees=[cast.bob])
    acme_board.add("Paint the fence", status="done")
    for query, count in (
        ("q=gate", 1),
        ("priority=5", 1),
        ("assignee=me", 1),
        ("assignee=nobody", 1),
        ("q=nothing", 0),
        ("status=done", 1),
        ("status=done&q=gate", 0),
    ):
        page = as_bob.get(f"{BOARD}?{query}")
        assert sum(map(len, columns(page).values())) == count, query
    page = as_bob.get(f"{BOARD}?status=done&priority=3")
    assert list(columns(page)) == ["done"]
    assert 'href="/tasks/?status=done&amp;priority=3"' in page.text


def test_a_long_column_ends_in_the_list(as_bob, acme_board):
    acme_board.add_many(CARDS + 3)
    page = as_bob.get(BOARD)
    assert len(columns(page)["todo"]) == CARDS
    assert "Show 3 more" in page.text
    assert 'href="/tasks/?status=todo"' in page.text


@pytest.mark.parametrize("count", [1, 50])
@pytest.mark.parametrize("query", ["", "?priority=3", "?q=task"])
def test_the_board_costs_the_same_with_many(
    as_bob, cast, acme_board, count, query, django_assert_max_num_queries
):
    acme_board.add_many(count, assignees=[cast.vera, cast.bob])
    as_bob.get(BOARD)
    with django_assert_max_num_queries(4):
        as_bob.get(BOARD + query)


@pytest.mark.parametrize("count", [3, 50])
def test_a_card_is_moved_in_few_statements(
    as_bob, cast, acme_board, count, django_assert_max_num_queries
):
    tasks = acme_board.add_many(count, assignees=[cast.vera, cast.bob])
    values = {"status": "todo", "after": tasks[-1].pk, "before": tasks[-2].pk}
    as_bob.get(BOARD)
    # Session, memberships, begin, the change, its history, commit.
    with django_assert_max_num_queries(6):
        as_bob.post(f"/tasks/{tasks[0].pk}/move/", values, **HTMX)


@pytest.mark.django_db(transaction=True)
def test_two_people_fill_one_gap_at_once(cast, sign_in, acme_board):
    tasks = [acme_board.add(f"Task {number}") for number in range(10)]
    top, bottom = tasks[9], tasks[0]

    def put(number):
        client = sign_in(cast.bob, cast.acme)
        try:
            return move(client, tasks[number], after=top.pk).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(put, range(1, 9))) == {302}
    ranks = sorted(acme_board.now(task).rank for task in tasks)
    assert all(lower < higher for lower, higher in pairwise(ranks))
    found = order(sign_in(cast.bob, cast.acme), tasks)
    assert found[0] == 9
    assert found[-1] == tasks.index(bottom)


def test_there_is_always_a_place_between(as_bob, four, acme_board):
    for turn in range(120):
        move(as_bob, four[turn % 2], after=four[3].pk)
    assert order(as_bob, four)[0] == 3
    assert len({acme_board.now(task).rank for task in four}) == 4


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.lists(
        st.tuples(
            st.integers(0, 3),
            st.sampled_from(["after", "before"]),
            st.integers(0, 3),
        ),
        max_size=8,
    )
)
def test_any_moves_keep_the_order_people_see(as_bob, four, moves):
    seen = order(as_bob, four)
    for moved, side, other in moves:
        if moved == other:
            continue
        move(as_bob, four[moved], **{side: four[other].pk})
        seen.remove(moved)
        seen.insert(seen.index(other) + (side == "after"), moved)
    assert order(as_bob, four) == seen


def test_five_full_columns_show_every_card(as_bob, acme_board):
    """A column's cards are not the worse for how many the others have."""
    for status in Status.values:
        acme_board.add_many(CARDS + 1, status=status)
    shown = {name: len(cards) for name, cards in columns(as_bob.get(BOARD)).items()}
    assert shown == dict.fromkeys(Status.values, CARDS)
