"""Invitations by key."""

import pytest
from django.core import mail
from hypothesis import given
from hypothesis import strategies as st

from organizations.invitations.models import Invitation
from organizations.teams.flows import create_team
from organizations.tenancy import no_context, tenant
from tests.api_client import VIEWS, Program, code, wheres
from tests.limits.conftest import allow  # noqa: F401

UNKNOWN = "0190f5a0-0000-7000-8000-000000000000"
NEW = {"email": "nell@example.net"}


@pytest.fixture
def api(cast):
    return Program(cast.acme, cast.alice)


@pytest.fixture
def nell(api):
    return api.post("/invitations", NEW).json()


def at(invitation):
    return f"/invitations/{invitation['id']}"


def test_somebody_is_invited_in_the_name_of_the_key(api, nell, run_jobs):
    assert (nell["email"], nell["role"], nell["state"]) == (
        *("nell@example.net", "member", "open"),
    )
    assert (nell["inviter"], nell["sent_at"]) == (None, None)
    assert api.last() == ("invitation.sent", "program", str(api.key))
    run_jobs()
    (letter,) = mail.outbox
    assert (letter.to, letter.subject) == (
        ["nell@example.net"],
        "You are invited to Acme",
    )
    assert "because Acme was given your address" in " ".join(letter.body.split())
    assert api.get(at(nell)).json()["sent_at"]


def test_an_invitation_names_role_and_team(api, cast):
    with no_context(), tenant(cast.acme):
        team = create_team(name="Shop", by=None)
    body = {"email": "Nell <NELL@example.net>", "role": "viewer", "team": str(team.pk)}
    made = api.post("/invitations", body).json()
    assert (made["email"], made["role"]) == ("nell@example.net", "viewer")
    assert made["team"] == {"id": str(team.pk), "name": "Shop"}


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({}, "body.email"),
        ({"email": "nobody"}, "body.email"),
        ({"email": "a\0@example.net"}, "body.email"),
        (NEW | {"role": "owner"}, "body.role"),
        (NEW | {"team": UNKNOWN}, "body.team"),
        (NEW | {"days": 900}, "body.days"),
    ],
)
def test_what_is_wrong_is_named_where_it_stands(api, body, where):
    assert wheres(api.post("/invitations", body)) == [where]
    assert api.every("/invitations") == []


def test_a_team_that_is_none_is_refused_beside_others(api, cast):
    with no_context(), tenant(cast.acme):
        create_team(name="Shop", by=None)
    assert wheres(api.post("/invitations", NEW | {"team": UNKNOWN})) == ["body.team"]


@given(email=st.text(max_size=60) | st.emails())
def test_any_address_is_invited_or_refused(api, email):
    answer = api.post("/invitations", {"email": email})
    assert answer.status_code in (201, 409, 422)


def test_who_is_here_or_invited_is_not_invited(api, nell):
    assert code(api.post("/invitations", NEW)) == (409, "conflict")
    again = api.post("/invitations", {"email": "bob@example.com"})
    assert code(again) == (409, "conflict")
    assert api.every("/invitations") == [nell]


def test_without_a_seat_nobody_is_invited(api, allow):
    allow(members=4)
    refused = api.post("/invitations", NEW)
    assert code(refused) == (402, "plan_limit")
    assert refused.json()["limit"]["key"] == "members"


def test_no_role_is_given_that_may_do_more_than_the_key(cast):
    small = Program(cast.acme, cast.alice, *VIEWS, "members.invite")
    for role in ("admin", "member", None):
        answer = small.post("/invitations", NEW | {"role": role})
        assert wheres(answer) == ["body.role"]
    made = small.post("/invitations", NEW | {"role": "viewer"})
    assert made.status_code == 201


def test_an_invitation_is_sent_again(api, nell, run_jobs):
    run_jobs()
    assert api.post(f"{at(nell)}/resend").status_code == 200
    assert api.last()[:2] == ("invitation.resent", "program")
    run_jobs()
    assert len(mail.outbox) == 2


def test_an_invitation_is_withdrawn_once(api, nell):
    assert api.delete(at(nell)).status_code == 204
    assert api.last()[:2] == ("invitation.revoked", "program")
    assert api.get(at(nell)).json()["state"] == "revoked"
    assert code(api.delete(at(nell))) == (409, "conflict")
    assert code(api.post(f"{at(nell)}/resend")) == (409, "conflict")


def test_a_list_has_every_invitation_once(api, cast):
    from django.utils import timezone

    with no_context(), tenant(cast.acme):
        Invitation.objects.bulk_create(
            Invitation(
                email=f"n{number}@example.net",
                expires_at=timezone.now(),
                inviter=cast.alice,
            )
            for number in range(120)
        )
    found = api.every("/invitations")
    assert len({one["id"] for one in found}) == len(found) == 120
    assert {one["inviter"]["name"] for one in found} == {"Alice Example"}


def test_a_key_to_read_invites_nobody(cast, nell):
    reader = Program(cast.acme, cast.alice, *VIEWS)
    for answer in (
        reader.get("/invitations"),
        reader.get(at(nell)),
        reader.post("/invitations", NEW),
        reader.post(f"{at(nell)}/resend"),
        reader.delete(at(nell)),
    ):
        assert code(answer) == (403, "scope_missing")


def test_invitations_of_others_are_missing(cast, api, nell):
    theirs = Program(cast.globex, cast.charlie)
    assert theirs.every("/invitations") == []
    for path in (at(nell), f"/invitations/{UNKNOWN}"):
        for answer in (
            theirs.get(path),
            theirs.post(f"{path}/resend"),
            theirs.delete(path),
        ):
            assert code(answer) == (404, "not_found")
    assert api.get(at(nell)).json()["state"] == "open"


def test_the_page_says_that_a_program_invited(nell, as_alice):
    text = as_alice.get("/organizations/invitations/").content.decode()
    assert "A program," in text


def test_the_same_post_sent_twice_invites_once(api, run_jobs):
    for _time in range(2):
        sent = api.post("/invitations", NEW, Idempotency_Key="k")
        assert sent.status_code == 201
    run_jobs()
    assert len(mail.outbox) == 1
