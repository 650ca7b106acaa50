"""A list sorted and grouped in the ways people want it, page after page."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from tests.tasks.test_change import HTMX
from tests.tasks.test_list import more, rows

HEAD = re.compile(r"<summary>.*?</svg>(?:<i[^>]*></i>)?([^<]+) <span")
WAYS = [
    f"?sort={sort}&group={group}"
    for sort in ("", "due", "priority")
    for group in ("", "priority", "assignee", "none")
]


def heads(page):
    return HEAD.findall(page.text)


@pytest.fixture
def mixed(cast, acme_board):
    """A hundred and thirty tasks of every kind."""
    today = timezone.localdate()
    made = []
    for number, priority in enumerate([1, 3, 5, 3, 1]):
        due = today + timedelta(days=number) if number % 2 else None
        people = [[cast.bob], [], [cast.vera]][number % 3]
        status = ["todo", "done", "backlog"][number % 3]
        made += acme_board.add_many(
            26, priority=priority, due_date=due, assignees=people, status=status
        )
    return made


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_every_way_visits_every_task_once(as_bob, mixed, way, headers):
    first = as_bob.get(f"/tasks/{way}")
    seen, ahead = rows(first), more(first)
    while ahead:
        page = as_bob.get("/tasks/" + ahead.pop(), **headers)
        assert page.status_code == 200
        seen, ahead = seen + rows(page), ahead + more(page)
    assert sorted(seen) == sorted(task.number for task in mixed)


def test_what_is_due_first_comes_first(as_bob, acme_board):
    today = timezone.localdate()
    days = [5, None, -2, 0, None, 1]
    tasks = [
        acme_board.add(
            f"Task {day}", due_date=None if day is None else today + timedelta(days=day)
        )
        for day in days
    ]
    found = rows(as_bob.get("/tasks/?sort=due&group=none"))
    assert found == [tasks[place].number for place in (2, 3, 5, 0, 1, 4)]


def test_what_matters_most_comes_first(as_bob, acme_board):
    tasks = [acme_board.add("A task", priority=each) for each in (1, 5, 3, 5)]
    found = rows(as_bob.get("/tasks/?sort=priority&group=none"))
    assert found == [tasks[place].number for place in (3, 1, 2, 0)]


def test_groups_by_priority_are_counted(as_bob, mixed):
    page = as_bob.get("/tasks/?group=priority")
    assert heads(page) == ["High", "Medium", "Low"]
    assert re.findall(r'class="count">(\d+)<', page.text) == ["26", "52", "52"]
    narrow = as_bob.get("/tasks/?group=priority&priority=5")
    assert heads(narrow) == ["High"]
    assert len(rows(narrow)) == 26


def test_groups_by_person_have_their_names(as_bob, cast, acme_board):
    acme_board.add("A", assignees=[cast.vera])
    acme_board.add("B", assignees=[cast.bob, cast.vera])
    acme_board.add("C")
    page = as_bob.get("/tasks/?group=assignee")
    assert heads(page) == ["Nobody", "Bob Example", "Vera Example"]


def test_a_name_with_braces_breaks_nothing(as_bob, cast, acme_board):
    from accounts.models import User
    from organizations.tenancy import identity, no_context

    with no_context(), identity():
        User.objects.filter(pk=cast.vera.pk).update(first_name="{0}<b>", last_name="{")
    acme_board.add("A", assignees=[cast.vera])
    assert "{0}&lt;b&gt; {" in as_bob.get("/tasks/?group=assignee").text


@pytest.mark.parametrize("way", [*WAYS, "?sort=x&group=y", "?sort=due&cursor=x_y"])
def test_every_way_costs_the_same(as_bob, mixed, way, django_assert_max_num_queries):
    as_bob.get(f"/tasks/{way}")
    with django_assert_max_num_queries(4):
        assert as_bob.get(f"/tasks/{way}").status_code == 200


@pytest.mark.parametrize("sort", ["", "due", "priority"])
@pytest.mark.parametrize(
    "value", ["", "0", "9999-12-31", "x", "-1", "infinity", "10" * 20, "5"]
)
def test_any_place_gets_an_answer(as_bob, mixed, sort, value):
    place = f"{value}_019aa000-0000-7000-8000-000000000000"
    for group in ("none", "priority", ""):
        query = {"sort": sort, "group": group, "cursor": place, "status": "todo"}
        assert as_bob.get("/tasks/", query).status_code == 200


def test_the_toolbar_says_how_and_keeps_the_filters(as_bob, acme_board):
    acme_board.add()
    page = as_bob.get("/tasks/?priority=3&group=assignee&sort=due").text
    assert "/tasks/?priority=3&amp;sort=due&amp;group=none" in page or (
        "?priority=3&amp;sort=due&amp;group=none" in page
    )
    assert "?priority=3&amp;sort=priority&amp;group=assignee" in page
