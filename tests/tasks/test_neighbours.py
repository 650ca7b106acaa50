"""The way on from a task, in the order of the page that it was opened from."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from organizations.tenancy import no_context
from tests.tasks.test_change import HTMX, UNKNOWN
from tests.tasks.test_list import more, rows
from tests.tasks.test_sorting import WAYS

STEP = re.compile(
    r'<a class="btn ghost icon-only"\s+href="([^"]+)"\s+data-step\s+data-hotkey="(.)"'
)
CARD = re.compile(r'<h3><a href="\.\./(\d+)/')
OWN = re.compile(r'<a href="/tasks/(\d+)/\?view=mine"')
GROUP = re.compile(r"<summary>.*?</details>", re.DOTALL)
SEARCHES = ["q=tyre", "q=tyre&status=todo", "q=tyre&assignee=me", "q=ACME-3"]


def steps(client, number, query=""):
    """Return the addresses that lead on from a task, as the page has them."""
    page = client.get(f"/tasks/{number}/{query}")
    assert page.status_code == 200
    found = {key: unescape(address) for address, key in STEP.findall(page.text)}
    return found.get("k"), found.get("j")


def number_of(address):
    return address and int(re.match(r"/tasks/(\d+)/", address)[1])


def walk(client, first, query=""):
    """Return every task that is reached from one by going on, and back again."""
    seen, (_, ahead) = [first], steps(client, first, query)
    while ahead:
        seen.append(number_of(ahead))
        _, ahead = steps(client, *split(ahead))
    back, (behind, _) = [seen[-1]], steps(client, seen[-1], query)
    while behind:
        back.append(number_of(behind))
        behind, _ = steps(client, *split(behind))
    assert back[::-1] == seen
    return seen


def split(address):
    path, _, query = address.partition("?")
    return number_of(path), f"?{query}" if query else ""


@pytest.fixture
def few(cast, acme_board):
    """Twelve tasks of every kind."""
    today = timezone.localdate()
    people = [[cast.bob], [], [cast.vera, cast.bob]]
    return [
        acme_board.add(
            f"Winter tyre {number}",
            priority=(1, 3, 5, 3)[number % 4],
            due_date=today + timedelta(days=number % 5) if number % 2 else None,
            assignees=people[number % 3],
            status=("todo", "done", "backlog", "todo", "in_review")[number % 5],
        )
        for number in range(12)
    ]


@pytest.mark.parametrize(
    "query", [way for way in WAYS if "assignee" not in way] + ["?status=todo&sort=due"]
)
def test_a_list_is_walked_in_its_order(as_bob, few, query):
    shown = rows(as_bob.get(f"/tasks/{query}"))
    assert walk(as_bob, shown[0], query) == shown


@pytest.mark.parametrize(
    "filters",
    ["assignee=me", "assignee=nobody", "priority=3", "status=todo&assignee=me"],
)
@pytest.mark.parametrize("cut", ["", "&group=priority", "&group=none&sort=due"])
def test_filters_are_kept_on_the_way(as_bob, few, filters, cut):
    query = f"?{filters}{cut}"
    shown = rows(as_bob.get(f"/tasks/{query}"))
    assert len(shown) > 1
    assert walk(as_bob, shown[0], query) == shown
    assert set(filters.split("&")) <= set(
        steps(as_bob, shown[0], query)[1].split("?")[1].split("&")
    )


@pytest.mark.parametrize("query", SEARCHES)
def test_what_was_found_is_walked_from_the_best(as_bob, few, query):
    shown = rows(as_bob.get(f"/tasks/?{query}"))
    assert walk(as_bob, shown[0], f"?{query}") == shown


@pytest.mark.parametrize("sort", ["", "due", "priority"])
def test_a_persons_group_is_walked_alone(as_bob, few, sort):
    query = f"?group=assignee&sort={sort}"
    groups = GROUP.findall(as_bob.get(f"/tasks/{query}").text)
    assert len(groups) == 3
    for group in groups:
        shown = [int(number) for number in re.findall(r'title><a href="(\d+)/', group)]
        assert walk(as_bob, shown[0], query) == shown


@pytest.mark.parametrize(
    "filters", ["", "assignee=me&", "q=tyre&", "status=todo&", "sort=due&group=none&"]
)
def test_a_column_of_the_board_is_walked_alone(as_bob, few, filters):
    page = as_bob.get(f"/tasks/board/?{filters}").text
    columns = [CARD.findall(part) for part in page.split('<section class="column"')[1:]]
    for shown in filter(None, columns):
        numbers = [int(number) for number in shown]
        query = f"?{filters}view=board"
        assert walk(as_bob, numbers[0], query) == numbers


def test_ones_own_tasks_are_walked_as_they_stand(as_bob, few):
    shown = [int(number) for number in OWN.findall(as_bob.get("/tasks/mine/").text)]
    assert len(shown) > 3
    assert walk(as_bob, shown[0], "?view=mine") == shown


def test_a_long_list_is_walked_over_the_end_of_its_page(as_bob, acme_board):
    made = [task.number for task in acme_board.add_many(60)][::-1]
    first = as_bob.get("/tasks/")
    assert rows(first)[-1] == made[49]
    assert steps(as_bob, made[49])[1] == f"/tasks/{made[50]}/"
    [address] = more(first)
    assert rows(as_bob.get(f"/tasks/{address}"))[0] == made[50]


def test_many_of_one_moment_are_each_passed_once(as_bob, acme_board):
    acme_board.add_many(7, due_date=timezone.localdate())
    for query in ("", "?sort=due&group=none", "?sort=priority", "?view=board"):
        if query == "?view=board":
            shown = [int(n) for n in CARD.findall(as_bob.get("/tasks/board/").text)]
        else:
            shown = rows(as_bob.get(f"/tasks/{query}"))
        assert walk(as_bob, shown[0], query) == shown


def test_one_that_left_the_list_is_passed_where_it_stood(as_bob, acme_board):
    first, second, third = [task.number for task in acme_board.add_many(3)]
    as_bob.post(f"/tasks/{second}/status/", {"status": "done"})
    assert steps(as_bob, second, "?status=todo") == (
        f"/tasks/{third}/?status=todo",
        f"/tasks/{first}/?status=todo",
    )


def test_a_task_alone_has_no_way_on(as_bob, acme_board):
    task = acme_board.add()
    page = as_bob.get(f"/tasks/{task.number}/").text
    assert STEP.findall(page) == []
    assert re.search(r'disabled\s+aria-label="Previous task"', page)
    assert re.search(r'disabled\s+aria-label="Next task"', page)


def test_other_walls_and_the_trash_are_passed_over(
    as_bob, cast, acme_board, globex_board
):
    first, second, third = acme_board.add_many(3)
    globex_board.add_many(3)
    with no_context(), acme_board.inside():
        second.remove(by=cast.alice)
    for query in ("", "?group=none", "?sort=priority", "?view=board", "?q=task"):
        assert walk(as_bob, third.number, query) == [third.number, first.number]


@pytest.mark.parametrize(
    "query",
    [
        "?view=nonsense",
        "?status=nonsense&sort=x&group=y",
        "?cursor=0_019aa000-0000-7000-8000-000000000000",
        "?view=mine&status=todo",
        f"?label={UNKNOWN}",
        f"?team={UNKNOWN}&view=board",
        f"?assignee={UNKNOWN}&group=assignee",
        "?q=%27&label=x&assignee=%27&priority=9",
        "?q=" + "a" * 5000,
    ],
)
@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "drawer"])
def test_odd_origins_do_no_harm(as_bob, few, query, headers):
    answer = as_bob.get(f"/tasks/{few[3].number}/{query}", **headers)
    assert answer.status_code == 200


def test_a_foreign_label_or_person_leads_nowhere(as_bob, cast, few):
    for name in ("label", "team", "assignee"):
        query = f"?{name}={cast.charlie.pk}"
        assert steps(as_bob, few[3].number, query) == (None, None)


@pytest.mark.parametrize(
    "query", ["", "?group=assignee", "?q=tyre", "?view=board", "?view=mine"]
)
def test_the_way_on_costs_the_same_in_a_long_list(as_bob, few, acme_board, query):
    address = f"/tasks/{few[3].number}/{query}"
    before = statements(as_bob, address)
    acme_board.add_many(40)
    assert statements(as_bob, address) == before
    assert sum("row_number" in one or "AS place" in one for one in before) == 1


def statements(client, address):
    """Return the statements of a page that was asked for before."""
    client.get(address)
    with CaptureQueriesContext(connection) as log:
        assert client.get(address).status_code == 200
    return [re.sub(r"'[^']*'|[-\d.]+", "", entry["sql"]) for entry in log]
