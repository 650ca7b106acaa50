"""Staff ban one person: why, until when, and what is said to them at the door."""

from datetime import timedelta

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Session, User
from organizations.audit.models import AuditEntry, PlatformEntry
from organizations.invitations.models import Invitation
from organizations.members.flows import offer_ownership
from organizations.members.models import OwnershipOffer
from organizations.models import Membership, Organization
from organizations.tenancy import identity, no_context, tenant
from tests.conftest import PASSWORD, join
from tests.operator.conftest import CONSOLE, SOME_ID, act

pytestmark = CONSOLE
WHY = {"reason": "Sends spam"}


def page_of(person):
    return reverse("admin:accounts_user_ban", args=[person.pk])


def fresh(look, person):
    return look(lambda: User.objects.get(pk=person.pk))


def sign_in(person, password=PASSWORD):
    values = {"login": person.email, "password": password}
    return Client().post("/accounts/login/", values, follow=True)


def entry_of(look, action="user.banned"):
    return look(lambda: PlatformEntry.objects.get(action=action))


def local(moment):
    return moment.strftime("%Y-%m-%dT%H:%M")


# cap 5
def test_a_ban_has_a_reason_an_end_and_words_for_the_person(as_olga, cast, look):
    until = (timezone.now() + timedelta(days=3)).replace(second=0, microsecond=0)
    values = WHY | {"message": "No adverts here.", "until": local(until)}
    answer = as_olga.post(page_of(cast.bob), values)
    assert answer["Location"] == reverse(
        "admin:accounts_user_change", args=[cast.bob.pk]
    )
    bob = fresh(look, cast.bob)
    assert (bob.is_banned, bob.ban_reason) == (True, "Sends spam")
    assert (bob.ban_message, bob.ban_expires_at) == ("No adverts here.", until)
    entry = entry_of(look)
    assert (entry.actor_id, entry.actor_type) == (cast.olga.pk, "operator")
    assert entry.after["message"] == "No adverts here."
    assert entry.after["until"].startswith(str(until.date()))


def test_the_person_reads_it_after_the_right_password(as_olga, cast):
    until = timezone.now() + timedelta(days=3)
    values = WHY | {"message": "No <b>adverts</b>.", "until": local(until)}
    as_olga.post(page_of(cast.bob), values)
    page = sign_in(cast.bob).text
    assert "Your account is banned" in page
    assert "No &lt;b&gt;adverts&lt;/b&gt;." in page
    assert f"Until {until.day} {until:%b %Y}" in page
    assert "Sends spam" not in page


def test_without_an_end_or_words_the_page_says_only_that(as_olga, cast):
    as_olga.post(page_of(cast.bob), WHY)
    page = sign_in(cast.bob).text
    assert "The ban has no end set." in page
    assert "Sends spam" not in page


def test_a_stranger_is_not_told(as_olga, cast):
    as_olga.post(page_of(cast.bob), WHY | {"message": "No adverts."})
    banned, unknown = sign_in(cast.bob, "wrong one"), User(email="x@example.com")
    assert "banned" not in banned.text
    assert "adverts" not in banned.text
    assert banned.status_code == sign_in(unknown, "wrong one").status_code
    assert "banned" not in Client().get("/accounts/inactive/").text


def test_a_closed_account_is_not_called_banned(cast):
    with identity():
        User.objects.filter(pk=cast.bob.pk).update(is_active=False)
    assert "Account inactive" in sign_in(cast.bob).text


def test_the_next_request_is_refused_and_the_rows_are_gone(as_olga, as_bob, cast, look):
    with identity():
        UserSession.objects.create(
            user=cast.bob, ip="203.0.113.9", session_key="k" * 32, user_agent="x"
        )
    assert as_bob.get("/tasks/").status_code == 200
    as_olga.post(page_of(cast.bob), WHY)
    assert as_bob.get("/tasks/").status_code == 302
    assert not look(Session.objects.filter(user=cast.bob).exists)
    assert not look(UserSession.objects.filter(user=cast.bob).exists)


