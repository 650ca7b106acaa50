"""One entry on a page of its own, and who acted as whom."""

import uuid

import pytest

from organizations.audit.models import AuditEntry
from organizations.audit.recording import build, record
from organizations.tenancy import no_context, tenant

LOG = "/audit/"


def made(cast, home="acme", **values):
    with no_context(), tenant(getattr(cast, home)):
        entry = build("sample.made", by=cast.bob, before={"a": 1}, after={"a": "<b>"})
        for name, value in values.items():
            setattr(entry, name, value)
        entry.save(force_insert=True)
    return entry


def page(client, entry):
    answer = client.get(f"{LOG}{entry.pk}/")
    assert answer.status_code == 200
    return answer.text


# cap 70, 71
def test_an_entry_has_a_page_that_says_everything(as_alice, cast):
    entry = made(
        cast,
        address="2001:db8::1",
        user_agent="Lynx",
        request_id="the-request",
        target_type="tasks.task",
        target_id="some-id",
        target_label="ACME-1",
    )
    text = page(as_alice, entry)
    with no_context(), tenant(cast.acme):
        kept = AuditEntry.objects.get(pk=entry.pk)
    for part in (
        "sample.made",
        "Bob Example",
        "2001:db8::1",
        "Lynx",
        "?request=the-request",
        "?type=tasks.task&amp;object=some-id",
        "ACME-1",
        "<del>1</del>",
        "<ins>&lt;b&gt;</ins>",
        f"Entry {kept.sequence} of this organization",
        bytes(kept.hash).hex(),
    ):
        assert part in text


def test_the_list_leads_to_the_page(as_alice, cast):
    entry = made(cast)
    assert f'href="/audit/{entry.pk}/"' in as_alice.get(LOG).text


# cap 31
def test_a_foreign_entry_is_a_missing_one(as_alice, cast):
    foreign = as_alice.get(f"{LOG}{made(cast, 'globex').pk}/")
    missing = as_alice.get(f"{LOG}{uuid.uuid4()}/")
    assert foreign.status_code == missing.status_code == 404
    assert foreign.content == missing.content


@pytest.mark.parametrize("who", ["as_bob", "as_vera"])
def test_members_and_viewers_read_no_entry(request, cast, who):
    answer = request.getfixturevalue(who).get(f"{LOG}{made(cast).pk}/")
    assert answer.status_code == 403


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_an_entry_can_only_be_read(as_alice, cast, method):
    assert getattr(as_alice, method)(f"{LOG}{made(cast).pk}/").status_code == 405


def test_an_entry_without_a_change_says_so(as_alice, cast):
    entry = made(cast, before={}, after={})
    assert "No field was recorded with it" in page(as_alice, entry)


def test_an_entry_of_the_system_has_no_person(as_alice, cast):
    entry = made(cast, actor_id=None, actor_label="", actor_type="system")
    assert "System" in page(as_alice, entry)


def test_the_page_costs_the_same_whatever_it_names(
    as_alice, cast, django_assert_num_queries
):
    bare = made(cast, before={}, after={})
    people = [str(each.pk) for each in (cast.bob, cast.vera, cast.adam)]
    full = made(cast, after={"assignees": people})
    with django_assert_num_queries(3):
        page(as_alice, bare)
    with django_assert_num_queries(4):
        page(as_alice, full)


def test_staff_who_act_as_somebody_are_shown_beside_them(as_alice, cast):
    entry = made(cast, impersonator_id=cast.olga.pk)
    for text in (page(as_alice, entry), as_alice.get(LOG).text):
        assert "Insula operator as Bob Example" in text


def test_staff_who_act_as_somebody_are_named_as_they_were_here(as_alice, cast):
    with no_context(), tenant(cast.acme):
        record("impersonation.started", cast.acme, by=cast.olga)
    entry = made(cast, impersonator_id=cast.olga.pk)
    for text in (page(as_alice, entry), as_alice.get(LOG).text):
        assert "Olga Example as Bob Example" in text


def test_what_staff_are_called_elsewhere_stays_there(as_alice, cast):
    with no_context(), tenant(cast.globex):
        record("impersonation.started", cast.globex, by=cast.olga)
    entry = made(cast, impersonator_id=cast.olga.pk)
    assert "Olga" not in page(as_alice, entry)
