"""Cursors: of another list, of nobody, out of any calendar, and while lists grow."""

import base64
import functools
import json
import operator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from organizations.api.shapes import cursor_of
from organizations.paging import Place
from organizations.tenancy import no_context, tenant
from tasks.flows import create_task
from tests.api.conftest import EVENTS, Program, code_of, make_key
from tests.isolation.api_samples import SAMPLES
from tests.limits.conftest import set_acme

BASE = "/api/v1"
NEWEST = ("labels", "teams", "images")
LISTS = (*NEWEST, "tasks", "members", "invitations", "audit")
each_list = pytest.mark.parametrize("name", LISTS)
GROWING = {
    "labels": lambda number: {"name": f"Label {number}"},
    "teams": lambda number: {"name": f"Team {number}"},
    "tasks": lambda number: {"title": f"Task {number}"},
    "invitations": lambda number: {"email": f"new-{number}@example.net"},
}
grows = pytest.mark.parametrize("name", GROWING)


@pytest.fixture
def program(program, cast):
    set_acme(cast, api_per_minute=1_000_000)
    return program


@pytest.fixture
def fill(program):
    """Return a call that puts so many rows into a list and tells their ids."""
    made = []

    def more(name, count):
        for _each in range(count):
            answer = program.post(f"{BASE}/{name}", GROWING[name](len(made)))
            made.append(answer.json()["id"])
        return made

    return more


def pages(program, name, limit, between=lambda: None):
    """Read a list to its end, doing something between each two pages."""
    cursor, found = "", []
    while cursor is not None:
        mark = f"&cursor={cursor}" if cursor else ""
        page = program.get(f"{BASE}/{name}?limit={limit}{mark}").json()
        found.append([one["id"] for one in page["items"]])
        cursor = page["next"]
        between()
    return found


@grows
@pytest.mark.parametrize("limit", [1, 2, 3, 7])
def test_each_row_comes_once_while_others_are_made(program, fill, name, limit):
    before = set(fill(name, 6))
    left = iter(range(4))
    more = lambda: fill(name, 1) if next(left, None) is not None else None  # noqa: E731
    seen = functools.reduce(operator.iadd, pages(program, name, limit, more), [])
    assert len(seen) == len(set(seen))
    assert before <= set(seen)


@pytest.mark.parametrize("name", ["labels", "teams", "tasks"])
def test_what_goes_while_a_list_is_read_takes_nothing_else_along(program, fill, name):
    rows = fill(name, 6)
    gone = [*reversed(rows)][:1]
    first = program.get(f"{BASE}/{name}?limit=1").json()
    assert [one["id"] for one in first["items"]] == gone
    assert program.call("DELETE", f"{BASE}/{name}/{gone[0]}").status_code == 204
    rest = program.get(f"{BASE}/{name}?limit=50&cursor={first['next']}").json()
    assert [one["id"] for one in rest["items"]] == rows[-2::-1]


@grows
def test_the_last_page_says_that_it_is_the_last(program, fill, name):
    fill(name, 4)
    found = pages(program, name, 2)
    assert [len(page) for page in found] == [2, 2]


@given(limit=st.integers(1, 100))
def test_whatever_the_length_of_a_page_the_log_is_the_same(program, cast, limit):
    whole = [
        one["id"] for one in program.get(f"{BASE}/audit?limit=100").json()["items"]
    ]
    assert functools.reduce(operator.iadd, pages(program, "audit", limit), []) == whole


@each_list
@pytest.mark.parametrize("limit", ["0", "-1", "101", "1.5", "x", "", "1e2", "9" * 30])
def test_a_length_beyond_all_measure_is_refused(program, name, limit):
    assert code_of(program.get(f"{BASE}/{name}?limit={limit}")) == "invalid"


