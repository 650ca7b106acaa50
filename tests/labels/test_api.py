"""Labels by key."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.labels.models import Label
from tests.api_client import VIEWS, Program, code, wheres

UNKNOWN = "0190f5a0-0000-7000-8000-000000000000"


@pytest.fixture
def api(cast):
    return Program(cast.acme, cast.alice)


@pytest.fixture
def winter(api):
    return api.post("/labels", {"name": "Winter", "colour": "red"}).json()


def at(label):
    return f"/labels/{label['id']}"


def test_a_label_is_made_read_changed_and_deleted(api, winter):
    assert api.last() == ("label.created", "program", str(api.key))
    assert api.get(at(winter)).json() == winter
    assert api.patch(at(winter), {"name": "Snow"}).json() == winter | {"name": "Snow"}
    assert api.last()[:2] == ("label.changed", "program")
    assert api.delete(at(winter)).status_code == 204
    assert api.last()[:2] == ("label.removed", "program")
    assert code(api.get(at(winter))) == (404, "not_found")


def test_a_name_belongs_to_one_label(api, winter):
    assert wheres(api.post("/labels", {"name": "winter"})) == ["body.name"]
    other = api.post("/labels", {"name": "Snow"}).json()
    assert wheres(api.patch(at(other), {"name": "WINTER"})) == ["body.name"]
    assert api.get(at(other)).json()["name"] == "Snow"


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({"name": ""}, "body.name"),
        ({"name": "x" * 41}, "body.name"),
        ({"name": "two\nlines"}, "body.name"),
        ({"name": "\u202eturned"}, "body.name"),
        ({"name": "x", "colour": "pink"}, "body.colour"),
        ({"name": "x", "size": 1}, "body.size"),
    ],
)
def test_what_is_wrong_is_named_where_it_stands(api, winter, body, where):
    assert wheres(api.post("/labels", body)) == [where]
    assert wheres(api.patch(at(winter), body)) == [where]
    assert [one["name"] for one in api.every("/labels")] == ["Winter"]


@given(name=st.text(min_size=1, max_size=45))
def test_any_name_is_kept_or_refused(api, name):
    answer = api.post("/labels", {"name": name})
    assert answer.status_code in (201, 422)


def test_a_list_has_every_label_once(api, inside):
    with inside():
        Label.objects.bulk_create(Label(name=f"L{number}") for number in range(120))
    found = [one["name"] for one in api.every("/labels")]
    assert len(found) == len(set(found)) == 120


def test_there_are_not_endlessly_many(api, inside):
    with inside():
        Label.objects.bulk_create(Label(name=f"L{number}") for number in range(200))
    assert code(api.post("/labels", {"name": "Another"})) == (409, "conflict")


def test_a_label_changed_meanwhile_is_left(api, winter):
    read = api.get(at(winter)).headers["ETag"]
    assert api.patch(at(winter), {"colour": "blue"}, If_Match=read).status_code == 200
    late = api.patch(at(winter), {"colour": "green"}, If_Match=read)
    assert code(late) == (412, "changed_meanwhile")
    assert code(api.delete(at(winter), If_Match=read)) == (412, "changed_meanwhile")


def test_a_key_to_read_changes_nothing(cast, winter):
    reader = Program(cast.acme, cast.alice, *VIEWS)
    assert reader.get("/labels").json()["items"] == [winter]
    for answer in (
        reader.post("/labels", {"name": "No"}),
        reader.patch(at(winter), {"name": "No"}),
        reader.delete(at(winter)),
    ):
        assert code(answer) == (403, "scope_missing")
    assert reader.get(at(winter)).json() == winter


def test_labels_of_others_are_missing(cast, winter):
    theirs = Program(cast.globex, cast.charlie)
    assert theirs.get("/labels").json()["items"] == []
    for path in (at(winter), f"/labels/{UNKNOWN}"):
        assert code(theirs.get(path)) == (404, "not_found")
        assert code(theirs.patch(path, {"name": "x"})) == (404, "not_found")
        assert code(theirs.delete(path)) == (404, "not_found")


def test_the_same_post_sent_twice_makes_one(api):
    answers = [
        api.post("/labels", {"name": "Once"}, Idempotency_Key="k") for _ in range(2)
    ]
    assert [one.status_code for one in answers] == [201, 201]
    assert len(api.every("/labels")) == 1


@pytest.fixture
def inside(cast):
    from organizations.tenancy import no_context, tenant

    def entered():
        return tenant(cast.acme, cast.alice)

    with no_context():
        yield entered
