"""Deleting one's account: the row stays, and says nothing of who it was."""

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.core import mail
from django.core.files.storage import default_storage
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Session, User
from organizations.audit.models import AuditEntry
from organizations.domains.models import JoinRequest, OrganizationDomain
from organizations.invitations.models import Invitation
from organizations.models import LastOrganization, Membership
from organizations.personal.models import PersonalExport
from organizations.tenancy import as_user, identity, no_context, tenant
from tasks.models import Task, TaskAssignee
from tests.conftest import PASSWORD, join
from tests.personal.conftest import ASK, prove
from tests.pictures.conftest import picture, upload

PAGE = "/accounts/data/delete/"
DONE = "/accounts/data/deleted/"
TYPED = {"confirmation": "bob@example.com"}


def fresh(person):
    with identity():
        return User.objects.get(pk=person.pk)


def inside(organization, question):
    with no_context(), tenant(organization):
        return question()


def is_whole(person):
    now = fresh(person)
    return now.is_active and now.email == person.email


# cap 42
def test_the_row_stays_without_who_it_was(bob, cast, work):
    assert bob.post(PAGE, TYPED)["Location"] == DONE
    gone = fresh(cast.bob)
    assert gone.email == f"deleted-{cast.bob.pk}@deleted.invalid"
    assert (str(gone), gone.name) == ("Deleted person", "Deleted person")
    assert (gone.is_active, gone.email_verified) == (False, False)
    assert not gone.has_usable_password()


def test_every_way_in_is_gone(bob, cast, sign_in):
    other = sign_in(cast.bob, cast.acme)
    with identity():
        UserSession.objects.create(
            user=cast.bob, ip="203.0.113.9", session_key="k" * 32, user_agent="x"
        )
    bob.post(PAGE, TYPED)
    assert other.get("/tasks/").status_code == 302
    assert bob.get("/accounts/data/").status_code == 302
    with identity():
        for model in (Session, UserSession, EmailAddress):
            assert not model.objects.filter(user=cast.bob).exists()
    answer = bob.post(
        "/accounts/login/", {"login": cast.bob.email, "password": PASSWORD}
    )
    assert answer.status_code == 200


def test_the_address_is_free_again(bob, client):
    bob.post(PAGE, TYPED)
    form = {"email": "bob@example.com", "password1": PASSWORD}
    assert client.post("/accounts/signup/", form).status_code == 302
    with identity():
        assert User.objects.filter(email="bob@example.com").count() == 1


def test_memberships_and_assignments_end_and_the_work_stays(bob, cast, work):
    join(cast.globex, cast.bob, "viewer")
    bob.post(PAGE, TYPED)
    for organization in (cast.acme, cast.globex):
        members = inside(
            organization,
            lambda: list(Membership.objects.values_list("user", flat=True)),
        )
        assert cast.bob.pk not in members
    assert not inside(cast.acme, TaskAssignee.objects.filter(user=cast.bob).exists)
    titles = inside(
        cast.acme, lambda: set(Task.objects.values_list("title", flat=True))
    )
    assert {"Oil the gate – geölt", "Paint the gate"} <= titles


# cap 59
def test_what_they_made_is_shown_without_their_name(bob, as_alice, cast, work):
    bob.post(PAGE, TYPED)
    task = inside(cast.acme, lambda: Task.objects.get(created_by=cast.bob))
    page = as_alice.get(f"/tasks/{task.pk}/")
    assert page.status_code == 200
    assert "Bob" not in page.text


def test_what_is_recorded_of_it_has_no_name(bob, cast):
    with no_context(), tenant(cast.acme, cast.bob):
        Invitation.objects.create(
            email="zoe@example.com", inviter=cast.bob, expires_at=timezone.now()
        )
    before = inside(cast.acme, lambda: set(AuditEntry.objects.values_list("pk")))
    bob.post(PAGE, TYPED)
    entries = inside(
        cast.acme,
        lambda: [e for e in AuditEntry.objects.all() if (e.pk,) not in before],
    )
    assert {e.action for e in entries} == {"member.left", "invitation.revoked"}
    for entry in entries:
        assert "Bob" not in f"{entry.actor_label} {entry.target_label} {entry.after}"


def test_the_erasure_itself_is_recorded(bob, cast):
    from tests.accounts.conftest import recorded

    bob.post(PAGE, TYPED)
    [entry] = recorded(cast.bob, "user.erased")
    assert (entry.actor_label, entry.target_label) == ("Deleted person",) * 2
    assert entry.after == {"left": 1}


