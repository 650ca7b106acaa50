"""What a form named goes away, by another connection, before it is written."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from html import unescape

import pytest
from django.db import connection, connections

from organizations.models import Membership
from organizations.teams.models import Team
from organizations.tenancy import no_context
from tasks.labels.models import Label
from tasks.models import Task
from tests.tasks.conftest import Board
from tests.tasks.test_change import values
from tests.tasks.test_change_field import HTMX, label_of, labels_of, team_of

pytestmark = pytest.mark.django_db(transaction=True)

# The statements before which somebody leaves: the check of members, and the write.
CHECK, WRITE = '"organizations_membership"."user_id" IN', "tasks_taskassignee"
LEFT = "Somebody you chose has just left. Choose again."
NO_TEAM = "That team was just deleted. Choose again."
KINDS = ("new", "edit", "change", "part", "bulk")


@pytest.fixture
def board(cast):
    """Acme's tasks as other connections see them."""
    return Board(cast.acme, cast.alice)


@pytest.fixture
def task(board):
    return board.add("Order the winter tyres", description="Four of them.")


@contextmanager
def before(words, board, rows):
    """Delete rows by another connection just before a statement that says all this."""
    left = [rows]

    def delete():
        try:
            with no_context(), board.inside():
                left.pop().delete()
        finally:
            connections.close_all()

    def execute(call, sql, params, many, context):
        if left and all(word in sql for word in words):
            with ThreadPoolExecutor(1) as pool:
                pool.submit(delete).result()
        return call(sql, params, many, context)

    with connection.execute_wrapper(execute):
        yield
    assert not left


def send(client, task, kind, field, value):
    """Send one of the forms that can name somebody or something."""
    typed = values(title="Typed", **{field: str(value)})
    change = f"/tasks/{task.number}/change/{field}/"
    many = {"assignees": "assignee"}.get(field, field)
    path, body, how = {
        "new": ("/tasks/new/", typed, {}),
        "edit": (f"/tasks/{task.pk}/edit/", typed, {}),
        "change": (change, {field: str(value)}, {}),
        "part": (change, {field: str(value)}, HTMX),
        "bulk": (
            "/tasks/bulk/",
            {"pick": str(task.pk), many: str(value), "due": "today"},
            {},
        ),
    }[kind]
    return client.post(path, body, **how)


def refused(answer, sentence, kind):
    """Look that the form came back with one sentence and what was typed."""
    text = unescape(answer.text)
    assert answer.status_code == 422
    assert text.count(sentence) == 1
    if kind in ("new", "edit"):
        assert 'value="Typed"' in text
    if kind == "part":
        assert answer["HX-Retarget"] == "this"
        assert "<html" not in text
    if kind == "bulk":
        assert '<option value="today" selected>' in text


def untouched(board, task):
    """Look that nothing was written anywhere."""
    [now] = board.all()
    assert (now.title, now.due_date, now.team_id) == (task.title, None, None)
    assert board.doers(task) == set()
    assert [entry.action for entry in board.history(task)] == ["task.created"]


@pytest.mark.parametrize("kind", KINDS)
def test_somebody_who_leaves_before_the_check_is_not_assigned(
    as_bob, cast, board, task, kind
):
    rows = Membership.objects.filter(user=cast.vera)
    with before([CHECK, "COUNT("], board, rows):
        answer = send(as_bob, task, kind, "assignees", cast.vera.pk)
    refused(answer, LEFT, kind)
    assert str(cast.vera.pk) not in answer.text
    untouched(board, task)


@pytest.mark.parametrize("kind", KINDS[:-1])
def test_somebody_who_leaves_before_the_write_is_not_assigned(
    as_bob, cast, board, task, kind
):
    rows = Membership.objects.filter(user=cast.vera)
    with before(["INSERT", WRITE], board, rows):
        answer = send(as_bob, task, kind, "assignees", cast.vera.pk)
    refused(answer, LEFT, kind)
    untouched(board, task)


@pytest.mark.parametrize("kind", KINDS[:-1])
def test_a_team_deleted_before_the_write_is_given_nothing(as_bob, board, task, kind):
    team = team_of(board)
    rows = Team.with_trash.filter(pk=team.pk)
    write = ["INSERT", "tasks_task ("] if kind == "new" else ['UPDATE "tasks_task"']
    with before(write, board, rows):
        answer = send(as_bob, task, kind, "team", team.pk)
    refused(answer, NO_TEAM, kind)
    assert "Workshop" not in answer.text
    untouched(board, task)


@pytest.mark.parametrize("kind", ["edit", "change", "part"])
def test_a_task_deleted_before_the_write_is_a_missing_one(as_bob, board, task, kind):
    with before(["FOR UPDATE", '"tasks_task"'], board, Task.objects.filter(pk=task.pk)):
        answer = send(as_bob, task, kind, "team", team_of(board).pk)
    assert answer.status_code == 404
    assert board.all() == []


@pytest.mark.parametrize("kind", ["edit", "bulk"])
def test_a_label_deleted_before_the_write_is_left_off(as_bob, board, task, kind):
    label = label_of(board)
    lock = ["FOR NO KEY", "labels_label"] if kind == "edit" else ["INSERT", "i.wanted"]
    with before(lock, board, Label.objects.filter(pk=label.pk)):
        answer = send(as_bob, task, kind, "labels", label.pk)
    assert answer.status_code == 302
    assert labels_of(board, task) == set()