def test_what_they_invited_with_is_withdrawn(as_olga, cast, look):
    join(cast.acme, cast.charlie, "owner")
    with no_context(), tenant(cast.acme, cast.alice):
        soon = timezone.now() + timedelta(days=1)
        Invitation.objects.create(
            email="spy@example.com", inviter=cast.alice, expires_at=soon
        )
        Invitation.objects.create(
            email="ok@example.com", inviter=cast.adam, expires_at=soon
        )
    as_olga.post(page_of(cast.alice), WHY)
    waiting = look(lambda: list(Invitation.objects.waiting()))
    assert [one.email for one in waiting] == ["ok@example.com"]
    [entry] = look(lambda: list(AuditEntry.objects.filter(action="invitation.revoked")))
    assert entry.actor_id == cast.olga.pk


def test_an_offer_of_ownership_is_withdrawn(as_olga, cast, look):
    join(cast.acme, cast.charlie, "owner")
    with no_context(), tenant(cast.acme, cast.alice):
        mine = Membership.objects.get(user=cast.alice)
        theirs = Membership.objects.get(user=cast.bob)
        offer_ownership(by=mine, to=theirs, stays_owner=True)
    as_olga.post(page_of(cast.alice), WHY)
    assert not look(OwnershipOffer.open.exists)
    assert look(AuditEntry.objects.filter(action="ownership.withdrawn").exists)


def test_an_expired_ban_ends_by_itself(as_olga, cast, look):
    as_olga.post(page_of(cast.bob), WHY)
    look(
        lambda: User.objects.filter(pk=cast.bob.pk).update(
            ban_expires_at=timezone.now() - timedelta(seconds=1)
        )
    )
    assert sign_in(cast.bob).redirect_chain[-1][0] == "/tasks/"
    assert as_olga.post(page_of(cast.bob), {"reason": "Again"}).status_code == 302
    assert fresh(look, cast.bob).is_banned


def test_lifting_a_ban_forgets_what_was_said(as_olga, cast, look):
    as_olga.post(page_of(cast.bob), WHY | {"message": "No adverts."})
    act(as_olga, User, "unban", cast.bob, reason="It was his brother")
    bob = fresh(look, cast.bob)
    assert (bob.banned, bob.ban_message, bob.ban_expires_at) == (False, "", None)
    assert sign_in(cast.bob).redirect_chain[-1][0] == "/tasks/"


# cap 5
def test_a_last_owner_is_banned_only_with_the_organizations_named(as_olga, cast, look):
    page = as_olga.get(page_of(cast.alice)).text
    assert "Organizations left without an owner" in page
    assert f'value="{cast.acme.pk}"' in page
    refused = as_olga.post(page_of(cast.alice), WHY)
    assert (refused.status_code, fresh(look, cast.alice).banned) == (422, False)
    assert "Tick every organization" in refused.text


def test_confirmed_they_are_suspended_with_the_ban(as_olga, as_adam, cast, look):
    values = WHY | {"closing": [str(cast.acme.pk)]}
    assert as_olga.post(page_of(cast.alice), values).status_code == 302
    assert fresh(look, cast.alice).is_banned
    assert not look(lambda: Organization.objects.get(pk=cast.acme.pk)).is_active
    entry = look(lambda: AuditEntry.objects.get(action="organization.suspended"))
    assert (entry.organization_id, entry.after) == (cast.acme.pk, WHY)
    assert as_adam.get("/tasks/").status_code == 302


def test_an_organization_that_was_not_named_cannot_be_closed(as_olga, cast, look):
    values = WHY | {"closing": [str(cast.acme.pk), str(cast.globex.pk)]}
    assert as_olga.post(page_of(cast.alice), values).status_code == 422
    assert look(lambda: Organization.objects.get(pk=cast.globex.pk)).is_active


def test_beside_another_owner_nothing_is_asked(as_olga, cast, look):
    join(cast.acme, cast.charlie, "owner")
    assert "left without an owner" not in as_olga.get(page_of(cast.alice)).text
    assert as_olga.post(page_of(cast.alice), WHY).status_code == 302
    assert look(lambda: Organization.objects.get(pk=cast.acme.pk)).is_active