def test_picture_copy_and_last_place_go(bob, cast, run_jobs):
    bob.post("/accounts/profile/picture/", upload(picture()))
    bob.post(ASK)
    run_jobs()
    with identity():
        names = [
            User.objects.get(pk=cast.bob.pk).image.name,
            PersonalExport.objects.get(user=cast.bob).file,
        ]
    assert all(map(default_storage.exists, names))
    bob.post(PAGE, TYPED)
    assert set(run_jobs()) == {"succeeded"}
    assert not any(map(default_storage.exists, names))
    assert not fresh(cast.bob).image
    with identity():
        assert not PersonalExport.objects.exists()
        assert not LastOrganization.objects.filter(user=cast.bob).exists()


def test_invitations_and_requests_forget_the_address(bob, cast):
    with no_context(), tenant(cast.acme):
        invitation = Invitation.objects.create(
            email="bob@example.com",
            expires_at=timezone.now(),
            accepted_at=timezone.now(),
        )
    with no_context(), tenant(cast.globex):
        asked = JoinRequest.objects.create(
            domain=OrganizationDomain.objects.create(domain="example.com"),
            user=cast.bob,
            name="Bob Example",
            email="bob@example.com",
        )
    bob.post(PAGE, TYPED)
    neutral = fresh(cast.bob).email
    inside(cast.acme, invitation.refresh_from_db)
    inside(cast.globex, asked.refresh_from_db)
    assert (invitation.email, asked.email) == (neutral, neutral)
    assert asked.name == "Deleted person"


def test_the_old_address_gets_the_last_mail(
    bob, cast, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        bob.post(PAGE, TYPED)
    message = mail.outbox[-1]
    assert message.to == ["bob@example.com"]
    assert message.subject == "Your account is deleted"


# cap 5
def test_a_sole_owner_stays_and_is_told_where(as_alice, cast):
    alice = prove(as_alice)
    page = alice.get(PAGE).text
    assert "You are the only owner here" in page
    assert "<strong>Acme</strong>" in page
    assert 'name="confirmation"' not in page
    refused = alice.post(PAGE, {"confirmation": "alice@example.com"})
    assert refused.status_code == 422
    assert is_whole(cast.alice)
    assert mail.outbox == []


def test_beside_another_owner_one_may_go(as_alice, cast):
    join(cast.acme, cast.charlie, "owner")
    alice = prove(as_alice)
    assert alice.post(PAGE, {"confirmation": "alice@example.com"})["Location"] == DONE
    assert not is_whole(cast.alice)


def test_the_only_owner_of_a_suspended_organization_stays(as_alice, cast):
    with no_context(), tenant(cast.acme):
        type(cast.acme).objects.filter(pk=cast.acme.pk).update(is_active=False)
    page = prove(as_alice).get(PAGE).text
    assert "<strong>Acme</strong>" in page


def test_staff_stay_until_they_are_none(as_olga, cast):
    olga = prove(as_olga)
    assert 'name="confirmation"' not in olga.get(PAGE).text
    page = olga.post(PAGE, {"confirmation": "olga@example.com"})
    assert (page.status_code, "Have your staff rights taken" in page.text) == (
        422,
        True,
    )
    assert is_whole(cast.olga)


@pytest.mark.parametrize(
    "typed", ["", "bob", "alice@example.com", "bob@example.com.", "\0", "x" * 9000]
)
def test_another_address_is_no_confirmation(bob, cast, typed):
    assert bob.post(PAGE, {"confirmation": typed}).status_code == 422
    assert is_whole(cast.bob)


@given(typed=st.text(max_size=80))
def test_any_text_is_no_confirmation(bob, cast, typed):
    assert bob.post(PAGE, {"confirmation": typed}).status_code == 422


def test_capitals_and_spaces_do_not_matter(bob, cast):
    assert bob.post(PAGE, {"confirmation": " Bob@Example.COM "})["Location"] == DONE


def test_it_takes_the_password_again(as_bob, cast):
    assert as_bob.get(PAGE).status_code == 200
    answer = as_bob.post(PAGE, TYPED)
    assert answer["Location"].startswith("/accounts/reauthenticate/")
    assert is_whole(cast.bob)


def test_what_cannot_be_recorded_is_not_done(bob, cast):
    from organizations.audit.recording import recorded as told

    def refuse(*, entry, **kwargs):
        if entry.action == "user.erased":
            raise RuntimeError("no")

    told.connect(refuse)
    bob.raise_request_exception = False
    try:
        assert bob.post(PAGE, TYPED).status_code == 500
    finally:
        told.disconnect(refuse)
    assert is_whole(cast.bob)
    with no_context(), as_user(cast.bob):
        assert Membership.own.filter(user=cast.bob).exists()
    assert mail.outbox == []


def test_the_page_says_what_will_happen(as_bob):
    page = as_bob.get(PAGE).text
    for words in ("signed out everywhere", "audit logs keep", "Deleted person"):
        assert words in page


def test_the_last_page_is_open_to_everybody(client, db):
    assert "Your account is deleted" in client.get(DONE).text
