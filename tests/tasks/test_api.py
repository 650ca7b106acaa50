"""Tasks by key: what another program makes, reads and changes."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from organizations.teams.flows import create_team
from organizations.tenancy import no_context, tenant
from tasks.labels.flows import create_label
from tests.api_client import VIEWS, Program, code, wheres
from tests.limits.conftest import allow  # noqa: F401

UNKNOWN = "0190f5a0-0000-7000-8000-000000000000"
FIELDS = {
    "description": "For the *workshop*",
    "status": "in_progress",
    "priority": 5,
    "due_date": "2027-02-28",
}


@pytest.fixture
def api(cast):
    return Program(cast.acme, cast.alice)


@pytest.fixture
def reader(cast):
    return Program(cast.acme, cast.alice, *VIEWS)


@pytest.fixture
def things(cast):
    with no_context(), tenant(cast.acme, cast.alice):
        label = create_label(by=cast.alice, name="Winter", colour="blue")
        return label, create_team(name="Shop", by=cast.alice)


def at(task):
    return f"/tasks/{task.pk}"


def test_a_task_is_made_in_the_name_of_the_key(api, acme_board):
    answer = api.post("/tasks", {"title": "  Order tyres "})
    assert answer.status_code == 201
    (task,) = acme_board.all()
    assert (task.title, task.created_by_id) == ("Order tyres", None)
    assert answer.headers["Location"] == f"/api/v1/tasks/{task.pk}"
    assert api.last() == ("task.created", "program", str(api.key))


def test_a_task_is_made_with_everything_at_once(api, cast, things):
    label, team = things
    links = {
        "assignees": [str(cast.bob.pk)],
        "labels": [str(label.pk)],
        "team": str(team.pk),
    }
    made = api.post("/tasks", {"title": "Tyres", **FIELDS, **links}).json()
    assert {name: made[name] for name in FIELDS} == FIELDS
    assert made["key"] == f"ACME-{made['number']}"
    assert made["assignees"] == [{"id": str(cast.bob.pk), "name": "Bob Example"}]
    assert made["labels"] == [{"id": str(label.pk), "name": "Winter", "colour": "blue"}]
    assert made["team"] == {"id": str(team.pk), "name": "Shop"}
    assert made["created_by"] is None


def test_a_task_is_read_as_it_was_made(api):
    made = api.post("/tasks", {"title": "Tyres"})
    read = api.get(f"/tasks/{made.json()['id']}")
    assert (read.json(), read.headers["ETag"]) == (made.json(), made.headers["ETag"])


def test_who_made_a_task_is_told_while_they_are_there(api, acme_board, cast, as_alice):
    with no_context(), tenant(cast.acme, cast.bob):
        bobs = cast.acme.memberships.get(user=cast.bob)
    acme_board.owner = cast.bob
    task = acme_board.add()
    assert api.get(at(task)).json()["created_by"]["name"] == "Bob Example"
    as_alice.post(f"/organizations/members/{bobs.pk}/remove/")
    assert api.get(at(task)).json()["created_by"] is None


def test_only_what_is_given_changes(api, acme_board):
    task = acme_board.add("Tyres", priority=5)
    answer = api.patch(at(task), {"title": "Winter tyres", "due_date": "2027-01-02"})
    now = acme_board.now(task)
    assert answer.json()["title"] == now.title == "Winter tyres"
    assert (now.due_date, now.priority) == (date(2027, 1, 2), 5)
    (entry,) = api.entries("task.edited")
    assert entry.actor_type == "program"
    assert entry.before == {"title": "Tyres", "due_date": None}


def test_nothing_given_changes_nothing(api, acme_board):
    task = acme_board.add()
    assert api.patch(at(task), {}).status_code == 200
    assert api.entries("task.edited") == []


def test_a_status_alone_is_a_move(api, acme_board):
    task = acme_board.add()
    assert api.patch(at(task), {"status": "done"}).json()["completed_at"]
    assert api.last()[0] == "task.moved"


def test_links_take_the_place_of_those_before(api, acme_board, cast, things):
    label, team = things
    task = acme_board.add(assignees=[cast.adam], labels=[label], team=team)
    wanted = {"assignees": [str(cast.bob.pk)], "labels": [], "team": None}
    now = api.patch(at(task), wanted).json()
    assert [one["name"] for one in now["assignees"]] == ["Bob Example"]
    assert (now["labels"], now["team"]) == ([], None)


def test_a_change_of_something_else_than_was_read_is_refused(api, acme_board):
    task = acme_board.add()
    read = api.get(at(task)).headers["ETag"]
    assert api.patch(at(task), {"priority": 5}, If_Match=read).status_code == 200
    late = api.patch(at(task), {"priority": 1}, If_Match=read)
    assert code(late) == (412, "changed_meanwhile")
    assert code(api.delete(at(task), If_Match=read)) == (412, "changed_meanwhile")
    assert acme_board.now(task).priority == 5


def test_who_has_it_already_is_told_so(api, acme_board):
    task = acme_board.add()
    for path in ("/tasks", at(task)):
        tag = api.get(path).headers["ETag"]
        assert api.get(path, If_None_Match=tag).status_code == 304


def test_a_task_goes_to_the_trash_and_comes_back(api, acme_board):
    task = acme_board.add()
    assert api.delete(at(task)).status_code == 204
    assert api.last()[:2] == ("task.removed", "program")
    assert code(api.get(at(task))) == (404, "not_found")
    assert api.post(f"{at(task)}/restore").json()["id"] == str(task.pk)
    assert api.last()[:2] == ("task.restored", "program")
    assert acme_board.now(task).deleted_at is None


@pytest.mark.parametrize("verb", ["get", "patch", "delete", "restore"])
def test_what_is_anothers_is_missing(api, acme_board, globex_board, verb):
    theirs = globex_board.add("Theirs")
    answers = [call(api, verb, f"/tasks/{pk}") for pk in (theirs.pk, UNKNOWN)]
    first, second = [
        {**one.json(), "request_id": ""} for one in answers if code(one)[0] == 404
    ]
    assert first == second
    assert globex_board.now(theirs).deleted_at is None


def call(api, verb, path):
    if verb == "restore":
        return api.post(f"{path}/restore")
    return (
        api.patch(path, {"priority": 1})
        if verb == "patch"
        else getattr(api, verb)(path)
    )


def test_a_key_to_read_writes_nothing(reader, acme_board):
    task = acme_board.add()
    assert reader.get("/tasks").status_code == reader.get(at(task)).status_code == 200
    calls = [
        reader.post("/tasks", {"title": "No"}),
        reader.patch(at(task), {"title": "No"}),
        reader.delete(at(task)),
        reader.post(f"{at(task)}/restore"),
    ]
    assert {code(one) for one in calls} == {(403, "scope_missing")}
    assert [one.title for one in acme_board.all()] == [task.title]


def test_a_key_without_the_scope_reads_nothing(cast):
    other = Program(cast.acme, cast.alice, "teams.view")
    assert code(other.get("/tasks")) == (403, "scope_missing")


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({}, "body.title"),
        ({"title": ""}, "body.title"),
        ({"title": "   "}, "body.title"),
        ({"title": "x" * 201}, "body.title"),
        ({"title": "a\0b"}, "body.title"),
        ({"title": "\u200b"}, "body.title"),
        ({"title": "x", "status": "over"}, "body.status"),
        ({"title": "x", "priority": 2}, "body.priority"),
        ({"title": "x", "due_date": "soon"}, "body.due_date"),
        ({"title": "x", "team": UNKNOWN}, "body.team"),
        ({"title": "x", "labels": [UNKNOWN]}, "body.labels"),
        ({"title": "x", "assignees": [UNKNOWN]}, "body.assignees"),
        ({"title": "x", "created_by": UNKNOWN}, "body.created_by"),
    ],
)
def test_what_is_wrong_is_named_where_it_stands(api, acme_board, body, where):
    assert wheres(api.post("/tasks", body)) == [where]
    assert acme_board.all() == []
    task = acme_board.add("Stays")
    if body:
        changes = {name: value for name, value in body.items() if value != "x"}
        assert wheres(api.patch(at(task), changes)) == [where]
        assert acme_board.now(task).title == "Stays"


def test_nobody_of_another_organization_is_given_a_task(api, acme_board, cast):
    body = {"title": "x", "assignees": [str(cast.charlie.pk)]}
    assert wheres(api.post("/tasks", body)) == ["body.assignees"]
    assert acme_board.all() == []


def test_a_full_plan_takes_no_task(api, acme_board, allow):
    task = acme_board.add()
    allow(tasks=1)
    refused = api.post("/tasks", {"title": "One too many"})
    assert code(refused) == (402, "plan_limit")
    assert refused.json()["limit"] == {"key": "tasks", "used": 1, "most": 1}
    api.delete(at(task))
    api.post("/tasks", {"title": "In its place"})
    assert code(api.post(f"{at(task)}/restore")) == (402, "plan_limit")


def test_the_same_post_sent_twice_makes_one_task(api, acme_board):
    first = api.post("/tasks", {"title": "Once"}, Idempotency_Key="order 17")
    again = api.post("/tasks", {"title": "Once"}, Idempotency_Key="order 17")
    assert first.json() == again.json()
    assert first.headers["Location"] == again.headers["Location"]
    assert len(acme_board.all()) == 1


@given(title=st.text(max_size=210), words=st.text(max_size=80))
def test_any_text_is_kept_as_it_is_or_refused(api, title, words):
    body = {"title": title, "description": words}
    answer = api.post("/tasks", body)
    assert answer.status_code in (201, 422)
    if answer.status_code == 201:
        assert answer.json()["title"] == title.strip()


def test_pages_say_that_a_program_made_it(api, as_alice):
    made = api.post("/tasks", {"title": "Tyres"}).json()
    text = as_alice.get(f"/tasks/{made['id']}/").content.decode()
    assert f"Created by {api.key} on" in text
    assert 'class="avatar key"' in text
    assert f"<b>{api.key}</b>" in text
