"""The audit log by key."""

import pytest

from organizations.audit.recording import record
from organizations.tenancy import no_context, tenant
from tests.api_client import VIEWS, Program, code, wheres

UNKNOWN = "0190f5a0-0000-7000-8000-000000000000"


@pytest.fixture
def api(cast):
    return Program(cast.acme, cast.alice)


@pytest.fixture
def made(api):
    return api.post("/labels", {"name": "Winter"}).json()


def actions(api, query):
    answer = api.get(f"/audit?{query}")
    assert answer.status_code == 200, answer.content
    return [one["action"] for one in answer.json()["items"]]


def test_an_entry_says_who_did_what_to_what(api, made):
    entry = api.get("/audit?limit=1").json()["items"][0]
    assert entry["action"] == "label.created"
    assert entry["actor"] == {
        "type": "program",
        "id": None,
        "name": str(api.key),
        "impersonator": None,
    }
    assert entry["object"] == {
        "type": "labels.label",
        "id": made["id"],
        "name": "Winter",
    }
    assert entry["after"] == {"name": "Winter", "colour": "blue"}
    assert entry["address"] == "127.0.0.1"
    assert len(entry["hash"]) == 64
    assert api.get(f"/audit/{entry['id']}").json() == entry


def test_filters_are_those_of_the_page(api, cast, made):
    assert actions(api, "action=label.created") == ["label.created"]
    assert actions(api, "type=labels.label") == ["label.created"]
    assert actions(api, f"object={made['id']}") == ["label.created"]
    assert actions(api, f"actor={cast.bob.pk}") == []
    assert "label.created" in actions(api, "actor=programs")
    assert "label.created" not in actions(api, f"actor={cast.alice.pk}")
    assert actions(api, "since=2999-01-01") == []
    assert actions(api, "until=2000-01-02") == []
    (entry,) = api.entries("label.created")
    assert actions(api, f"request={entry.request_id}") == ["label.created"]


def test_a_list_has_every_entry_once(api, cast):
    with no_context(), tenant(cast.acme, cast.alice):
        for _number in range(120):
            record("test.done")
    found = [one["sequence"] for one in api.every("/audit?limit=50")]
    assert found == sorted((one.sequence for one in api.entries()), reverse=True)
    assert len(api.every("/audit?action=test.done&limit=100")) == 120


@pytest.mark.parametrize(
    ("query", "where"),
    [
        ("actor=bob", "query.actor"),
        ("since=soon", "query.since"),
        ("since=1900-01-01", "query.since"),
        ("until=9999-12-31", "query.until"),
        ("limit=101", "query.limit"),
    ],
)
def test_a_filter_that_is_not_understood_is_refused(api, query, where):
    assert wheres(api.get(f"/audit?{query}")) == [where]


@pytest.mark.parametrize("cursor", ["x", "1.2", f"{9**30}.{UNKNOWN}"])
def test_a_cursor_of_nobody_is_refused(api, cursor):
    assert code(api.get(f"/audit?cursor={cursor}")) == (400, "cursor_invalid")


def test_the_log_takes_a_scope_of_its_own(cast, api, made):
    reader = Program(cast.acme, cast.alice, *VIEWS)
    (entry,) = api.entries("label.created")
    for path in ("/audit", f"/audit/{entry.pk}"):
        assert code(reader.get(path)) == (403, "scope_missing")


def test_entries_of_others_are_missing(cast, api, made):
    theirs = Program(cast.globex, cast.charlie)
    (entry,) = api.entries("label.created")
    assert actions(theirs, "action=label.created") == []
    for key in (entry.pk, UNKNOWN):
        assert code(theirs.get(f"/audit/{key}")) == (404, "not_found")
