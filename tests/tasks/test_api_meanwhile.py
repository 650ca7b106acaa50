"""What a program named goes away, by another connection, before it is written."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from organizations.models import Membership
from organizations.teams.models import Team
from tasks.models import Task
from tests.api_client import Program, code, wheres
from tests.tasks.conftest import Board
from tests.tasks.test_change_field import team_of
from tests.tasks.test_meanwhile import CHECK, WRITE, before, untouched

pytestmark = pytest.mark.django_db(transaction=True)
KINDS = ("new", "change", "many", "all")


@pytest.fixture
def api(cast):
    return Program(cast.acme, cast.alice)


@pytest.fixture
def board(cast):
    """Acme's tasks as other connections see them."""
    return Board(cast.acme, cast.alice)


@pytest.fixture
def task(board):
    return board.add("Order the winter tyres")


def send(api, task, kind, **values):
    """Send a body of each kind that can name somebody or something."""
    if kind == "new":
        return api.post("/tasks", {"title": "Typed", **values})
    if kind == "change":
        return api.patch(f"/tasks/{task.pk}", {"title": "Typed", **values})
    if kind == "many":
        return api.post("/tasks/bulk", {"tasks": [{"title": "Typed", **values}]})
    body = {"ids": [str(task.pk)], "changes": {"due_date": "2027-01-01", **values}}
    return api.patch("/tasks/bulk", body)


PLACES = {"new": "body", "change": "body", "many": "body.tasks", "all": "body.changes"}


@pytest.mark.parametrize("kind", KINDS)
def test_somebody_who_leaves_before_the_check_is_not_assigned(
    api, cast, board, task, kind
):
    rows = Membership.objects.filter(user=cast.vera)
    with before([CHECK, "COUNT("], board, rows):
        answer = send(api, task, kind, assignees=[str(cast.vera.pk)])
    assert wheres(answer) == [f"{PLACES[kind]}.assignees"]
    untouched(board, task)


@pytest.mark.parametrize("kind", KINDS[:-1])
def test_somebody_who_leaves_before_the_write_is_not_assigned(
    api, cast, board, task, kind
):
    rows = Membership.objects.filter(user=cast.vera)
    with before(["INSERT", WRITE], board, rows):
        answer = send(api, task, kind, assignees=[str(cast.vera.pk)])
    assert wheres(answer) == [f"{PLACES[kind]}.assignees"]
    untouched(board, task)


@pytest.mark.parametrize("kind", KINDS[:-1])
def test_a_team_deleted_before_the_write_is_given_nothing(api, board, task, kind):
    team = team_of(board)
    write = ['UPDATE "tasks_task"'] if kind == "change" else ["INSERT", "tasks_task ("]
    with before(write, board, Team.with_trash.filter(pk=team.pk)):
        answer = send(api, task, kind, team=str(team.pk))
    assert wheres(answer) == [f"{PLACES[kind]}.team"]
    untouched(board, task)


def test_a_task_deleted_before_it_is_locked_is_missing(api, board, task):
    with before(["FOR UPDATE", '"tasks_task"'], board, Task.objects.filter(pk=task.pk)):
        answer = send(api, task, "change")
    assert code(answer) == (404, "not_found")


def test_of_many_who_read_the_same_one_changes_it(api, board, task):
    path = f"/tasks/{task.pk}"
    read = api.get(path).headers["ETag"]

    def change(number):
        try:
            return api.patch(path, {"title": f"T{number}"}, If_Match=read).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        statuses = sorted(pool.map(change, range(4)))
    assert statuses == [200, 412, 412, 412]
    assert len(board.history(task, "task.edited")) == 1


def test_one_post_sent_by_many_at_once_makes_one_task(api, board):
    def make(_number):
        try:
            sent = api.post("/tasks", {"title": "Once"}, Idempotency_Key="k")
            return sent.json()["id"]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        made = set(pool.map(make, range(4)))
    assert made == {str(one.pk) for one in board.all()}
    assert len(made) == 1
