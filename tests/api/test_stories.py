"""Each thing a program can make, from its making to its end, and what history keeps."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from organizations.tenancy import no_context, tenant
from tests.api.conftest import EVENTS, Program, code_of, make_key
from tests.history import entries
from tests.pictures.conftest import picture, shelf

__all__ = ["shelf"]

BASE = "/api/v1"


@pytest.fixture
def made(program):
    """Return a call that makes something and tells where it is."""

    def make(path, body):
        answer = program.post(f"{BASE}{path}", body)
        assert answer.status_code == 201, answer.text
        return answer["Location"]

    return make


def upload(program, name="tyre.png", data=None, **headers):
    file = SimpleUploadedFile(name, picture() if data is None else data, "image/png")
    given = {key.replace("_", "-"): value for key, value in headers.items()}
    given["Authorization"] = f"Bearer {program.text}"
    return program.client.post(f"{BASE}/images", {"picture": file}, headers=given)


def told(program, cast):
    """Return what the program did, as history has it, the oldest first."""
    found = [one for one in entries(cast.acme) if one.actor_type == "program"]
    assert {one.actor_label for one in found} <= {str(program.key)}
    return [one.action for one in reversed(found)]


def test_the_story_of_a_task(program, cast, made):
    label = made("/labels", {"name": "Boxes"}).rpartition("/")[2]
    where = made("/tasks", {"title": "Tyres", "labels": [label]})
    talk = made(f"{where.removeprefix(BASE)}/comments", {"body": "Which ones?"})
    program.call("PATCH", where, {"assignees": [str(cast.bob.pk)]})
    program.call("PATCH", where, {"status": "done"})
    assert program.call("DELETE", where).status_code == 204
    assert code_of(program.get(where)) == code_of(program.get(talk)) == "not_found"
    assert code_of(program.call("PATCH", where, {"title": "x"})) == "not_found"
    back = program.post(f"{where}/restore").json()
    assert (back["status"], back["comments"], len(back["labels"])) == ("done", 1, 1)
    assert [one["name"] for one in back["assignees"]] == ["Bob Example"]
    assert program.get(talk).json()["body"] == "Which ones?"
    assert told(program, cast) == [
        *("label.created", "task.created", "comment.written", "task.edited"),
        *("task.moved", "task.removed", "task.restored"),
    ]


def test_the_story_of_a_label_that_tasks_have(program, cast, made):
    where = made("/labels", {"name": "Boxes", "colour": "red"})
    task = made("/tasks", {"title": "Tyres", "labels": [where.rpartition("/")[2]]})
    tag = program.get(task)["ETag"]
    program.call("PATCH", where, {"name": "Tins"})
    changed = program.get(task)
    assert changed.json()["labels"][0]["name"] == "Tins"
    # What a task shows is what it is: who read the former name is told.
    late = program.call("PATCH", task, {"title": "Rims"}, If_Match=tag)
    assert code_of(late) == "changed_meanwhile"
    program.call("DELETE", where)
    assert program.get(task).json()["labels"] == []
    assert code_of(program.call("DELETE", where)) == "not_found"
    assert told(program, cast)[2:] == ["label.changed", "label.removed"]


def test_the_story_of_a_comment(program, cast, made):
    task = made("/tasks", {"title": "Tyres"})
    where = made(f"{task.removeprefix(BASE)}/comments", {"body": "Which ones?"})
    edited = program.call("PATCH", where, {"body": "The winter ones?"}).json()
    assert edited["edited_at"] is not None
    assert program.call("DELETE", where).status_code == 204
    assert program.get(task).json()["comments"] == 0
    assert program.get(f"{task}/comments").json()["items"] == []
    assert program.post(f"{where}/restore").json()["body"] == "The winter ones?"
    assert program.get(task).json()["comments"] == 1
    assert told(program, cast)[1:] == [
        *("comment.written", "comment.edited"),
        *("comment.removed", "comment.restored"),
    ]


def test_the_story_of_a_team(program, cast, made):
    where = made("/teams", {"name": "Shop"})
    task = made("/tasks", {"title": "Tyres", "team": where.rpartition("/")[2]})
    place = f"{where}/members/{cast.bob.pk}"
    assert program.call("PUT", place).status_code == 200
    assert program.call("PUT", place).status_code == 200
    program.call("PATCH", where, {"name": "Yard"})
    assert program.get(task).json()["team"]["name"] == "Yard"
    assert program.call("DELETE", where).status_code == 204
    assert code_of(program.call("PUT", place)) == "not_found"
    assert program.post(f"{where}/restore").status_code == 200
    people = program.get(f"{where}/members").json()["items"]
    assert len(people) == 1
    assert program.call("DELETE", place).status_code == 204
    assert code_of(program.call("DELETE", place)) == "not_found"
    assert told(program, cast).count("team.member_added") == 1
    with no_context(), tenant(cast.acme):
        assert cast.acme.memberships.filter(user=cast.bob).exists()


def test_the_story_of_a_picture(program, cast):
    where = upload(program)["Location"]
    program.call("PATCH", where, {"alt": "A tyre in snow"})
    whole = program.get(f"{where}/content")
    assert program.call("DELETE", where).status_code == 204
    assert code_of(program.get(f"{where}/content")) == "not_found"
    assert code_of(program.call("PATCH", where, {"alt": "x"})) == "not_found"
    assert program.post(f"{where}/restore").json()["alt"] == "A tyre in snow"
    again = program.get(f"{where}/content", If_None_Match=whole["ETag"])
    assert (again.status_code, again["ETag"]) == (304, whole["ETag"])
    assert told(program, cast) == [
        *("image.uploaded", "image.changed"),
        *("image.removed", "image.restored"),
    ]


def test_the_story_of_an_invitation(program, cast, made):
    where = made("/invitations", {"email": "nell@example.net", "role": "viewer"})
    assert program.post(f"{where}/resend").status_code == 200
    assert program.call("DELETE", where).status_code == 204
    assert program.get(where).json()["state"] == "revoked"
    for again in (program.call("DELETE", where), program.post(f"{where}/resend")):
        assert (again.status_code, code_of(again)) == (409, "conflict")
    assert program.get(f"{BASE}/invitations").json()["items"] == []
    assert made("/invitations", {"email": "nell@example.net"}) != where


def test_an_invitation_sent_again_is_another_state(program, made):
    where = made("/invitations", {"email": "nell@example.net"})
    read = program.get(where)["ETag"]
    program.post(f"{where}/resend")
    late = program.call("DELETE", where, If_Match=read)
    assert (late.status_code, code_of(late)) == (412, "changed_meanwhile")
    assert program.get(where).json()["state"] != "revoked"
    now = program.get(where)["ETag"]
    assert program.call("DELETE", where, If_Match=now).status_code == 204


def test_the_feed_and_the_log_tell_the_same_story(program, cast, made):
    made("/labels", {"name": "Boxes"})
    where = made("/tasks", {"title": "Tyres"})
    program.call("DELETE", where)
    feed = program.get(f"{EVENTS}?limit=500").json()["items"]
    log = program.get(f"{BASE}/audit?limit=100").json()["items"]
    assert [(one["id"], one["type"], one["sequence"]) for one in feed] == [
        (one["id"], one["action"], one["sequence"]) for one in reversed(log)
    ]
    last = program.get(f"{BASE}/audit/{feed[-1]['id']}").json()
    assert (last["action"], last["object"]["name"]) == ("task.removed", "Tyres")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/tasks", {"title": "Tyres", "extra": 1}),
        ("/labels", {"name": ""}),
        ("/teams", {"name": "x" * 1000}),
        ("/invitations", {"email": "nobody"}),
        ("/tasks/bulk", {"tasks": [{"title": "Tyres"}, {"title": ""}]}),
    ],
)
def test_what_is_refused_leaves_no_trace_in_history(program, cast, path, body):
    before = len(entries(cast.acme))
    assert program.post(f"{BASE}{path}", body).status_code == 422
    assert len(entries(cast.acme)) == before


def test_many_tasks_sent_twice_are_made_and_changed_once(program, cast, made):
    body = {"tasks": [{"title": "One"}, {"title": "Two"}]}
    once = {"Idempotency_Key": "load-7"}
    first = program.post(f"{BASE}/tasks/bulk", body, **once)
    again = program.post(f"{BASE}/tasks/bulk", body, **once)
    assert again.json() == first.json()
    ids = [one["id"] for one in first.json()["items"]]
    gone = [
        program.post(f"{BASE}/tasks/bulk-remove", {"ids": ids}, Idempotency_Key="r")
        for _each in range(2)
    ]
    assert gone[0].json() == gone[1].json()
    assert gone[0].json()["changed"] == 2
    assert program.get(f"{BASE}/tasks").json()["items"] == []


def test_another_picture_under_the_same_name_is_refused(program, cast):
    once = {"Idempotency_Key": "picture-7"}
    first = upload(program, **once)
    assert upload(program, **once).json() == first.json()
    for other in (
        upload(program, data=picture(size=(30, 30)), **once),
        upload(program, name="other.png", **once),
    ):
        assert (other.status_code, code_of(other)) == (422, "idempotency_key_reused")
    assert len(entries(cast.acme, "image.uploaded")) == 1


def test_a_name_used_at_one_address_is_no_name_at_another(program, cast):
    once = {"Idempotency_Key": "order-7"}
    assert program.post(f"{BASE}/labels", {"name": "x"}, **once).status_code == 201
    other = program.post(f"{BASE}/teams", {"name": "x"}, **once)
    assert code_of(other) == "idempotency_key_reused"
    assert entries(cast.acme, "team.created") == []


def test_a_change_is_no_post_and_happens_as_often_as_it_is_sent(program, made):
    where = made("/labels", {"name": "Boxes"})
    for name in ("Tins", "Bags"):
        program.call("PATCH", where, {"name": name}, Idempotency_Key="order-7")
    assert program.get(where).json()["name"] == "Bags"


def test_programs_of_two_organizations_do_not_see_each_other(program, cast, made):
    theirs = Program(make_key(cast.globex, cast.charlie)[1])
    made("/tasks", {"title": "Tyres"})
    theirs.post(f"{BASE}/tasks", {"title": "Rims"})
    assert [one["title"] for one in theirs.get(f"{BASE}/tasks").json()["items"]] == [
        "Rims"
    ]
    feed = theirs.get(f"{EVENTS}?limit=500").json()["items"]
    assert "Tyres" not in str(feed)
