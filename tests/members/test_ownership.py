"""Handing an organization on: offered, then accepted by the receiver."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils import timezone

from organizations.members.models import OwnershipOffer
from organizations.models import Membership
from organizations.tenancy import no_context, tenant
from tests.history import entries

OWNERSHIP = "/organizations/members/ownership/"
ACCEPT, DECLINE = OWNERSHIP + "accept/", OWNERSHIP + "decline/"
WITHDRAW = OWNERSHIP + "withdraw/"


@pytest.fixture
def offered(as_alice, address):
    """Alice offers Acme to Bob and becomes an admin, unless said otherwise."""

    def offer(name="bob", stays_owner="no"):
        values = {"stays_owner": stays_owner}
        return as_alice.post(address(name, "offer"), values, follow=True)

    return offer


def offers(cast):
    with no_context(), tenant(cast.acme):
        return list(OwnershipOffer.objects.order_by("created_at"))


@pytest.mark.parametrize(("stays", "alices"), [("no", "admin"), ("yes", "owner")])
def test_the_receiver_becomes_owner_by_accepting(
    offered, as_bob, member, cast, stays, alices
):
    page = offered(stays_owner=stays)
    assert "Offered to Bob Example" in page.text
    assert member("bob").role == "member"
    page = as_bob.post(ACCEPT, follow=True)
    assert "You are an owner of Acme now" in page.text
    assert (member("bob").role, member("alice").role) == ("owner", alices)
    (entry,) = entries(cast.acme, "ownership.accepted")
    assert entry.before == {"receiver": "member", "giver": "owner"}
    assert entry.after == {"receiver": "owner", "giver": alices}
    assert entry.actor_id == cast.bob.pk


def test_offering_is_recorded_and_mailed(offered, run_jobs, cast):
    offered()
    assert run_jobs() == ["succeeded"]
    (message,) = mail.outbox
    assert message.to == ["bob@example.com"]
    assert message.subject == "Alice Example offers you the ownership of Acme"
    assert OWNERSHIP in message.body
    (entry,) = entries(cast.acme, "ownership.offered")
    assert entry.after == {"to": str(cast.bob.pk), "stays_owner": False}


def test_an_offer_that_is_gone_is_not_mailed(offered, as_alice, run_jobs):
    offered()
    as_alice.post(WITHDRAW)
    assert run_jobs() == ["succeeded"]
    assert mail.outbox == []


def test_the_receiver_sees_it_on_the_members_page(offered, as_bob, as_vera):
    offered()
    assert "offers you the ownership" in as_bob.get("/organizations/members/").text
    assert "offers you the ownership" not in as_vera.get("/organizations/members/").text
    assert "Become an owner" in as_bob.get(OWNERSHIP).text


def test_nobody_else_sees_or_answers_it(offered, as_vera, as_adam, member):
    offered()
    for client in (as_vera, as_adam):
        page = client.get(OWNERSHIP).text
        assert "Bob" not in page
        assert "No offer is open" in page
        for path in (ACCEPT, DECLINE):
            assert client.post(path).status_code == 404
    assert member("bob").role == "member"


def test_declining_changes_nothing_else(offered, as_bob, member, cast):
    offered()
    page = as_bob.post(DECLINE, follow=True)
    assert "You said no." in page.text
    assert (member("bob").role, member("alice").role) == ("member", "owner")
    assert as_bob.post(ACCEPT).status_code == 404
    assert len(entries(cast.acme, "ownership.declined")) == 1


def test_an_owner_withdraws_the_offer(offered, as_alice, as_bob, cast):
    offered()
    assert "Withdraw the offer" in as_alice.get(OWNERSHIP).text
    page = as_alice.post(WITHDRAW, follow=True)
    assert "The offer is withdrawn" in page.text
    assert as_bob.post(ACCEPT).status_code == 404
    (entry,) = entries(cast.acme, "ownership.withdrawn")
    assert entry.actor_id == cast.alice.pk
    again = as_alice.post(WITHDRAW, follow=True)
    assert "no longer open" in again.text


def test_an_offer_ends_after_seven_days(offered, as_bob, member):
    offered()
    with time_machine.travel(timezone.now() + timedelta(days=6)):
        assert "offers you" in as_bob.get("/organizations/members/").text


def test_a_late_answer_changes_nothing(offered, as_bob, cast, member):
    offered()
    with no_context(), tenant(cast.acme):
        OwnershipOffer.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    assert as_bob.post(ACCEPT).status_code == 404
    assert member("bob").role == "member"


def test_a_new_offer_takes_the_place_of_the_old_one(offered, as_bob, as_vera, cast):
    offered("bob")
    offered("vera")
    assert as_bob.post(ACCEPT).status_code == 404
    first, second = offers(cast)
    assert first.withdrawn_at is not None
    assert second.is_open
    assert as_vera.post(ACCEPT).status_code == 302


def test_the_database_holds_one_open_offer(offered, member, cast):
    offered()
    with no_context(), tenant(cast.acme), pytest.raises(IntegrityError):
        with transaction.atomic():
            OwnershipOffer.objects.create(
                offered_by=member("alice"),
                offered_to=member("vera"),
                expires_at=timezone.now() + timedelta(days=1),
            )


def test_who_is_no_owner_any_more_has_nothing_to_give(
    offered, as_bob, member, second_owner, cast
):
    offered()
    second_owner("adam")
    with no_context(), tenant(cast.acme):
        Membership.objects.filter(user=cast.alice).update(role="admin")
    page = as_bob.post(ACCEPT, follow=True)
    assert "no longer open" in page.text
    assert member("bob").role == "member"
    assert entries(cast.acme, "ownership.accepted") == []


def test_an_offer_goes_with_either_side(offered, as_alice, address, cast):
    offered()
    as_alice.post(address("bob", "remove"))
    assert offers(cast) == []


@pytest.mark.parametrize("who", ["as_adam", "as_bob", "as_vera"])
def test_only_owners_offer(request, address, cast, who):
    client = request.getfixturevalue(who)
    assert client.get(address("bob", "offer")).status_code == 403
    assert client.post(address("bob", "offer"), {}).status_code == 403
    assert offers(cast) == []


def test_owners_and_suspended_members_are_not_offered_it(as_alice, address, cast):
    as_alice.post(address("bob", "suspend"))
    for name in ("alice", "bob"):
        page = as_alice.post(address(name, "offer"), {"stays_owner": "no"})
        assert "cannot be offered it" in page.text
    assert offers(cast) == []


@pytest.mark.parametrize("choice", ["", "maybe", "\0"])
def test_what_becomes_of_the_giver_must_be_said(as_alice, address, cast, choice):
    page = as_alice.post(address("bob", "offer"), {"stays_owner": choice})
    assert page.status_code in {400, 422}
    assert offers(cast) == []


def test_one_of_two_answers_wins(offered, as_bob, cast):
    offered()
    assert [as_bob.post(ACCEPT).status_code for _time in range(2)] == [302, 404]
    assert len(entries(cast.acme, "ownership.accepted")) == 1
