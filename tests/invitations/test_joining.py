"""Being invited: by mail, as a newcomer, as somebody else, too late."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.models import User
from organizations.invitations.tokens import new_token
from organizations.models import Membership, Organization
from organizations.tenancy import identity, no_context, tenant
from tests.conftest import PASSWORD
from tests.history import entries
from tests.invitations.conftest import change, limit_seats, of_acme

CODE = re.compile(r"\b([A-Z0-9]{4}-[A-Z0-9]{4})\b")


def membership(cast, user):
    with no_context(), tenant(cast.acme):
        return Membership.objects.filter(user=user).first()


@pytest.fixture
def stranger(db):
    return Client()


def test_an_existing_person_joins_and_lands_inside(mailed, as_nora, cast):
    where = mailed("nora@example.com", role="viewer")
    page = as_nora.get(where)
    assert "Alice Example invites you" in page.text
    assert "Join Acme" in page.text
    page = as_nora.post(where + "accept/", follow=True)
    assert page.request["PATH_INFO"] == "/tasks/"
    assert "You belong to Acme now" in page.text
    assert membership(cast, cast.nora).role == "viewer"
    entry = entries(cast.acme, "member.added")[0]
    (invitation,) = of_acme(cast)
    assert entry.after["invitation"] == str(invitation.pk)
    assert entry.after["inviter"] == str(cast.alice.pk)
    assert invitation.state == "accepted"


def test_somebody_who_works_elsewhere_joins_too(mailed, as_charlie, cast):
    where = mailed("charlie@example.com")
    page = as_charlie.post(where + "accept/", follow=True)
    assert "Acme" in page.text
    assert membership(cast, cast.charlie).role == "member"


def test_joining_twice_is_joining_once(mailed, as_nora, cast):
    where = mailed("nora@example.com")
    for _time in range(2):
        assert as_nora.post(where + "accept/").status_code == 302
    added = entries(cast.acme, "member.added")
    assert [one.target_label for one in added].count("Nora Example") == 1
    assert as_nora.get(where)["Location"] == "/tasks/"


def test_a_mailed_link_works_once(mailed, as_nora, as_charlie, cast):
    where = mailed("nora@example.com")
    as_nora.post(where + "accept/")
    page = as_charlie.get(where)
    assert "has been used" in page.text
    assert as_charlie.post(where + "accept/").status_code == 422


def test_somebody_else_is_told_clearly(mailed, as_charlie, cast):
    where = mailed("nora@example.com")
    page = as_charlie.get(where)
    assert "The invitation is for nora@example.com." in page.text
    assert "You are signed in as charlie@example.com." in page.text
    assert as_charlie.post(where + "accept/").status_code == 422
    assert membership(cast, cast.charlie) is None


def test_somebody_else_changes_accounts_and_joins(mailed, as_charlie, cast):
    where = mailed("nora@example.com")
    door = as_charlie.post(where + "switch/")
    assert door["Location"].startswith("/accounts/login/?next=")
    values = {"login": "nora@example.com", "password": PASSWORD, "next": where}
    page = as_charlie.post("/accounts/login/", values, follow=True)
    assert page.request["PATH_INFO"] == "/tasks/"
    assert membership(cast, cast.nora).role == "member"
    assert membership(cast, cast.charlie) is None


def test_who_signs_in_lands_inside(mailed, stranger, cast):
    where = mailed("nora@example.com")
    assert "I have an account" in stranger.get(where).text
    door = stranger.post(where + "continue/?to=sign-in")
    assert door["Location"].startswith("/accounts/login/")
    values = {"login": "nora@example.com", "password": PASSWORD, "next": where}
    page = stranger.post("/accounts/login/", values, follow=True)
    assert page.request["PATH_INFO"] == "/tasks/"
    assert "Acme" in page.text
    assert membership(cast, cast.nora) is not None


def sign_up(client, where, email):
    """Follow an invitation to the sign-up form, and confirm the address."""
    door = client.post(where + "continue/")
    assert door["Location"].startswith("/accounts/signup/")
    form = client.get(door["Location"])
    values = {"email": email, "password1": "quiet harbour lantern", "next": where}
    client.post("/accounts/signup/", values)
    code = CODE.search(mail.outbox[-1].body)[1]
    page = client.post("/accounts/confirm-email/", {"code": code}, follow=True)
    return form, page


def test_who_signs_up_lands_inside(mailed, stranger, cast):
    where = mailed("zoe@example.com")
    form, page = sign_up(stranger, where, "zoe@example.com")
    assert 'value="zoe@example.com"' in form.text
    assert page.request["PATH_INFO"] == "/tasks/"
    assert "Acme" in page.text
    with identity():
        zoe = User.objects.get(email="zoe@example.com")
    assert membership(cast, zoe).role == "member"


def test_who_signs_up_with_another_address_is_told(mailed, stranger, cast):
    where = mailed("zoe@example.com")
    _form, page = sign_up(stranger, where, "other@example.com")
    assert "The invitation is for zoe@example.com." in page.text
    with identity():
        other = User.objects.get(email="other@example.com")
    assert membership(cast, other) is None


@pytest.fixture
def invited_only(settings):
    settings.SIGNUP_MODE = "invited"
    settings.ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False


def test_an_invitation_opens_a_server_for_the_invited(
    invited_only, mailed, stranger, cast
):
    assert "No new accounts" in stranger.get("/accounts/signup/").text
    where = mailed("zoe@example.com")
    _form, page = sign_up(stranger, where, "zoe@example.com")
    assert page.request["PATH_INFO"] == "/tasks/"


def test_an_invitation_opens_it_to_its_own_address(invited_only, mailed, stranger):
    where = mailed("zoe@example.com")
    stranger.post(where + "continue/")
    values = {"email": "other@example.com", "password1": "quiet harbour lantern"}
    page = stranger.post("/accounts/signup/", values)
    assert "The invitation is for zoe@example.com. Use that address." in page.text
    with identity():
        assert not User.objects.filter(email="other@example.com").exists()


def test_declining_needs_no_account(mailed, stranger, cast):
    where = mailed("zoe@example.com")
    assert "You said no" in stranger.post(where + "decline/").text
    assert of_acme(cast)[0].state == "declined"
    (entry,) = entries(cast.acme, "invitation.declined")
    assert (entry.actor_id, entry.target_label) == (None, "zoe@example.com")
    stranger.post(where + "decline/")
    assert len(entries(cast.acme, "invitation.declined")) == 1


def test_who_comes_too_late_asks_for_a_new_one_once(mailed, stranger, run_jobs, cast):
    where = mailed("zoe@example.com")
    change(cast, expires_at=timezone.now() - timedelta(minutes=1))
    page = stranger.get(where)
    assert "This invitation has expired" in page.text
    for _time in range(2):
        assert "We have told who invited you" in stranger.post(where + "ask/").text
    run_jobs()
    assert [message.to for message in mail.outbox[1:]] == [["alice@example.com"]]
    assert mail.outbox[1].subject.startswith("zoe@example.com would like")
    assert len(entries(cast.acme, "invitation.wanted")) == 1


def test_an_open_invitation_is_not_asked_for_again(mailed, stranger, cast):
    stranger.post(mailed("zoe@example.com") + "ask/")
    assert entries(cast.acme, "invitation.wanted") == []


def test_too_late_is_too_late(mailed, as_nora, cast):
    where = mailed("nora@example.com")
    change(cast, expires_at=timezone.now() - timedelta(minutes=1))
    page = as_nora.post(where + "accept/")
    assert "This invitation has expired" in page.text
    assert membership(cast, cast.nora) is None


def test_a_full_organization_says_so(mailed, as_nora, cast):
    where = mailed("nora@example.com")
    limit_seats(cast, 4)
    page = as_nora.post(where + "accept/")
    assert page.status_code == 422
    assert "Acme is full" in page.text
    assert membership(cast, cast.nora) is None
    limit_seats(cast, 5)
    assert as_nora.post(where + "accept/").status_code == 302


def test_an_inviter_who_was_banned_lets_nobody_in(as_adam, as_nora, run_jobs, cast):
    from tests.invitations.conftest import ADDRESS, NEW

    as_adam.post(NEW, {"addresses": "nora@example.com", "role": "member"})
    run_jobs()
    where = ADDRESS.search(mail.outbox[-1].body)[0]
    with no_context(), identity():
        User.objects.filter(pk=cast.adam.pk).update(banned=True)
    page = as_nora.post(where + "accept/")
    assert "was withdrawn" in page.text
    assert membership(cast, cast.nora) is None


def test_a_suspended_member_stays_suspended(mailed, as_nora, cast):
    from organizations import flows

    where = mailed("nora@example.com")
    as_nora.post(where + "accept/")
    with no_context(), tenant(cast.acme):
        flows.suspend_member(
            membership=Membership.objects.get(user=cast.nora), by=cast.alice
        )
    assert "Your place there is suspended" in as_nora.get(where).text
    as_nora.post(where + "accept/")
    assert membership(cast, cast.nora).is_suspended
    assert as_nora.get("/tasks/").status_code == 302


@pytest.mark.parametrize("state", [{"is_active": False}, {"deleted_at": "now"}])
def test_a_closed_organization_has_no_door(mailed, as_nora, cast, state):
    where = mailed("nora@example.com")
    if "deleted_at" in state:
        state = {"deleted_at": timezone.now()}
    with no_context(), tenant(cast.acme):
        Organization.objects.filter(pk=cast.acme.pk).update(**state)
    assert as_nora.get(where).status_code == 404
    assert as_nora.post(where + "accept/").status_code == 404


@pytest.mark.parametrize("verb", ["", "accept/", "decline/", "continue/", "ask/"])
def test_a_guessed_token_is_a_missing_page(as_nora, cast, verb):
    guesses = [new_token(cast.acme.pk), "x" * 54, "x", "é" * 54, "%00" * 18]
    for guess in guesses:
        where = f"/join/{guess}/{verb}"
        answer = as_nora.post(where) if verb else as_nora.get(where)
        assert answer.status_code in {400, 404}, guess