def test_a_ban_needs_a_reason(as_olga, cast, look):
    assert as_olga.post(page_of(cast.bob), {"message": "x"}).status_code == 422
    assert not fresh(look, cast.bob).banned


@pytest.mark.parametrize(
    "until",
    [
        "2001-01-01T00:00",
        "0000-01-01T00:00",
        "0001-01-01T00:00",
        "9999-12-31T23:59",
        "never",
        "\0",
    ],
)
def test_an_end_that_makes_no_sense_is_refused(as_olga, cast, look, until):
    answer = as_olga.post(page_of(cast.bob), WHY | {"until": until})
    assert answer.status_code == 422
    assert not fresh(look, cast.bob).banned


@given(
    values=st.dictionaries(
        st.sampled_from(["reason", "message", "until", "closing"]),
        st.one_of(st.text(max_size=30), st.sampled_from(["\0", "x" * 9000, SOME_ID])),
    )
)
def test_any_values_get_an_answer(as_olga, cast, values):
    assert as_olga.post(page_of(cast.alice), values).status_code == 422


def test_nobody_bans_themselves_or_somebody_missing(as_olga, cast):
    assert as_olga.get(page_of(cast.olga)).status_code == 403
    missing = reverse("admin:accounts_user_ban", args=[SOME_ID])
    assert as_olga.get(missing).status_code == 404


@pytest.mark.parametrize("actor", ["as_alice", "as_nora"])
def test_the_page_is_for_staff(request, cast, actor):
    client = request.getfixturevalue(actor)
    assert client.get(page_of(cast.bob)).status_code == 404
    assert client.post(page_of(cast.bob), WHY).status_code == 404


def test_a_right_to_look_is_no_right_to_ban(cast, sign_in, look):
    look(lambda: User.objects.filter(pk=cast.nora.pk).update(is_staff=True))
    assert sign_in(cast.nora).post(page_of(cast.bob), WHY).status_code == 403
    assert not fresh(look, cast.bob).banned


def test_the_persons_page_leads_there_until_they_are_banned(as_olga, cast):
    change = reverse("admin:accounts_user_change", args=[cast.bob.pk])
    assert page_of(cast.bob) in as_olga.get(change).text
    as_olga.post(page_of(cast.bob), WHY)
    page = as_olga.get(change).text
    assert page_of(cast.bob) not in page
    assert "Sends spam" in page


def test_the_end_is_told_in_the_persons_own_time(as_olga, cast, look):
    look(lambda: User.objects.filter(pk=cast.bob.pk).update(timezone="Asia/Kathmandu"))
    until = (timezone.now() + timedelta(days=30)).replace(hour=12, minute=0)
    as_olga.post(page_of(cast.bob), WHY | {"until": local(until)})
    assert f"{until.day} {until:%b %Y}, 17:45 (+0545)" in sign_in(cast.bob).text


def test_what_was_told_stays_in_the_browser_for_minutes(as_olga, cast):
    as_olga.post(page_of(cast.bob), WHY)
    client = Client()
    values = {"login": cast.bob.email, "password": PASSWORD}
    client.post("/accounts/login/", values)
    assert "_auth_user_id" not in client.session
    assert "banned" in client.get("/accounts/inactive/").text
    assert client.get("/accounts/profile/").status_code == 302
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        assert "banned" not in client.get("/accounts/inactive/").text
    assert "ban" not in client.session


def test_the_list_shows_who_is_banned_now(as_olga, cast, look):
    row = f"{reverse('admin:accounts_user_changelist')}?q=bob"

    def ticks():
        return as_olga.get(row).text.count("icon-yes")

    before = ticks()
    as_olga.post(page_of(cast.bob), WHY)
    assert ticks() == before + 1
    past = timezone.now() - timedelta(days=1)
    look(lambda: User.objects.filter(pk=cast.bob.pk).update(ban_expires_at=past))
    assert ticks() == before


