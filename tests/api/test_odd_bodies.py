"""Bodies that no friendly program sends: refused as problems, and nothing is kept."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from organizations.tenancy import no_context, tenant
from tasks.labels.models import Label
from tasks.models import Task
from tests.api.conftest import Program, code_of, make_key
from tests.history import entries
from tests.limits.conftest import set_acme

LABELS, TASKS = "/api/v1/labels", "/api/v1/tasks"
LATIN = "application/json;charset=latin-1"
REFUSED = {"malformed", "invalid"}
ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(exclude_categories=[]), max_size=20),
    lambda inside: (
        st.lists(inside, max_size=4) | st.dictionaries(st.text(), inside, max_size=4)
    ),
    max_leaves=12,
)
FIELDS = ("title", "status", "priority", "due_date", "assignees", "labels", "team")


@pytest.fixture
def often(program, cast):
    """A program that may ask as often as it likes."""
    set_acme(cast, api_per_minute=1_000_000)
    return program


def labels(cast):
    with no_context(), tenant(cast.acme):
        return list(Label.objects.values_list("name", flat=True))


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000,
        b'{"name":' * 50_000 + b"1" + b"}" * 50_000,
        b'{"name": ' + b"9" * 5000 + b"}",
        b'{"name": 1e999}',
        b'{"name": NaN}',
        b'{"name": -Infinity}',
        b'{"name": "\xff\xfe"}',
        rb'{"name": "\ud800"}',
        rb'{"name": "\udc00\ud800 A"}',
        rb'{"name": "A\u0000B"}',
        rb'{"name": "A", "\ud800": 1}',
        rb'{"name": "A", "\u0000": 1}',
        b'{"name": "A"} {"name": "B"}',
        b"{'name': 'A'}",
        b'{"name": "A",}',
        b"\x00",
        b" ",
    ],
    ids=lambda body: repr(body[:24]),
)
def test_a_body_that_is_odd_is_refused_and_keeps_nothing(program, cast, body):
    answer = program.post(LABELS, body)
    assert code_of(answer) in REFUSED, answer.text
    assert answer["Content-Type"] == "application/problem+json"
    assert labels(cast) == []
    assert entries(cast.acme, "label.created") == []


@pytest.mark.parametrize("letters", ["utf-8-sig", "utf-16", "utf-16-be", "utf-32"])
def test_a_body_in_other_letters_is_read_as_it_was_meant(program, cast, letters):
    assert program.post(LABELS, '{"name": "Räder"}'.encode(letters)).status_code == 201
    assert labels(cast) == ["Räder"]


def test_of_a_name_that_comes_twice_the_last_counts(program, cast):
    answer = program.post(LABELS, b'{"name": "First", "name": "Last"}')
    assert answer.json()["name"] == "Last"
    assert labels(cast) == ["Last"]


@given(body=ANYTHING)
def test_no_json_at_all_breaks_an_endpoint(often, body):
    for where in (LABELS, TASKS, "/api/v1/tasks/bulk", "/api/v1/invitations"):
        answer = often.post(where, json.dumps(body))
        assert code_of(answer) in REFUSED, answer.text


@given(field=st.sampled_from(FIELDS), value=ANYTHING)
def test_no_value_of_a_field_breaks_a_task(often, cast, field, value):
    answer = often.post(TASKS, json.dumps({"title": "Tyres", field: value}))
    assert answer.status_code in {201, 422}, answer.text
    if answer.status_code == 422:
        wheres = [one["where"] for one in answer.json()["errors"]]
        assert all(one.startswith(f"body.{field}") for one in wheres)


@given(value=ANYTHING)
def test_no_value_breaks_a_change_of_many(often, value):
    sent = {"ids": value, "changes": {"priority": 5}}
    answer = often.call("PATCH", "/api/v1/tasks/bulk", json.dumps(sent))
    assert answer.status_code in {200, 422}, answer.text
    changes = {"ids": [], "changes": value}
    answer = often.call("PATCH", "/api/v1/tasks/bulk", json.dumps(changes))
    assert answer.status_code == 422, answer.text


@pytest.mark.parametrize("where", ["assignees", "labels"])
def test_the_same_id_many_times_is_one(program, cast, where):
    label = program.post(LABELS, {"name": "Boxes"}).json()["id"]
    who = str(cast.bob.pk) if where == "assignees" else label
    made = program.post(TASKS, {"title": "Tyres", where: [who] * 50})
    assert [one["id"] for one in made.json()[where]] == [who]


@pytest.mark.parametrize(
    ("priority", "day"),
    [(2**63, "2027-01-01"), (-1, "2027-01-01"), (3, "0000-01-01"), (3, "+12027-01-01")],
)
def test_numbers_and_days_beyond_all_measure_are_invalid(program, cast, priority, day):
    body = {"title": "Tyres", "priority": priority, "due_date": day}
    assert code_of(program.post(TASKS, body)) == "invalid"
    with no_context(), tenant(cast.acme):
        assert not Task.objects.exists()


@pytest.mark.parametrize(
    "kind",
    [
        "application/json; charset=utf-8",
        "Application/JSON",
    ],
)
def test_a_kind_may_be_said_in_other_letters(program, kind):
    assert program.post(LABELS, {"name": "Räder"}, Content_Type=kind).status_code == 201


@pytest.mark.parametrize(
    "kind",
    ["application/json5", "application/jsonp", "multipart/form-data", "x", ",", LATIN],
)
def test_what_only_looks_like_the_kind_is_refused(program, cast, kind):
    answer = program.post(LABELS, {"name": "Boxes"}, Content_Type=kind)
    assert answer.status_code in {400, 415}
    assert labels(cast) == []


HEADS = st.text(st.characters(codec="latin-1", exclude_categories=["Cc"]), max_size=90)


@given(text=HEADS)
def test_no_header_of_a_key_breaks_the_door(cast, text):
    answer = Program("").get(LABELS, Authorization=text)
    assert code_of(answer) in {"key_missing", "key_invalid", "too_many_requests"}


@given(inside=st.text("ABCxyz019-_", min_size=54, max_size=54))
def test_no_text_of_a_keys_shape_opens_anything(cast, inside):
    answer = Program(f"ins_{inside}").get(LABELS)
    assert code_of(answer) in {"key_invalid", "too_many_requests"}


@pytest.mark.parametrize("scheme", ["bearer", "BEARER", "Bearer  "])
def test_the_word_before_the_key_is_read_in_any_letters(cast, scheme):
    text = make_key(cast.acme, cast.alice)[1]
    answer = Program("").get(LABELS, Authorization=f"{scheme} {text}")
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "wrap", ["Basic {}", "{}", "Bearer{}", "Bearer {},x", "Key {}"]
)
def test_a_key_said_in_another_way_opens_nothing(cast, wrap):
    text = make_key(cast.acme, cast.alice)[1]
    assert Program("").get(LABELS, Authorization=wrap.format(text)).status_code == 401


@pytest.mark.parametrize("place", ["key", "api_key", "access_token"])
def test_a_key_in_an_address_is_none(cast, place):
    text = make_key(cast.acme, cast.alice)[1]
    assert code_of(Program("").get(f"{LABELS}?{place}={text}")) == "key_missing"
