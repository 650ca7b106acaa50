"""Members by key."""

import pytest

from tests.api_client import VIEWS, Program, code, wheres
from tests.conftest import join, make_user

UNKNOWN = "0190f5a0-0000-7000-8000-000000000000"


@pytest.fixture
def api(cast):
    return Program(cast.acme, cast.alice)


@pytest.fixture
def at(member):
    return lambda name: f"/members/{member(name).pk}"


def names(answer):
    assert answer.status_code == 200, answer.content
    return [one["name"].split()[0] for one in answer.json()["items"]]


def test_who_belongs_here_is_listed(api):
    assert names(api.get("/members")) == ["Alice", "Adam", "Bob", "Vera"]
    assert names(api.get("/members?role=viewer")) == ["Vera"]
    assert names(api.get("/members?q=bob@")) == ["Bob"]


def test_a_member_is_read_with_all_they_are(api, cast, at, member):
    read = api.get(at("bob")).json()
    assert read.pop("created_at")
    assert read == {
        "id": str(member("bob").pk),
        "user": str(cast.bob.pk),
        "name": "Bob Example",
        "email": "bob@example.com",
        "role": "member",
        "custom_role": None,
        "suspended_at": None,
    }


def test_a_list_has_everybody_once(api, cast):
    for number in range(8):
        join(cast.acme, make_user(f"more{number}"), "viewer")
    found = [one["email"] for one in api.every("/members?limit=5")]
    assert len(found) == len(set(found)) == 12


def test_a_role_is_given_in_the_name_of_the_key(api, at, member):
    assert api.patch(at("bob"), {"role": "viewer"}).json()["role"] == "viewer"
    assert member("bob").role == "viewer"
    assert api.last() == ("member.role_changed", "program", str(api.key))


def test_no_role_is_given_that_may_do_more_than_the_key(cast, at, member):
    small = Program(cast.acme, cast.alice, *VIEWS, "members.edit")
    assert wheres(small.patch(at("vera"), {"role": "member"})) == ["body.role"]
    assert member("vera").role == "viewer"
    assert small.patch(at("bob"), {"role": "viewer"}).status_code == 200
    larger = (*VIEWS, "members.edit", "tasks.edit", "tasks.delete", "gallery.edit")
    writer = Program(cast.acme, cast.alice, *larger)
    assert writer.patch(at("vera"), {"role": "member"}).status_code == 200


def test_no_program_makes_somebody_an_admin(api, at, member):
    assert wheres(api.patch(at("bob"), {"role": "admin"})) == ["body.role"]
    assert member("bob").role == "member"
    assert api.patch(at("adam"), {"role": "admin"}).status_code == 200
    assert api.entries("member.role_changed") == []


@pytest.mark.parametrize("role", ["owner", "boss", None])
def test_nobody_is_made_an_owner(api, at, member, role):
    assert wheres(api.patch(at("bob"), {"role": role})) == ["body.role"]
    assert member("bob").role == "member"


@pytest.mark.usefixtures("second_owner")
def test_no_program_changes_an_owner(api, at, member, second_owner):
    second_owner("bob")
    for answer in (
        api.patch(at("bob"), {"role": "viewer"}),
        api.post(f"{at('bob')}/suspend"),
        api.post(f"{at('bob')}/resume"),
        api.delete(at("bob")),
    ):
        assert code(answer) == (409, "conflict")
    assert member("bob").role == "owner"


def test_a_member_is_shut_out_and_let_in_again(api, at, as_bob):
    assert api.post(f"{at('bob')}/suspend").json()["suspended_at"]
    assert api.last()[:2] == ("member.suspended", "program")
    assert as_bob.get("/tasks/").status_code == 302
    assert api.post(f"{at('bob')}/resume").json()["suspended_at"] is None
    assert api.last()[:2] == ("member.unsuspended", "program")
    assert as_bob.get("/tasks/").status_code == 200


def test_a_membership_ends(api, at, member):
    path = at("bob")
    assert api.delete(path).status_code == 204
    assert member("bob") is None
    assert api.entries("member.removed")[0].actor_type == "program"
    assert code(api.get(path)) == (404, "not_found")


def test_a_member_changed_meanwhile_is_left(api, at, member):
    read = api.get(at("bob")).headers["ETag"]
    assert api.patch(at("bob"), {"role": "viewer"}, If_Match=read).status_code == 200
    late = api.patch(at("bob"), {"role": "admin"}, If_Match=read)
    assert code(late) == (412, "changed_meanwhile")
    assert code(api.delete(at("bob"), If_Match=read)) == (412, "changed_meanwhile")
    assert member("bob").role == "viewer"


def test_a_key_to_read_changes_nobody(cast, at, member):
    reader = Program(cast.acme, cast.alice, *VIEWS)
    assert reader.get(at("bob")).status_code == 200
    for answer in (
        reader.patch(at("bob"), {"role": "admin"}),
        reader.post(f"{at('bob')}/suspend"),
        reader.post(f"{at('bob')}/resume"),
        reader.delete(at("bob")),
    ):
        assert code(answer) == (403, "scope_missing")
    assert member("bob").role == "member"


def test_members_of_others_are_missing(cast, at, member):
    theirs = Program(cast.globex, cast.charlie)
    assert names(theirs.get("/members")) == ["Charlie"]
    for path in (at("bob"), f"/members/{UNKNOWN}"):
        for answer in (
            theirs.get(path),
            theirs.patch(path, {"role": "viewer"}),
            theirs.post(f"{path}/suspend"),
            theirs.delete(path),
        ):
            assert code(answer) == (404, "not_found")
    assert member("bob").role == "member"


@pytest.mark.parametrize(
    ("query", "where"),
    [
        ("role=boss", "query.role"),
        (f"q={'x' * 101}", "query.q"),
        ("limit=0", "query.limit"),
    ],
)
def test_a_filter_that_is_not_understood_is_refused(api, query, where):
    assert wheres(api.get(f"/members?{query}")) == [where]


def test_a_cursor_of_nobody_is_refused(api):
    assert code(api.get("/members?cursor=x")) == (400, "cursor_invalid")