MOMENTS = [
    "0001-01-01T00:00:00+14:00",
    "0001-01-01T00:00:00+00:00",
    "9999-12-31T23:59:59.999999-14:00",
    "9999-12-31T23:59:59.999999+00:00",
    "2027-03-28T02:30:00+01:00",
    "2027-01-01T00:00:00+23:59",
    "20270101T000000Z",
    "2027-W01-1T00:00Z",
]


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("name", NEWEST)
def test_no_moment_of_a_cursor_breaks_a_list(program, name, moment):
    text = json.dumps([moment, str(UUID(int=7))]).encode()
    cursor = base64.urlsafe_b64encode(text).decode().rstrip("=")
    answer = program.get(f"{BASE}/{name}?cursor={cursor}")
    assert answer.status_code == 200 or code_of(answer) == "cursor_invalid"


@each_list
@given(
    cursor=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60)
)
def test_no_text_of_a_cursor_breaks_a_list(program, name, cursor):
    answer = program.client.get(
        f"{BASE}/{name}",
        {"cursor": cursor},
        headers={"Authorization": f"Bearer {program.text}"},
    )
    assert answer.status_code in {200, 400, 422}, answer.text


@each_list
def test_a_cursor_of_another_list_breaks_none(program, fill, name):
    for other in GROWING:
        fill(other, 2)
        cursor = program.get(f"{BASE}/{other}?limit=1").json()["next"]
        answer = program.get(f"{BASE}/{name}?cursor={cursor}")
        assert answer.status_code == 200 or code_of(answer) == "cursor_invalid"


@grows
def test_a_cursor_of_another_organization_shows_nothing_of_it(
    program, fill, cast, name
):
    fill(name, 3)
    cursor = program.get(f"{BASE}/{name}?limit=1").json()["next"]
    stranger = Program(make_key(cast.globex, cast.charlie)[1])
    answer = stranger.get(f"{BASE}/{name}?cursor={cursor}")
    assert answer.json() == {"items": [], "next": None}


def test_a_cursor_that_was_made_up_shows_only_ones_own(program, cast):
    SAMPLES["label_id"](cast, "globex")
    later = Place(datetime.now(UTC) + timedelta(days=1), UUID(int=2**128 - 1))
    answer = program.get(f"{BASE}/labels?cursor={cursor_of(later)}")
    assert answer.json()["items"] == []


@pytest.mark.parametrize("sort", ["due", "priority"])
def test_a_cursor_of_one_order_is_none_of_another(program, fill, sort):
    fill("tasks", 3)
    cursor = program.get(f"{BASE}/tasks?sort={sort}&limit=1").json()["next"]
    assert cursor
    answer = program.get(f"{BASE}/tasks?cursor={cursor}")
    assert answer.status_code == 200 or code_of(answer) == "cursor_invalid"
    again = program.get(f"{BASE}/tasks?sort={sort}&cursor={cursor}")
    assert len(again.json()["items"]) == 2


@given(size=st.integers(1, 12))
def test_who_follows_events_by_pages_of_any_size_misses_none(program, cast, size):
    with no_context(), tenant(cast.acme, cast.alice):
        create_task(by=cast.alice, title="Order tyres")
    after, found, has_more = 0, [], True
    while has_more:
        page = program.get(f"{EVENTS}?after={after}&limit={size}").json()
        found += [one["sequence"] for one in page["items"]]
        after, has_more = page["after"], page["has_more"]
    assert found == list(range(1, len(found) + 1))
    end = program.get(f"{EVENTS}?after={after}").json()
    assert end == {"items": [], "after": after, "has_more": False}


def test_of_one_type_the_place_goes_on_behind_the_last_of_it(program, cast):
    for title in ("One", "Two", "Three"):
        program.post(f"{BASE}/tasks", {"title": title})
        program.post(f"{BASE}/labels", {"name": title})
    seen, after = [], 0
    for _each in range(3):
        page = program.get(f"{EVENTS}?type=task.created&limit=1&after={after}").json()
        seen += [one["data"]["object"]["id"] for one in page["items"]]
        after = page["after"]
    assert len(set(seen)) == 3
    assert page["has_more"] is False


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize(
    "page", ["/developers/keys/", "/gallery/", "/gallery/trash/", "/inbox/"]
)
def test_no_moment_of_an_address_breaks_a_page(as_alice, page, moment):
    where = {"before": moment, "before_id": str(UUID(int=7))}
    assert as_alice.get(page, where).status_code == 200
