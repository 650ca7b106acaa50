"""Inviting: lists, files, limits, resending and revoking."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from organizations.invitations import flows
from organizations.invitations.addresses import address_in, in_table, pasted
from organizations.invitations.tokens import hash_of
from tests.history import entries
from tests.invitations.conftest import (
    ADDRESS,
    INVITATIONS,
    LINK,
    NEW,
    change,
    limit_seats,
    of_acme,
)


def outcomes(page):
    return {one.entry: one.outcome.value for one in page.context["results"]}


# cap 23
@pytest.mark.parametrize("who", ["as_alice", "as_adam"])
def test_an_invitation_is_written_recorded_and_mailed(request, cast, run_jobs, who):
    client = request.getfixturevalue(who)
    answer = client.post(NEW, {"addresses": "Noemi@Example.com", "role": "viewer"})
    assert answer["Location"] == INVITATIONS
    (invitation,) = of_acme(cast)
    assert (invitation.email, invitation.role) == ("noemi@example.com", "viewer")
    assert invitation.token_hash is None
    (entry,) = entries(cast.acme, "invitation.sent")
    assert (entry.target_label, entry.after) == (
        "noemi@example.com",
        {"role": "viewer"},
    )
    assert run_jobs() == ["succeeded"]
    (message,) = mail.outbox
    inviter = {"as_alice": "Alice", "as_adam": "Adam"}[who]
    assert message.subject == f"{inviter} Example invites you to Acme"


# cap 24
def test_only_a_hash_of_the_token_is_kept(mailed, cast):
    from django.db import connection

    token = mailed("noemi@example.com").split("/")[2]
    (invitation,) = of_acme(cast)
    assert invitation.token_hash == hash_of(token)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT args::text FROM procrastinate_jobs WHERE queue_name <> 'events'"
        )
        kept = " ".join(row[0] for row in cursor.fetchall())
    seen = kept + repr(vars(invitation)) + repr(entries(cast.acme)[0].after)
    assert token not in seen
    assert token[22:] not in seen


def test_a_list_is_answered_line_by_line(send, cast):
    send("open@example.com")
    page = send(
        "new@example.com",
        "Bob <bob@example.com>",
        "open@example.com",
        "not an address",
        "NEW@example.com",
    )
    assert page.status_code == 200
    assert outcomes(page) == {
        "new@example.com": "sent",
        "Bob <bob@example.com>": "member",
        "open@example.com": "invited",
        "not an address": "invalid",
        "NEW@example.com": "invited",
    }
    assert page.context["form"].initial["addresses"] == "not an address"
    assert len(of_acme(cast)) == 2


def test_a_table_is_read_by_its_heading(as_alice, cast):
    text = "Name,E-Mail\nAda,ada@example.com\nLin,lin@example.com\n,\n"
    file = SimpleUploadedFile("people.csv", text.encode("utf-8-sig"))
    as_alice.post(NEW, {"addresses": "", "table": file, "role": "member"})
    assert {one.email for one in of_acme(cast)} == {
        "ada@example.com",
        "lin@example.com",
    }


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\xff\xfe\x00a", "not text"),
        (b"a\0b@example.com", "not text"),
        (b"x" * 100_001, "too large"),
        (b"", "empty"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(as_alice, cast, content, words):
    file = SimpleUploadedFile("people.csv", content)
    page = as_alice.post(NEW, {"addresses": "a@b.example", "table": file})
    assert page.status_code == 422
    assert words in page.text
    assert "a@b.example" in page.text
    assert of_acme(cast) == []


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"addresses": "", "role": "member"}, "at least one address"),
        ({"addresses": "a@example.com", "role": "owner"}, "owner is not one of"),
        ({"addresses": "a@example.com"}, "required"),
        ({"addresses": "\n".join(f"a{n}@example.com" for n in range(201))}, "too many"),
    ],
)
def test_what_cannot_be_sent_is_said_and_kept(as_alice, cast, values, words):
    page = as_alice.post(NEW, values)
    assert page.status_code == 422
    assert words in page.text
    assert values["addresses"][:9] in page.text
    assert of_acme(cast) == []


def test_seats_are_counted_with_those_who_wait(send, cast):
    limit_seats(cast, 6)
    page = send("one@example.com", "two@example.com", "three@example.com")
    assert list(outcomes(page).values()) == ["sent", "sent", "no_seat"]
    assert "6 of 6 seats" in page.client.get(INVITATIONS).text
    assert outcomes(send("four@example.com")) == {"four@example.com": "no_seat"}


def test_an_expired_invitation_keeps_no_seat(send, cast):
    limit_seats(cast, 5)
    send("one@example.com")
    change(cast, expires_at=timezone.now() - timedelta(days=1))
    assert send("two@example.com").status_code == 302


def test_an_expired_invitation_is_replaced(send, cast):
    send("one@example.com")
    change(cast, expires_at=timezone.now() - timedelta(days=1))
    assert send("one@example.com").status_code == 302
    assert [one.state.value for one in of_acme(cast)] == ["revoked", "open"]


def test_a_day_has_a_limit(send, cast, monkeypatch):
    monkeypatch.setattr(flows, "MOST_A_DAY", 2)
    page = send("one@example.com", "two@example.com", "three@example.com")
    assert list(outcomes(page).values()) == ["sent", "sent", "too_many"]


def test_resending_makes_the_mail_before_worthless(mailed, as_alice, run_jobs, cast):
    first = mailed("noemi@example.com")
    (invitation,) = of_acme(cast)
    change(cast, expires_at=timezone.now() + timedelta(hours=1))
    as_alice.post(f"{INVITATIONS}{invitation.pk}/resend/")
    run_jobs()
    second = ADDRESS.search(mail.outbox[-1].body)[0]
    assert Client().get(first).status_code == 404
    assert Client().get(second).status_code == 200
    (again,) = of_acme(cast)
    assert again.expires_at > timezone.now() + timedelta(days=6)
    assert len(entries(cast.acme, "invitation.resent")) == 1


def test_an_expired_one_is_not_sent_again_without_a_seat(send, as_alice, cast):
    send("one@example.com")
    change(cast, expires_at=timezone.now() - timedelta(days=1))
    limit_seats(cast, 4)
    (invitation,) = of_acme(cast)
    page = as_alice.post(f"{INVITATIONS}{invitation.pk}/resend/", follow=True)
    assert page.status_code == 402
    assert "All seats are taken: 4 of 4." in page.text
    assert entries(cast.acme, "invitation.resent") == []


def test_a_revoked_invitation_opens_nothing(mailed, as_alice, as_nora, cast):
    where = mailed("nora@example.com")
    (invitation,) = of_acme(cast)
    page = as_alice.post(f"{INVITATIONS}{invitation.pk}/revoke/", follow=True)
    assert "nora@example.com no longer opens the door" in page.text
    assert as_nora.post(where + "accept/").status_code == 422
    (entry,) = entries(cast.acme, "invitation.revoked")
    assert entry.actor_id == cast.alice.pk
    as_alice.post(f"{INVITATIONS}{invitation.pk}/revoke/")
    assert len(entries(cast.acme, "invitation.revoked")) == 1
    late = as_alice.post(f"{INVITATIONS}{invitation.pk}/resend/", follow=True)
    assert "no longer open" in late.text


def test_a_revoked_invitation_is_not_mailed(send, as_alice, run_jobs, cast):
    send("noemi@example.com")
    (invitation,) = of_acme(cast)
    as_alice.post(f"{INVITATIONS}{invitation.pk}/revoke/")
    run_jobs()
    assert mail.outbox == []


@pytest.mark.parametrize("verb", ["remove", "suspend"])
def test_invitations_go_with_who_sent_them(as_alice, as_adam, as_nora, cast, verb):
    as_adam.post(NEW, {"addresses": "nora@example.com", "role": "member"})
    with_tenant = of_acme(cast)
    assert len(with_tenant) == 1
    member = member_of(cast, "adam")
    as_alice.post(f"/organizations/members/{member.pk}/{verb}/")
    (invitation,) = of_acme(cast)
    assert invitation.state == "revoked"
    (entry,) = entries(cast.acme, "invitation.revoked")
    assert entry.actor_id == cast.alice.pk


def member_of(cast, name):
    from organizations.models import Membership
    from organizations.tenancy import no_context, tenant

    with no_context(), tenant(cast.acme):
        return Membership.objects.get(user=getattr(cast, name))


@pytest.mark.parametrize("who", ["as_bob", "as_vera"])
def test_members_and_viewers_invite_nobody(request, cast, who):
    client = request.getfixturevalue(who)
    for path in (INVITATIONS, NEW, LINK):
        assert client.get(path).status_code == 403
    values = {"addresses": "a@example.com", "role": "admin"}
    assert client.post(NEW, values).status_code == 403
    assert of_acme(cast) == []


def test_the_list_shows_who_waits_and_costs_the_same(
    as_alice, send, cast, django_assert_num_queries
):
    with django_assert_num_queries(5):
        assert "Nobody is waiting" in as_alice.get(INVITATIONS).text
    send(*(f"one{n}@example.com" for n in range(49)))
    as_alice.get(INVITATIONS)
    with django_assert_num_queries(5):
        page = as_alice.get(INVITATIONS)
    assert "one48@example.com" in page.text
    assert "Alice Example" in page.text


def test_pages_of_waiting_follow_each_other(as_alice, send, cast):
    send(*(f"one{n}@example.com" for n in range(60)))
    first = as_alice.get(INVITATIONS)
    after = first.context["after"]
    rest = as_alice.get(f"{INVITATIONS}?after={after}", headers={"hx-request": "true"})
    assert "<html" not in rest.text
    found = [*first.context["invitations"], *rest.context["invitations"]]
    assert len({one.email for one in found}) == 60
    assert as_alice.get(f"{INVITATIONS}?after=x").status_code == 200


def test_another_organization_sees_and_changes_none(send, as_charlie, cast):
    send("noemi@example.com")
    (invitation,) = of_acme(cast)
    assert "noemi" not in as_charlie.get(INVITATIONS).text
    for verb in ("resend", "revoke"):
        there = as_charlie.post(f"{INVITATIONS}{invitation.pk}/{verb}/")
        assert there.status_code == 404
    assert of_acme(cast)[0].state == "open"


# Everything that somebody may paste.
@given(st.text(max_size=300))
def test_any_text_is_read(text):
    for entry in [*pasted(text), *in_table(text)]:
        found = address_in(entry)
        assert found is None or ("@" in found and found == found.lower())


@given(st.text(max_size=200))
def test_any_list_gets_an_answer(as_alice, text):
    page = as_alice.post(NEW, {"addresses": text, "role": "viewer"})
    assert page.status_code in {200, 302, 400, 422}
