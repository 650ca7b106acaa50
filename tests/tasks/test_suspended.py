"""Who is suspended keeps their tasks until somebody takes them away."""

from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from organizations.flows import suspend_member
from organizations.models import Membership
from organizations.tenancy import no_context
from tests.tasks.test_change import values
from tests.tasks.test_change_field import HTMX
from tests.tasks.test_conflicts import base_of, opened

SUSPENDED = "Vera Example (suspended)"


@pytest.fixture
def suspend(acme_board, cast):
    def away(person):
        with no_context(), acme_board.inside():
            rows = Membership.objects.select_related("user")
            suspend_member(membership=rows.get(user=person), by=cast.alice)

    return away


@pytest.fixture
def task(acme_board, cast, suspend):
    """A task of Bob's and of Vera's, who is suspended."""
    made = acme_board.add(description="Four of them.", assignees=[cast.bob, cast.vera])
    suspend(cast.vera)
    return made


def paths(task):
    return f"/tasks/{task.pk}/edit/", f"/tasks/{task.number}/change/assignees/"


def ticked(page, person):
    [box] = [
        part.partition(">")[0]
        for part in page.split("<input")
        if f'value="{person.pk}"' in part.partition(">")[0]
    ]
    return " checked" in box


@pytest.mark.parametrize("how", [{}, HTMX])
def test_a_suspended_assignee_stays_ticked_and_is_told_as_such(
    as_alice, cast, task, how
):
    for path in paths(task):
        page = unescape(as_alice.get(path, **how).text)
        assert SUSPENDED in page
        assert ticked(page, cast.vera)
        assert not ticked(page, cast.adam)
        assert page.count("(suspended)") == 1


def test_saving_something_else_leaves_a_suspended_assignee(
    as_alice, acme_board, cast, task
):
    path, _change = paths(task)
    both = [str(cast.bob.pk), str(cast.vera.pk)]
    body = opened(as_alice, path, title="Order tyres", assignees=both)
    assert as_alice.post(path, body).status_code == 302
    assert acme_board.now(task).title == "Order tyres"
    assert acme_board.doers(task) == {cast.bob.pk, cast.vera.pk}
    [entry] = acme_board.history(task, "task.edited")
    assert list(entry.after) == ["title"]


@pytest.mark.parametrize("left", [["vera"], ["bob"], []])
def test_assignees_are_chosen_with_a_suspended_one_among_them(
    as_alice, acme_board, cast, task, left
):
    _edit, path = paths(task)
    wanted = {getattr(cast, name).pk for name in left}
    body = {"assignees": [str(one) for one in wanted]}
    body["base"] = base_of(as_alice.get(path))
    assert as_alice.post(path, body, **HTMX).status_code == 200
    assert acme_board.doers(task) == wanted
    [entry] = acme_board.history(task, "task.edited")
    assert set(entry.after["assignees"]) == {str(one) for one in wanted}


def test_who_is_suspended_is_given_no_more(as_alice, acme_board, cast, task):
    other = acme_board.add("Box", assignees=[cast.bob])
    for path in (*paths(other), "/tasks/new/"):
        page = as_alice.get(path).text
        assert str(cast.vera.pk) not in page
        body = values(assignees=[str(cast.vera.pk)])
        answer = as_alice.post(path, body)
        assert answer.status_code == 422
    assert acme_board.doers(other) == {cast.bob.pk}
    assert len(acme_board.all()) == 2


def test_somebody_taken_off_while_suspended_is_not_put_back(
    as_alice, as_bob, acme_board, cast, task
):
    edit, change = paths(task)
    body = opened(as_bob, edit, assignees=[str(cast.vera.pk)])
    as_alice.post(change, {"assignees": [str(cast.bob.pk)]})
    assert as_bob.post(edit, body).status_code == 422
    assert acme_board.doers(task) == {cast.bob.pk}


def test_the_form_costs_the_same_with_several_suspended(as_alice, cast, task, suspend):
    def costs():
        with CaptureQueriesContext(connection) as asked:
            pages = [as_alice.get(path).text for path in paths(task)]
        return len(asked), pages[0].count("(suspended)")

    one, count = costs()
    assert count == 1
    suspend(cast.bob)
    assert costs() == (one, 2)
