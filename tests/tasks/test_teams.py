"""The team a task belongs to."""

import pytest

from organizations.teams.flows import create_team, remove_team
from organizations.tenancy import no_context, tenant
from tests.tasks.test_change import UNKNOWN, values
from tests.tasks.test_list import rows


@pytest.fixture
def team(cast):
    with no_context(), tenant(cast.acme, cast.alice):
        return create_team(name="Workshop", by=cast.alice)


def test_a_task_is_given_to_a_team_and_told(as_bob, acme_board, team):
    task = acme_board.add("Order the winter tyres")
    path = f"/tasks/{task.pk}/edit/"
    as_bob.post(path, values(description="", team=team.pk))
    assert acme_board.now(task).team_id == team.pk
    [entry] = acme_board.history(task, "task.edited")
    assert (entry.before["team"], entry.after["team"]) == (None, "Workshop")
    page = as_bob.get(f"/tasks/{task.pk}/").text
    assert "the team from none to Workshop" in page
    assert f"/tasks/?team={team.pk}" in page
    as_bob.post(path, values(description="", team=""))
    assert acme_board.now(task).team_id is None


def test_lists_and_boards_narrow_to_a_team(as_bob, acme_board, team):
    ours = acme_board.add("Box", team=team)
    acme_board.add("Box of somebody else")
    assert rows(as_bob.get(f"/tasks/?team={team.pk}")) == [ours.number]
    assert rows(as_bob.get(f"/tasks/?q=box&team={team.pk}")) == [ours.number]
    assert rows(as_bob.get(f"/tasks/?team={UNKNOWN}")) == []
    board = as_bob.get(f"/tasks/board/?team={team.pk}").text
    assert "somebody else" not in board
    assert "Workshop" in board
    assert f"/tasks/?team={team.pk}" in as_bob.get("/tasks/of-team/").text


def test_a_removed_team_leaves_its_tasks(as_bob, cast, acme_board, team):
    task = acme_board.add("Box", team=team)
    with no_context(), tenant(cast.acme, cast.alice):
        remove_team(team=team, by=cast.alice)
    assert as_bob.get(f"/tasks/{task.pk}/").status_code == 200
    assert "Workshop" not in as_bob.get("/tasks/of-team/").text
    assert acme_board.now(task).deleted_at is None
