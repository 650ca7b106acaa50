"""Lists of tasks by key: filters as in the page, places, and what they cost."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from organizations.teams.flows import create_team
from organizations.tenancy import no_context, tenant
from tasks.labels.flows import create_label
from tests.api_client import Program, code, wheres


@pytest.fixture
def api(cast):
    return Program(cast.acme, cast.alice)


def titles(api, query=""):
    answer = api.get(f"/tasks{query}")
    assert answer.status_code == 200, answer.content
    return [one["title"] for one in answer.json()["items"]]


def test_a_line_says_what_the_page_says(api, acme_board, cast, say):
    with no_context(), acme_board.inside():
        label = create_label(by=cast.alice, name="Winter", colour="red")
    task = acme_board.add("Tyres", assignees=[cast.bob], labels=[label], priority=5)
    say(acme_board, task, "Eleven so far.")
    (line,) = api.get("/tasks").json()["items"]
    assert line.pop("created_at").startswith(str(acme_board.now(task).created_at)[:10])
    assert line == {
        "id": str(task.pk),
        "number": task.number,
        "key": f"ACME-{task.number}",
        "title": "Tyres",
        "status": "todo",
        "priority": 5,
        "due_date": None,
        "comments": 1,
        "assignees": [{"id": str(cast.bob.pk), "name": "Bob Example"}],
        "labels": [{"name": "Winter", "colour": "red"}],
    }


@pytest.mark.parametrize("query", ["", "?sort=due", "?sort=priority", "?q=task"])
def test_every_task_comes_once_however_a_list_is_sorted(api, acme_board, query):
    made = {str(task.pk) for task in acme_board.add_many(120)}
    found = [one["id"] for one in api.every(f"/tasks{query}")]
    assert len(found) == len(set(found)) == 120
    assert set(found) == made


def test_short_pages_go_on_where_they_end(api, acme_board):
    acme_board.add_many(7)
    found = api.every("/tasks?limit=3")
    assert [one["number"] for one in found] == sorted(range(1, 8), reverse=True)


def test_filters_hold_together(api, acme_board, cast):
    with no_context(), tenant(cast.acme, cast.alice):
        label = create_label(by=cast.alice, name="Winter", colour="red")
        team = create_team(name="Shop", by=cast.alice)
    acme_board.add("Plain")
    acme_board.add("Done", status="done")
    acme_board.add("Team", team=team, labels=[label])
    acme_board.add("Bob", assignees=[cast.bob], priority=5, status="done")
    assert titles(api, "?status=done") == ["Bob", "Done"]
    assert titles(api, "?status=done&priority=5") == ["Bob"]
    assert titles(api, f"?label={label.pk}&team={team.pk}") == ["Team"]
    assert titles(api, f"?assignee={cast.bob.pk}") == ["Bob"]
    assert titles(api, "?assignee=nobody&status=done") == ["Done"]
    assert titles(api, "?q=pla") == ["Plain"]


def test_a_task_is_found_by_its_number(api, acme_board, globex_board):
    acme_board.add("First")
    acme_board.add("Second")
    assert titles(api, "?number=2") == ["Second"]
    assert titles(api, "?number=3") == []


UNREADABLE = {
    "status": "over",
    "priority": "2",
    "assignee": "me",
    "label": "x",
    "team": "1",
    "sort": "age",
    "limit": "51",
    "number": str(2**40),
    "q": "x" * 201,
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_a_filter_that_is_not_understood_is_refused(api, name):
    answer = api.get(f"/tasks?{name}={UNREADABLE[name]}")
    assert wheres(answer) == [f"query.{name}"]


@pytest.mark.parametrize("cursor", ["x", "1_2", "99999999999999999999_" + "0" * 32])
def test_a_cursor_of_nobody_is_refused(api, cursor):
    assert code(api.get(f"/tasks?cursor={cursor}")) == (400, "cursor_invalid")


def test_no_foreign_task_is_listed(api, globex_board):
    globex_board.add("Theirs")
    assert titles(api) == titles(api, "?q=theirs") == titles(api, "?number=1") == []


def test_nothing_of_the_trash_is_listed(api, acme_board):
    acme_board.add_many(2)
    api.delete(f"/tasks/{acme_board.all()[0].pk}")
    assert titles(api) == ["Task 1"]


def count(api, path):
    api.get(path)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert api.get(path).status_code == 200
    return len(queries)


def test_a_list_costs_the_same_however_long_it_is(api, acme_board, cast):
    acme_board.add_many(1)
    few = count(api, "/tasks")
    acme_board.add_many(49, assignees=[cast.bob])
    assert count(api, "/tasks") == few <= 6


def test_a_task_costs_the_same_however_much_hangs_on_it(api, acme_board, cast):
    with no_context(), acme_board.inside():
        labels = [
            create_label(by=cast.alice, name=f"L{number}", colour="red")
            for number in range(5)
        ]
    bare = acme_board.add(assignees=[cast.bob], labels=labels[:1])
    people = [cast.bob, cast.adam, cast.alice]
    full = acme_board.add(assignees=people, labels=labels)
    assert count(api, f"/tasks/{full.pk}") == count(api, f"/tasks/{bare.pk}")
