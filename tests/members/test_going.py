"""Suspending, removing and leaving."""

import pytest

from organizations.tenancy import no_context, tenant
from tasks.flows import create_task
from tasks.models import Task
from tests.history import entries

MEMBERS = "/organizations/members/"
LEAVE = MEMBERS + "leave/"


def test_a_suspended_member_is_out_at_the_next_request(
    as_alice, as_bob, address, member, cast
):
    assert as_bob.get("/tasks/").status_code == 200
    page = as_alice.post(address("bob", "suspend"), follow=True)
    assert "Bob Example is shut out" in page.text
    assert as_bob.get("/tasks/").status_code == 302
    assert member("bob").is_suspended
    (entry,) = entries(cast.acme, "member.suspended")
    assert (entry.actor_id, entry.target_label) == (cast.alice.pk, "Bob Example")


def test_a_suspended_member_is_let_in_again(as_adam, as_bob, address, cast):
    as_adam.post(address("bob", "suspend"))
    page = as_adam.post(address("bob", "unsuspend"), follow=True)
    assert "Bob Example is back" in page.text
    assert as_bob.get("/tasks/").status_code == 200
    assert len(entries(cast.acme, "member.unsuspended")) == 1


@pytest.mark.parametrize("verb", ["suspend", "unsuspend"])
def test_doing_it_twice_records_it_once(as_alice, address, cast, verb):
    for _time in range(2):
        as_alice.post(address("bob", "suspend"))
    if verb == "unsuspend":
        for _time in range(2):
            as_alice.post(address("bob", "unsuspend"))
    assert len(entries(cast.acme, f"member.{verb}ed")) == 1


def test_nobody_suspends_themselves(as_adam, address, member):
    page = as_adam.post(address("adam", "suspend"), follow=True)
    assert "You cannot suspend yourself" in page.text
    assert not member("adam").is_suspended


def test_removing_asks_first_and_says_what_happens(as_alice, address, member):
    page = as_alice.get(address("bob", "remove"))
    assert "Remove Bob Example from Acme?" in page.text
    assert "Keep Bob Example" in page.text
    assert member("bob") is not None


def test_a_removed_member_is_out_and_their_tasks_stay(
    as_alice, as_bob, address, member, cast
):
    with no_context(), tenant(cast.acme, cast.bob):
        task = create_task(
            by=cast.bob, title="Mend the roof", assignees=[cast.bob, cast.vera]
        )
    page = as_alice.post(address("bob", "remove"), follow=True)
    assert "Bob Example no longer belongs to Acme" in page.text
    assert member("bob") is None
    assert as_bob.get("/tasks/").status_code == 302
    with no_context(), tenant(cast.acme):
        kept = Task.objects.get(pk=task.pk)
        assert kept.created_by_id == cast.bob.pk
        assert list(kept.assignee_ids()) == [cast.vera.pk]
    (entry,) = entries(cast.acme, "member.removed")
    assert entry.before == {"role": "member"}


def test_removing_oneself_leads_to_leaving(as_adam, address, member):
    answer = as_adam.post(address("adam", "remove"))
    assert answer["Location"] == LEAVE
    assert member("adam") is not None


@pytest.mark.parametrize("who", ["as_adam", "as_bob", "as_vera"])
def test_whoever_is_not_the_last_owner_may_leave(request, member, cast, who):
    client, name = request.getfixturevalue(who), who.removeprefix("as_")
    assert "Leave Acme?" in client.get(LEAVE).text
    page = client.post(LEAVE, follow=True)
    assert "You have left Acme" in page.text
    assert page.redirect_chain[0][0] == "/organizations/"
    assert member(name) is None
    (entry,) = entries(cast.acme, "member.left")
    assert entry.actor_id == getattr(cast, name).pk
    assert client.get("/tasks/").status_code == 302


@pytest.mark.parametrize("method", ["get", "post"])
def test_the_last_owner_is_told_what_to_do_first(as_alice, member, cast, method):
    page = getattr(as_alice, method)(LEAVE)
    assert page.status_code == (200 if method == "get" else 422)
    assert "Alice Example is the only owner." in page.text
    assert "offer them the ownership" in page.text
    assert member("alice").role == "owner"
    assert entries(cast.acme, "member.left") == []


def test_one_of_two_owners_may_leave(as_alice, member, second_owner):
    second_owner("bob")
    as_alice.post(LEAVE)
    assert member("alice") is None
    assert member("bob").role == "owner"


@pytest.mark.parametrize("verb", ["suspend", "remove"])
def test_an_owner_who_is_the_last_cannot_be_shut_out(
    as_alice, as_bob, address, member, second_owner, verb
):
    second_owner("bob")
    as_alice.post(address("bob", "suspend"))
    page = as_alice.post(address("alice", verb), follow=True)
    assert page.status_code == 200
    assert member("alice").role == "owner"
    assert not member("alice").is_suspended


def test_another_organizations_member_is_a_missing_one(as_charlie, address, member):
    for verb in ("", "role", "suspend", "unsuspend", "remove", "offer"):
        answer = as_charlie.post(address("bob", verb), {"role": "viewer"})
        assert answer.status_code == (405 if not verb else 404), verb
    assert member("bob").role == "member"


def test_somebody_who_just_left_is_a_missing_one(as_alice, as_bob, address):
    there = address("bob", "role")
    as_bob.post(LEAVE)
    assert as_alice.post(there, {"role": "admin"}).status_code == 404


# cap 42, 62
def test_the_database_knows_no_assignee_who_is_no_member(cast):
    from django.db import IntegrityError, transaction

    from tasks.models import TaskAssignee

    with no_context(), tenant(cast.acme, cast.alice):
        task = create_task(by=cast.alice, title="Count the beds")
        with pytest.raises(IntegrityError), transaction.atomic():
            TaskAssignee.objects.create(task=task, user=cast.charlie)
        assert not TaskAssignee.objects.exists()