def test_a_ban_that_cannot_be_recorded_is_not_made(as_olga, cast, look):
    from organizations.audit.recording import recorded

    def refuse(*, entry, **kwargs):
        if entry.action == "user.banned":
            raise RuntimeError("no")

    recorded.connect(refuse)
    as_olga.raise_request_exception = False
    try:
        values = WHY | {"closing": [str(cast.acme.pk)]}
        assert as_olga.post(page_of(cast.alice), values).status_code == 500
    finally:
        recorded.disconnect(refuse)
    assert not fresh(look, cast.alice).banned
    assert look(lambda: Organization.objects.get(pk=cast.acme.pk)).is_active


def test_somebody_banned_already_is_not_banned_again(as_olga, cast, look):
    as_olga.post(page_of(cast.bob), WHY | {"message": "First."})
    page = as_olga.post(page_of(cast.bob), {"reason": "Again"}, follow=True)
    assert "was banned already" in page.text
    assert fresh(look, cast.bob).ban_message == "First."


def test_staff_without_all_rights_do_not_ban_superusers(cast, sign_in, look):
    from django.contrib.auth.models import Permission

    def helper():
        User.objects.filter(pk=cast.nora.pk).update(is_staff=True)
        rights = Permission.objects.filter(codename__in=["view_user", "change_user"])
        cast.nora.user_permissions.add(*rights)

    look(helper)
    client = sign_in(cast.nora)
    assert client.post(page_of(cast.olga), WHY).status_code == 403
    assert client.post(page_of(cast.bob), WHY).status_code == 302
    assert not fresh(look, cast.olga).banned


def lift_of(person):
    return reverse("admin:accounts_user_unban", args=[person.pk])


def test_a_persons_page_leads_to_the_ban_or_out_of_it(as_olga, cast):
    page = " ".join(as_olga.get(page_of(cast.bob)).text.split())
    assert '<h1 id="heading"> Ban </h1>' in page
    change = reverse("admin:accounts_user_change", args=[cast.bob.pk])
    assert lift_of(cast.bob) not in as_olga.get(change).text
    as_olga.post(page_of(cast.bob), WHY)
    page = as_olga.get(change).text
    assert lift_of(cast.bob) in page
    assert page_of(cast.bob) not in page


def test_a_ban_is_lifted_with_a_reason_on_a_page_of_its_own(as_olga, cast, look):
    as_olga.post(page_of(cast.bob), WHY)
    page = " ".join(as_olga.get(lift_of(cast.bob)).text.split())
    assert '<h1 id="heading"> Lift the ban </h1>' in page
    assert "Banned because: Sends spam" in page
    refused = as_olga.post(lift_of(cast.bob), {"reason": " "})
    assert refused.status_code == 422
    assert "Say why, in a sentence" in refused.text
    assert fresh(look, cast.bob).is_banned
    answer = as_olga.post(lift_of(cast.bob), {"reason": "He promised"}, follow=True)
    assert "Bob Example can sign in again." in answer.text
    assert not fresh(look, cast.bob).banned
    entry = entry_of(look, "user.unbanned")
    assert (entry.actor_id, entry.target_id) == (cast.olga.pk, str(cast.bob.pk))
    assert (entry.before, entry.after) == (WHY, {"reason": "He promised"})
    assert sign_in(cast.bob).redirect_chain[-1][0] == "/tasks/"


def test_lifting_no_ban_says_so_and_records_nothing(as_olga, cast, look):
    page = as_olga.get(lift_of(cast.bob)).text
    assert "There is no ban." in page
    assert "Banned because" not in page
    answer = as_olga.post(lift_of(cast.bob), {"reason": "Why not"}, follow=True)
    assert "There is no ban." in answer.text
    assert not look(PlatformEntry.objects.filter(action="user.unbanned").exists)


def test_lifting_is_for_staff_who_may_change_people(cast, request, sign_in, look):
    for actor in ("as_alice", "as_nora"):
        client = request.getfixturevalue(actor)
        assert client.post(lift_of(cast.bob), WHY).status_code == 404
    look(lambda: User.objects.filter(pk=cast.nora.pk).update(is_staff=True))
    assert sign_in(cast.nora).post(lift_of(cast.bob), WHY).status_code == 403
