"""Many tasks by key: made, changed, removed and brought back together."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from organizations.teams.flows import create_team
from organizations.tenancy import no_context, tenant
from tasks.changesets.flows import edit_tasks
from tasks.changesets.models import ChangeSet
from tasks.changesets.selection import Selection
from tasks.labels.flows import create_label
from tests.api_client import VIEWS, Program, code, wheres
from tests.limits.conftest import allow  # noqa: F401

UNKNOWN = "0190f5a0-0000-7000-8000-000000000000"


@pytest.fixture
def api(cast):
    return Program(cast.acme, cast.alice)


@pytest.fixture
def things(acme_board):
    with no_context(), acme_board.inside():
        by = acme_board.owner
        label = create_label(by=by, name="Winter", colour="blue")
        return label, create_team(name="Shop", by=by)


def ids(tasks):
    return [str(task.pk) for task in tasks]


def test_many_tasks_are_made_in_their_order(api, acme_board, cast, things):
    label, team = things
    links = {"assignees": [str(cast.bob.pk)], "labels": [str(label.pk)]}
    drafts = [{"title": f"T{n}", "priority": 5, **links} for n in range(100)]
    drafts[7]["team"] = str(team.pk)
    answer = api.post("/tasks/bulk", {"tasks": drafts})
    assert answer.status_code == 201
    made = acme_board.all()
    assert [one["id"] for one in answer.json()["items"]] == ids(made)
    assert answer.json()["items"][0]["key"] == "ACME-1"
    assert (made[7].team_id, made[8].team_id) == (team.pk, None)
    assert acme_board.doers(made[99]) == {cast.bob.pk}
    assert {one.actor_type for one in api.entries("task.created")} == {"program"}


def test_one_that_is_wrong_lets_none_be_made(api, acme_board):
    drafts = [{"title": "Fine"}, {"title": "\u200b"}, {"title": "x", "team": UNKNOWN}]
    refused = api.post("/tasks/bulk", {"tasks": drafts})
    assert wheres(refused) == ["body.tasks.1.title", "body.tasks.2.team"]
    assert acme_board.all() == []


@pytest.mark.parametrize("count", [0, 101])
def test_none_and_too_many_are_refused(api, count):
    body = {"tasks": [{"title": "x"}] * count}
    assert wheres(api.post("/tasks/bulk", body)) == ["body.tasks"]


def test_a_full_plan_takes_none_of_them(api, acme_board, allow):
    allow(tasks=2)
    refused = api.post("/tasks/bulk", {"tasks": [{"title": "x"}] * 3})
    assert code(refused) == (402, "plan_limit")
    assert acme_board.all() == []


def test_making_more_asks_no_oftener(api, cast, things):
    label, team = things

    def cost(count):
        link = {"labels": [str(label.pk)], "assignees": [str(cast.bob.pk)]}
        body = {"tasks": [{"title": "x", "team": str(team.pk), **link}] * count}
        with CaptureQueriesContext(connection) as queries:
            assert api.post("/tasks/bulk", body).status_code == 201
        return len(queries)

    assert cost(2) == cost(40)


def test_many_tasks_are_changed_together(api, acme_board, cast, things):
    _label, team = things
    tasks = acme_board.add_many(3)
    values = {"status": "done", "priority": 5, "due_date": "2027-02-28"}
    links = {"assignees": [str(cast.bob.pk)], "team": str(team.pk)}
    body = {"ids": [*ids(tasks), UNKNOWN], "changes": {**values, **links}}
    answer = api.patch("/tasks/bulk", body).json()
    assert answer["changed"] == 3
    now = acme_board.all()
    assert {(one.status, one.priority, one.team_id) for one in now} == {
        ("done", 5, team.pk)
    }
    assert {one.actor_type for one in api.entries("task.edited")} == {"program"}
    assert {one.actor_label for one in api.entries("task.edited")} == {str(api.key)}


def test_labels_are_added_or_replaced(api, acme_board, things):
    label, _team = things
    (task,) = acme_board.add_many(1)
    for changes in ({"added_labels": [str(label.pk)]}, {"labels": []}):
        body = {"ids": ids([task]), "changes": changes}
        assert api.patch("/tasks/bulk", body).json()["changed"] == 1
    both = {"labels": [], "added_labels": [str(label.pk)]}
    refused = api.patch("/tasks/bulk", {"ids": ids([task]), "changes": both})
    assert wheres(refused) == ["body.changes.added_labels"]


def test_what_is_so_already_is_no_change(api, acme_board):
    tasks = acme_board.add_many(2)
    body = {"ids": ids(tasks), "changes": {"status": "todo"}}
    assert api.patch("/tasks/bulk", body).json() == {"change_set": None, "changed": 0}


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({}, "body.changes"),
        ({"status": "over"}, "body.changes.status"),
        ({"team": UNKNOWN}, "body.changes.team"),
        ({"labels": [UNKNOWN]}, "body.changes.labels"),
        ({"added_labels": [UNKNOWN]}, "body.changes.labels"),
        ({"assignees": [UNKNOWN]}, "body.changes.assignees"),
        ({"title": "all the same"}, "body.changes.title"),
    ],
)
def test_what_is_wrong_is_named_where_it_stands(api, acme_board, changes, where):
    body = {"ids": ids(acme_board.add_many(1)), "changes": changes}
    assert wheres(api.patch("/tasks/bulk", body)) == [where]


def test_a_change_is_taken_back_as_a_whole(api, acme_board):
    tasks = acme_board.add_many(3)
    body = {"ids": ids(tasks), "changes": {"status": "done"}}
    key = api.patch("/tasks/bulk", body).json()["change_set"]
    read = api.get(f"/change-sets/{key}").json()
    assert (read["kind"], read["state"], read["changed"]) == ("bulk_edit", "done", 3)
    undone = api.post(f"/change-sets/{key}/undo").json()
    assert (undone["state"], undone["reverted"]) == ("undone", 3)
    assert {one.status for one in acme_board.all()} == {"todo"}
    assert api.last() == ("changeset.undone", "program", str(api.key))
    assert code(api.post(f"/change-sets/{key}/undo")) == (409, "conflict")


def test_many_go_to_the_trash_and_come_back(api, acme_board):
    tasks = acme_board.add_many(3)
    removed = api.post("/tasks/bulk-remove", {"ids": ids(tasks)}).json()
    assert removed["changed"] == 3
    assert acme_board.all() == []
    restored = api.post("/tasks/bulk-restore", {"ids": ids(tasks)}).json()
    assert restored == {"restored": 3}
    assert len(acme_board.all()) == 3


def test_removed_tasks_need_room_to_come_back(api, acme_board, allow):
    tasks = acme_board.add_many(3)
    key = api.post("/tasks/bulk-remove", {"ids": ids(tasks)}).json()["change_set"]
    allow(tasks=2)
    restored = api.post("/tasks/bulk-restore", {"ids": ids(tasks)})
    assert code(restored) == code(api.post(f"/change-sets/{key}/undo"))
    assert code(restored) == (402, "plan_limit")


def test_taking_a_deletion_back_takes_the_scope_to_delete(api, cast, acme_board):
    writer = Program(cast.acme, cast.alice, "tasks.view", "tasks.edit")
    tasks = acme_board.add_many(1)
    assert code(writer.post("/tasks/bulk-remove", {"ids": ids(tasks)}))[0] == 403
    key = api.post("/tasks/bulk-remove", {"ids": ids(tasks)}).json()["change_set"]
    refused = writer.post(f"/change-sets/{key}/undo")
    assert refused.json()["scope"] == "tasks.delete"


def test_a_key_to_read_changes_nothing(cast, acme_board):
    reader = Program(cast.acme, cast.alice, *VIEWS)
    chosen = {"ids": ids(acme_board.add_many(1))}
    for answer in (
        reader.post("/tasks/bulk", {"tasks": [{"title": "x"}]}),
        reader.patch("/tasks/bulk", chosen | {"changes": {"status": "done"}}),
        reader.post("/tasks/bulk-remove", chosen),
        reader.post("/tasks/bulk-restore", chosen),
    ):
        assert code(answer) == (403, "scope_missing")


def test_tasks_of_others_are_none(api, acme_board, globex_board):
    chosen = {"ids": ids(globex_board.add_many(2))}
    changed = api.patch("/tasks/bulk", chosen | {"changes": {"status": "done"}})
    assert changed.json() == {"change_set": None, "changed": 0}
    assert api.post("/tasks/bulk-remove", chosen).json()["changed"] == 0
    assert api.post("/tasks/bulk-restore", chosen).json() == {"restored": 0}
    assert {one.status for one in globex_board.all()} == {"todo"}


def test_a_change_of_others_is_missing(cast, acme_board):
    with no_context(), acme_board.inside():
        picks = [task.pk for task in acme_board.add_many(1)]
        selection = Selection.of(picks, None)
        made = edit_tasks(
            selection=selection, by=cast.alice, changes={"status": "done"}
        )
    theirs = Program(cast.globex, cast.charlie)
    for key in (made.pk, UNKNOWN):
        assert code(theirs.get(f"/change-sets/{key}")) == (404, "not_found")
        assert code(theirs.post(f"/change-sets/{key}/undo")) == (404, "not_found")


def test_pages_name_the_program(api, acme_board, as_alice):
    tasks = acme_board.add_many(3)
    body = {"ids": ids(tasks), "changes": {"status": "done"}}
    key = api.patch("/tasks/bulk", body).json()["change_set"]
    api.delete(f"/tasks/{tasks[0].pk}")
    assert str(api.key) in as_alice.get("/tasks/changes/").content.decode()
    assert str(api.key) in as_alice.get("/tasks/trash/").content.decode()
    api.post(f"/change-sets/{key}/undo")
    page = as_alice.get(f"/tasks/changes/{key}/").content.decode()
    assert "Undone by a program" in page


def test_work_left_to_a_job_is_still_the_programs(api, cast, acme_board, run_jobs):
    acme_board.add_many(501)
    with no_context(), tenant(cast.acme):
        made = edit_tasks(
            selection=Selection.of([], "?status=todo"),
            by=None,
            changes={"status": "done"},
        )
        assert made.program == "A program"
    assert run_jobs()
    with no_context(), acme_board.inside():
        assert ChangeSet.objects.get(pk=made.pk).count == 501
    moved = api.entries("task.moved")
    assert {(one.actor_type, one.actor_label) for one in moved} == {
        ("program", "A program")
    }
