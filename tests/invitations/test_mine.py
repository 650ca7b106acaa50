"""Invitations that wait for a person, found without the mail."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import User
from organizations.models import Membership, Organization
from organizations.tenancy import as_user, identity, no_context, tenant
from tests.history import entries
from tests.invitations.conftest import INVITATIONS, change, limit_seats, of_acme

NEAR = "/organizations/domains/near/"
ACCEPT = INVITATIONS + "accept/"


def member(cast, user):
    with no_context(), tenant(cast.acme):
        return Membership.objects.filter(user=user).first()


def ids(cast):
    (invitation,) = of_acme(cast)
    return {"organization_id": str(cast.acme.pk), "invitation": str(invitation.pk)}


def asked_directly(user):
    with no_context(), as_user(user), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM app.my_invitations()")
        return cursor.fetchall()


def test_an_invitation_is_found_and_accepted_without_its_mail(send, as_nora, cast):
    send("nora@example.com", role="viewer")
    page = as_nora.get(NEAR)
    assert "Acme" in page.text
    assert "Invites you as Viewer" in page.text
    page = as_nora.post(ACCEPT, ids(cast), follow=True)
    assert page.request["PATH_INFO"] == "/tasks/"
    assert "You belong to Acme now" in page.text
    assert member(cast, cast.nora).role == "viewer"
    assert of_acme(cast)[0].state == "accepted"
    assert entries(cast.acme, "member.added")[0].actor_id == cast.nora.pk


def test_the_chooser_leads_there(as_nora):
    assert NEAR in as_nora.get("/organizations/").text


def test_nobody_else_finds_or_accepts_it(send, as_charlie, cast):
    send("nora@example.com")
    assert "Acme" not in as_charlie.get(NEAR).text
    assert as_charlie.post(ACCEPT, ids(cast)).status_code == 404
    assert asked_directly(cast.charlie) == []
    assert member(cast, cast.charlie) is None


@pytest.mark.parametrize(
    "values",
    [
        {"expires_at": timezone.now() - timedelta(days=1)},
        {"revoked_at": timezone.now()},
        {"declined_at": timezone.now()},
        {"accepted_at": timezone.now()},
    ],
    ids=["expired", "revoked", "declined", "accepted"],
)
def test_what_is_over_is_not_found(send, as_nora, cast, values):
    send("nora@example.com")
    change(cast, **values)
    assert "Acme" not in as_nora.get(NEAR).text
    page = as_nora.post(ACCEPT, ids(cast), follow=True)
    assert "no longer open" in page.text
    assert member(cast, cast.nora) is None


def test_an_unconfirmed_address_finds_nothing(send, as_nora, cast):
    send("nora@example.com")
    with no_context(), identity():
        User.objects.filter(pk=cast.nora.pk).update(email_verified=False)
    assert asked_directly(cast.nora) == []


@pytest.mark.parametrize("state", ["closed", "deleted"])
def test_a_closed_organization_does_not_invite(send, as_nora, cast, state):
    send("nora@example.com")
    values = ids(cast)
    closing = {"is_active": False}
    if state == "deleted":
        closing = {"deleted_at": timezone.now()}
    with no_context(), tenant(cast.acme):
        Organization.objects.filter(pk=cast.acme.pk).update(**closing)
    assert asked_directly(cast.nora) == []
    assert as_nora.post(ACCEPT, values).status_code == 404


def test_members_are_not_invited_again(send, as_nora, cast):
    send("nora@example.com")
    as_nora.post(ACCEPT, ids(cast))
    assert asked_directly(cast.nora) == []
    assert "Acme" not in as_nora.get(NEAR).context["invited"]


def test_a_full_organization_says_so(send, as_nora, cast):
    send("nora@example.com")
    limit_seats(cast, 4)
    page = as_nora.post(ACCEPT, ids(cast), follow=True)
    assert "No seat is left there" in page.text
    assert member(cast, cast.nora) is None


@pytest.mark.parametrize("value", ["", "x", "9" * 50, "018f0000-0000-7000-8000-0"])
def test_ids_that_are_none_are_missing(as_nora, value):
    values = {"organization_id": value, "invitation": value}
    assert as_nora.post(ACCEPT, values).status_code == 404


def test_without_a_person_the_question_has_no_answer(send, cast):
    send("nora@example.com")
    with no_context(), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM app.my_invitations()")
        assert cursor.fetchall() == []
    with no_context(), tenant(cast.globex, cast.charlie):
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM app.my_invitations()")
            assert cursor.fetchall() == []


def test_one_organization_is_shown_once(send, as_nora, cast):
    """Invited and of the right domain: the invitation is the one way shown."""
    from organizations.domains.models import OrganizationDomain

    send("nora@example.com")
    with no_context(), tenant(cast.acme):
        OrganizationDomain.objects.create(
            domain="example.com", verified_at=timezone.now(), joining="automatic"
        )
    page = as_nora.get(NEAR)
    assert [one.name for one in page.context["invited"]] == ["Acme"]
    assert page.context["found"] == []
