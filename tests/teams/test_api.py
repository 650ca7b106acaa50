"""Teams by key, and who is in them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from organizations.teams.models import Team
from organizations.tenancy import no_context, tenant
from tests.api_client import VIEWS, Program, code, wheres

UNKNOWN = "0190f5a0-0000-7000-8000-000000000000"


@pytest.fixture
def api(cast):
    return Program(cast.acme, cast.alice)


@pytest.fixture
def shop(api):
    return api.post("/teams", {"name": "Shop", "description": "Sells"}).json()


def at(team):
    return f"/teams/{team['id'] if isinstance(team, dict) else team.pk}"


def test_a_team_is_made_read_and_changed(api, shop):
    assert api.last() == ("team.created", "program", str(api.key))
    assert api.get(at(shop)).json() == shop
    assert (shop["people"], shop["description"]) == (0, "Sells")
    now = api.patch(at(shop), {"name": "Store"}).json()
    assert (now["name"], now["description"]) == ("Store", "Sells")
    assert api.last()[:2] == ("team.changed", "program")


def test_a_team_goes_and_comes_back(api, shop, fresh, cast):
    assert api.delete(at(shop)).status_code == 204
    assert api.last()[:2] == ("team.removed", "program")
    assert code(api.get(at(shop))) == (404, "not_found")
    assert api.post(f"{at(shop)}/restore").json() == shop
    assert api.last()[:2] == ("team.restored", "program")


def test_a_name_belongs_to_one_team(api, shop):
    assert wheres(api.post("/teams", {"name": "SHOP"})) == ["body.name"]
    other = api.post("/teams", {"name": "Store"}).json()
    assert wheres(api.patch(at(other), {"name": "shop"})) == ["body.name"]
    api.delete(at(shop))
    api.patch(at(other), {"name": "Shop"})
    assert code(api.post(f"{at(shop)}/restore")) == (409, "conflict")


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({"name": " "}, "body.name"),
        ({"name": "x" * 81}, "body.name"),
        ({"name": "a\nb"}, "body.name"),
        ({"name": "x", "description": "y" * 501}, "body.description"),
        ({"name": "x", "people": 3}, "body.people"),
    ],
)
def test_what_is_wrong_is_named_where_it_stands(api, shop, body, where):
    assert wheres(api.post("/teams", body)) == [where]
    assert wheres(api.patch(at(shop), body)) == [where]
    assert api.every("/teams") == [shop]


@given(name=st.text(max_size=90), words=st.text(max_size=60))
def test_any_text_is_kept_or_refused(api, name, words):
    answer = api.post("/teams", {"name": name, "description": words})
    assert answer.status_code in (201, 422)


def test_a_list_has_every_team_once(api, cast):
    with no_context(), tenant(cast.acme):
        Team.objects.bulk_create(Team(name=f"T{number}") for number in range(120))
    found = [one["name"] for one in api.every("/teams")]
    assert len(found) == len(set(found)) == 120


def test_somebody_is_put_in_and_taken_out(api, cast, shop, inside):
    path = f"{at(shop)}/members/{cast.bob.pk}"
    added = api.ask("put", path)
    assert added.json()["user"] == {"id": str(cast.bob.pk), "name": "Bob Example"}
    assert api.last()[:2] == ("team.member_added", "program")
    assert api.ask("put", path).json() == added.json()
    assert len(api.entries("team.member_added")) == 1
    assert [one["user"]["name"] for one in api.every(f"{at(shop)}/members")] == [
        "Bob Example"
    ]
    assert api.get(at(shop)).json()["people"] == 1
    assert api.delete(path).status_code == 204
    assert api.last()[:2] == ("team.member_removed", "program")
    assert code(api.delete(path)) == (404, "not_found")


def test_people_of_a_team_come_page_by_page(api, team):
    made = team("Workshop", "alice", "adam", "bob", "vera")
    found = api.every(f"{at(made)}/members?limit=3")
    assert [one["user"]["name"].split()[0] for one in found] == [
        *("Alice", "Adam", "Bob", "Vera")
    ]


@pytest.mark.parametrize("who", ["charlie", "nora"])
def test_nobody_else_is_put_in_a_team(api, cast, shop, who):
    path = f"{at(shop)}/members/{getattr(cast, who).pk}"
    assert code(api.ask("put", path)) == (404, "not_found")
    assert code(api.ask("put", f"{at(shop)}/members/{UNKNOWN}")) == (404, "not_found")


def test_a_team_changed_meanwhile_is_left(api, shop):
    read = api.get(at(shop)).headers["ETag"]
    assert api.patch(at(shop), {"name": "A"}, If_Match=read).status_code == 200
    late = api.patch(at(shop), {"name": "B"}, If_Match=read)
    assert code(late) == (412, "changed_meanwhile")
    assert code(api.delete(at(shop), If_Match=read)) == (412, "changed_meanwhile")


def test_a_key_to_read_changes_nothing(cast, shop):
    reader = Program(cast.acme, cast.alice, *VIEWS)
    assert reader.every("/teams") == [shop]
    for answer in (
        reader.post("/teams", {"name": "No"}),
        reader.patch(at(shop), {"name": "No"}),
        reader.delete(at(shop)),
        reader.post(f"{at(shop)}/restore"),
        reader.ask("put", f"{at(shop)}/members/{cast.bob.pk}"),
        reader.delete(f"{at(shop)}/members/{cast.bob.pk}"),
    ):
        assert code(answer) == (403, "scope_missing")
    assert reader.get(at(shop)).json() == shop


def test_teams_of_others_are_missing(cast, shop):
    theirs = Program(cast.globex, cast.charlie)
    assert theirs.every("/teams") == []
    for path in (at(shop), f"/teams/{UNKNOWN}"):
        for answer in (
            theirs.get(path),
            theirs.get(f"{path}/members"),
            theirs.patch(path, {"name": "x"}),
            theirs.delete(path),
            theirs.post(f"{path}/restore"),
            theirs.ask("put", f"{path}/members/{cast.charlie.pk}"),
        ):
            assert code(answer) == (404, "not_found")


def test_the_same_post_sent_twice_makes_one(api):
    for _time in range(2):
        sent = api.post("/teams", {"name": "Once"}, Idempotency_Key="k")
        assert sent.status_code == 201
    assert len(api.every("/teams")) == 1
