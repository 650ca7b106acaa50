"""One entry, and all of one object, one request or one span of days."""

import datetime
import uuid

import pytest
from django.utils import timezone

from organizations.audit.models import AuditEntry
from organizations.audit.recording import record
from organizations.models import Membership
from organizations.tenancy import no_context, tenant
from tests.history import entries

LOG = "/audit/"


@pytest.fixture
def entry(cast):
    with no_context(), tenant(cast.acme, cast.alice):
        member = Membership.objects.get(user=cast.bob)
        return record(
            "member.role_changed",
            member,
            by=cast.alice,
            before={"role": "member"},
            after={"role": "admin", "note": "<b>bold</b>"},
            label="Bob Example",
        )


def fresh(cast, entry):
    with no_context(), tenant(cast.acme):
        return AuditEntry.objects.get(pk=entry.pk)


@pytest.mark.parametrize("who", ["as_alice", "as_adam"])
def test_an_entry_has_a_page_of_its_own(request, cast, entry, who):
    page = request.getfixturevalue(who).get(f"{LOG}{entry.pk}/")
    assert page.status_code == 200
    for words in ("member.role_changed", "Bob Example", "Alice Example", "admin"):
        assert words in page.text
    assert fresh(cast, entry).digest in page.text
    assert "&lt;b&gt;bold" in page.text


def test_the_list_leads_to_it(as_alice, entry):
    assert f'href="/audit/{entry.pk}/"' in as_alice.get(LOG).text


def test_foreign_and_missing_entries_are_the_same(as_charlie, as_alice, entry):
    foreign = as_charlie.get(f"{LOG}{entry.pk}/")
    missing = as_charlie.get(f"{LOG}{uuid.uuid4()}/")
    assert foreign.status_code == missing.status_code == 404
    assert foreign.content == missing.content


@pytest.mark.parametrize("who", ["as_bob", "as_vera"])
def test_members_and_viewers_do_not_see_it(request, entry, who):
    assert request.getfixturevalue(who).get(f"{LOG}{entry.pk}/").status_code == 403


def test_everything_about_one_object_can_be_seen(as_alice, cast, entry):
    query = {"target_type": entry.target_type, "target_id": entry.target_id}
    page = as_alice.get(LOG, query)
    assert "One object" in page.text
    shown = [line.entry.action for line in page.context["lines"]]
    assert shown == ["member.role_changed", "member.added"]


def test_everything_of_one_request_can_be_seen(as_alice, cast, address_of):
    headers = {"x-request-id": "the-one-request"}
    as_alice.post(address_of("bob") + "role/", {"role": "viewer"}, headers=headers)
    (entry,) = entries(cast.acme, "member.role_changed")
    page = as_alice.get(LOG, {"request": entry.request_id})
    assert [line.entry.pk for line in page.context["lines"]] == [entry.pk]
    assert "One request" in page.text


@pytest.fixture
def address_of(cast):
    def of(name):
        with no_context(), tenant(cast.acme):
            member = Membership.objects.get(user=getattr(cast, name))
        return f"/organizations/members/{member.pk}/"

    return of


@pytest.mark.parametrize(
    ("since", "until", "shown"),
    [(0, 0, True), (-1, 1, True), (1, 2, False), (-3, -1, False), (None, 0, True)],
)
def test_days_are_whole_and_both_counted(as_alice, entry, since, until, shown):
    today = timezone.localdate()
    query = {"action": "member.role_changed"}
    for name, days in (("since", since), ("until", until)):
        if days is not None:
            query[name] = (today + datetime.timedelta(days)).isoformat()
    page = as_alice.get(LOG, query)
    assert bool(page.context["lines"]) is shown
    assert shown or "No entry matches" in page.text


@pytest.mark.parametrize(
    "query",
    [
        {"since": "0001-01-01"},
        {"until": "9999-12-31"},
        {"since": "0000-00-00"},
        {"until": "x" * 500},
        {"target_id": "\ufffd"},
        {"target_type": "x" * 5_000},
        {"request": "x" * 5_000},
    ],
)
def test_odd_filters_break_nothing(as_alice, query):
    assert as_alice.get(LOG, query).status_code == 200


def test_filters_stay_while_paging_and_in_the_export(as_alice, entry):
    query = {"target_type": entry.target_type, "target_id": entry.target_id}
    page = as_alice.get(LOG, query).text
    assert f'name="target_id" value="{entry.target_id}"' in page.replace("\n", " ") or (
        entry.target_id in page and 'name="target_id"' in page
    )


def test_one_entry_costs_the_same_with_many_beside_it(
    as_alice, cast, entry, django_assert_max_num_queries
):
    with no_context(), tenant(cast.acme, cast.alice):
        for number in range(30):
            record("task.edited", by=cast.alice, label=str(number))
    with django_assert_max_num_queries(5):
        as_alice.get(f"{LOG}{entry.pk}/")
