"""The developers' list of events, and one of them as programs are told it."""

import json
import re

import pytest
from django.utils.html import strip_tags

from organizations.audit.models import AuditEntry
from organizations.audit.recording import build, record, record_many
from organizations.events.views import PAGE
from organizations.tenancy import no_context, tenant

LIST = "/developers/events/"


@pytest.fixture
def noted(cast):
    with no_context(), tenant(cast.acme, cast.alice):
        return record("lab.noted", cast.acme, after={"secret": "s3", "colour": "red"})


def stored(entry):
    with tenant(entry.organization_id):
        return AuditEntry.objects.get(pk=entry.pk)


@pytest.mark.parametrize("who", ["as_alice", "as_adam"])
def test_who_sees_the_audit_log_sees_events(request, who, noted):
    page = request.getfixturevalue(who).get(LIST)
    assert page.status_code == 200
    assert "lab.noted" in page.text


@pytest.mark.parametrize("who", ["as_bob", "as_vera"])
def test_others_do_not(request, who, noted):
    client = request.getfixturevalue(who)
    assert client.get(LIST).status_code == 403
    assert client.get(f"{LIST}{noted.pk}/").status_code == 403


def test_one_event_is_shown_as_it_is_told(as_alice, noted):
    page = as_alice.get(f"{LIST}{noted.pk}/")
    (block,) = re.findall(r"<pre[^>]*>(.*?)</pre>", page.text, re.DOTALL)
    told = json.loads(strip_tags(block).replace("&quot;", '"'))
    entry = stored(noted)
    assert (told["id"], told["type"]) == (str(entry.pk), "lab.noted")
    assert told["sequence"] == entry.sequence
    assert told["data"]["after"] == {"secret": "•••", "colour": "red"}
    assert "address" not in told["data"]


def test_a_foreign_event_is_as_missing_as_none(as_charlie, as_alice, noted):
    foreign = as_charlie.get(f"{LIST}{noted.pk}/")
    none = as_charlie.get(f"{LIST}018f0000-0000-7000-8000-000000000000/")
    assert (foreign.status_code, none.status_code) == (404, 404)
    assert "lab.noted" not in as_charlie.get(LIST).text


def test_events_of_one_type(as_alice, noted):
    page = as_alice.get(LIST, {"type": "lab.noted"})
    assert [event.action for event in page.context["events"]] == ["lab.noted"]
    empty = as_alice.get(LIST, {"type": "lab.never"})
    assert "No event of this type" in empty.text


def test_older_ones_follow_page_by_page(as_alice, cast):
    with no_context(), tenant(cast.acme, cast.alice):
        record_many([build("lab.noted") for _ in range(PAGE * 2)])
    seen, query = [], ""
    while True:
        page = as_alice.get(f"{LIST}?{query}")
        seen += [event.sequence for event in page.context["events"]]
        query = page.context["older"]
        if not query:
            break
    assert seen == list(range(len(seen), 0, -1))
    assert len(seen) > PAGE * 2


@pytest.mark.parametrize("before", ["0", "-1", "x", "9" * 30, ""])
def test_a_place_that_makes_no_sense_is_the_beginning(as_alice, noted, before):
    page = as_alice.get(LIST, {"before": before})
    assert page.status_code == 200
    assert page.context["is_first"]
    assert page.context["events"][0].action == "lab.noted"
