"""Narrowing the log by object, kind, request and day, and by way of links."""

import datetime
from urllib.parse import parse_qs, urlsplit

import pytest
from django.utils import timezone

from organizations.audit.context import Facts, request_facts
from organizations.audit.forms import EntryFilterForm
from organizations.audit.recording import build, record
from organizations.tenancy import no_context, tenant
from tests.isolation.test_matrix import sample_task

LOG = "/audit/"


def shown(client, **filters):
    """Return the actions on the list, the newest first."""
    page = client.get(LOG, filters)
    assert page.status_code == 200
    return [line.entry.action for line in page.context["lines"]]


def at(cast, action, moment):
    """Write an entry of a given time."""
    with no_context(), tenant(cast.acme):
        entry = build(action, by=cast.bob)
        entry.created_at = moment
        entry.save(force_insert=True)


# cap 70
def test_the_log_is_narrowed_to_one_kind_of_object(as_alice, cast):
    found = shown(as_alice, type="organizations.membership")
    assert set(found) == {"member.added"}
    assert shown(as_alice, type="nothing.known") == []


# cap 70
def test_the_log_is_narrowed_to_one_object(as_alice, cast):
    pk = str(sample_task(cast, "acme"))
    as_alice.post(f"/tasks/{pk}/status/", {"status": "done"})
    as_alice.post(f"/tasks/{pk}/delete/")
    assert shown(as_alice, type="tasks.task", object=pk) == [
        "task.removed",
        "task.moved",
        "task.created",
    ]


# cap 31
def test_another_organizations_object_has_no_history_here(as_alice, as_charlie, cast):
    pk = str(sample_task(cast, "globex"))
    as_charlie.post(f"/tasks/{pk}/status/", {"status": "done"})
    assert shown(as_charlie, object=pk) == ["task.moved", "task.created"]
    assert shown(as_alice, object=pk) == []


def test_the_log_is_narrowed_to_one_request(as_alice, cast):
    with (
        no_context(),
        tenant(cast.acme),
        request_facts(Facts(request_id="one-request")),
    ):
        record("sample.made")
        record("sample.changed")
    assert shown(as_alice, request="one-request") == ["sample.changed", "sample.made"]
    assert shown(as_alice, request="another") == []


@pytest.mark.parametrize(
    ("filters", "wanted"),
    [
        ({"since": "2026-03-10"}, ["c", "b"]),
        ({"until": "2026-03-10"}, ["b", "a"]),
        ({"since": "2026-03-10", "until": "2026-03-10"}, ["b"]),
        ({"since": "2026-03-12"}, []),
        ({"since": "2026-03-10", "until": "2026-03-01"}, []),
        ({"since": "2026-03-01", "days": "1"}, []),
    ],
)
def test_the_log_is_narrowed_to_whole_days(as_alice, cast, filters, wanted):
    for action, day, hour in (("a", 9, 23), ("b", 10, 23), ("c", 11, 0)):
        moment = datetime.datetime(2026, 3, day, hour, 59, tzinfo=datetime.UTC)
        at(cast, f"aged.{action}", moment)
    # The cast's own entries are of today, which may be any day.
    until = {"until": "2026-03-31"} | filters
    found = [name for name in shown(as_alice, **until) if name.startswith("aged.")]
    assert found == [f"aged.{name}" for name in wanted]


def test_a_day_is_the_readers_own():
    form = EntryFilterForm({"since": "2026-03-29", "until": "2026-03-29"})
    with timezone.override("Europe/Vienna"):
        assert form.is_valid()
        since, until = form.span()
    # The day that summer time begins has 23 hours.
    since, until = since.astimezone(datetime.UTC), until.astimezone(datetime.UTC)
    assert since.hour == 23
    assert until - since == datetime.timedelta(hours=23)


@pytest.mark.parametrize(
    "value", ["0001-01-01", "9999-12-31", "1999-12-31", "3000-01-01", "x", "2026-02-30"]
)
@pytest.mark.parametrize("name", ["since", "until"])
@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago"])
def test_days_that_make_no_sense_are_left_out(as_alice, cast, name, value, zone):
    cast.alice.timezone = zone
    assert "organization.created" in shown(as_alice, **{name: value})


@pytest.mark.parametrize("name", ["type", "object", "request", "action", "actor"])
@pytest.mark.parametrize(
    "value", ["x" * 9000, "'; DROP TABLE x", "%", "\\", "=1", "ä☃", "<script>", "[]"]
)
def test_odd_filters_are_no_errors(as_alice, name, value):
    page = as_alice.get(LOG, {name: value})
    assert page.status_code == 200
    assert "<script>" not in page.text.split("</head>")[1].replace("<script src", "")


def test_a_filter_is_shown_and_can_be_taken_away(as_alice, cast):
    pk = str(sample_task(cast, "acme"))
    as_alice.post(f"/tasks/{pk}/status/", {"status": "done"})
    answer = as_alice.get(
        LOG, {"type": "tasks.task", "object": pk, "since": "2026-01-01"}
    )
    values = [(str(chip.label), chip.value) for chip in answer.context["chips"]]
    assert values == [("Object", "Sample"), ("From", "2026-01-01")]
    ways = [parse_qs(urlsplit(chip.without).query) for chip in answer.context["chips"]]
    assert ways == [
        {"since": ["2026-01-01"]},
        {"type": ["tasks.task"], "object": [pk]},
    ]
    assert "Remove this filter" in answer.text


def test_pages_keep_their_filters(as_alice, cast):
    with no_context(), tenant(cast.acme):
        for _number in range(60):
            record("sample.made", cast.acme)
    filters = {"type": "organizations.organization", "since": "2020-01-01"}
    older = parse_qs(as_alice.get(LOG, filters).context["older"])
    assert {name: older[name] for name in filters} == {
        name: [value] for name, value in filters.items()
    }


def test_an_object_leads_to_its_history(as_alice, cast):
    page = as_alice.get(LOG, {"action": "member.added"}).text
    assert "?type=organizations.membership&amp;object=" in page


@pytest.mark.parametrize(("who", "seen"), [("as_alice", True), ("as_bob", False)])
def test_a_task_leads_to_its_history_whoever_may_see_it(request, cast, who, seen):
    pk = sample_task(cast, "acme")
    page = request.getfixturevalue(who).get(f"/tasks/{pk}/").text
    assert (f"/audit/?type=tasks.task&amp;object={pk}" in page) is seen


def test_nothing_that_matches_says_so(as_alice):
    page = as_alice.get(LOG, {"request": "nothing"}).text
    assert "No entry matches" in page
    assert "Clear filters" in page


def test_behind_the_last_entry_there_is_nothing_further(as_alice):
    place = "1.01a1fb65-cc4f-7757-ac4b-03a552f36901"
    assert "Nothing further back" in as_alice.get(LOG, {"before": place}).text
