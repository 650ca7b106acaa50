"""Joining through a proven domain: by oneself, or by asking."""

import pytest
from django.core import mail
from django.utils import timezone

from accounts.models import User
from organizations.models import Membership, Organization
from organizations.tenancy import as_user, identity, no_context, tenant
from tests.domains.conftest import JOIN, NEAR, REQUESTS, wishes
from tests.history import entries


def member(cast, name):
    with no_context(), tenant(cast.acme):
        return Membership.objects.filter(user=getattr(cast, name)).first()


def wanting(organization):
    return {"organization_id": str(organization.pk)}


def limit_seats(cast, number):
    with no_context(), tenant(cast.acme):
        rows = Organization.objects.filter(pk=cast.acme.pk)
        rows.update(limits={"members": number})


def test_colleagues_find_their_organization(as_nora, as_charlie, acmes):
    acmes()
    for client in (as_nora, as_charlie):
        page = client.get(NEAR)
        assert "Acme" in page.text
        assert "Join" in page.text
    part = as_nora.get(NEAR, headers={"hx-request": "true"})
    assert "<html" not in part.text
    assert NEAR in as_nora.get("/organizations/").text


def test_members_do_not_find_their_own(as_bob, acmes):
    acmes()
    assert "No organization waits for you" in as_bob.get(NEAR).text


@pytest.mark.parametrize(
    "values",
    [
        {"verified_at": None},
        {"joining": "invited"},
        {"domain": "acme.example"},
        {"domain": "mail.example.com"},
    ],
)
def test_others_find_nothing_and_cannot_join(as_nora, acmes, cast, values):
    acmes(**values)
    assert "Acme" not in as_nora.get(NEAR).text
    assert as_nora.post(JOIN, wanting(cast.acme)).status_code == 404
    assert member(cast, "nora") is None
    assert wishes(cast) == []


@pytest.mark.parametrize("state", ["closed", "deleted"])
def test_a_closed_organization_takes_nobody(as_nora, acmes, cast, state):
    acmes()
    change = (
        {"is_active": False} if state == "closed" else {"deleted_at": timezone.now()}
    )
    with no_context(), tenant(cast.acme):
        Organization.objects.filter(pk=cast.acme.pk).update(**change)
    assert "Acme" not in as_nora.get(NEAR).text
    assert as_nora.post(JOIN, wanting(cast.acme)).status_code == 404


def test_an_unconfirmed_address_opens_nothing(as_nora, acmes, cast):
    acmes()
    with no_context(), identity():
        User.objects.filter(pk=cast.nora.pk).update(email_verified=False)
    assert "Acme" not in as_nora.get(NEAR).text
    assert as_nora.post(JOIN, wanting(cast.acme)).status_code == 404


def test_joining_by_oneself_leads_inside(as_nora, acmes, cast):
    acmes(role="viewer")
    page = as_nora.post(JOIN, wanting(cast.acme), follow=True)
    assert page.request["PATH_INFO"] == "/tasks/"
    assert "You belong to Acme now" in page.text
    assert member(cast, "nora").role == "viewer"
    entry = entries(cast.acme, "member.added")[0]
    assert entry.after == {"role": "viewer", "domain": "example.com"}


def test_joining_twice_is_joining_once(as_nora, acmes, cast):
    acmes()
    for _time in range(2):
        assert as_nora.post(JOIN, wanting(cast.acme)).status_code == 302
    labels = [one.target_label for one in entries(cast.acme, "member.added")]
    assert labels.count("Nora Example") == 1


def test_a_full_organization_says_so(as_nora, acmes, cast):
    acmes()
    limit_seats(cast, 4)
    page = as_nora.post(JOIN, wanting(cast.acme), follow=True)
    assert "No seat is left there" in page.text
    assert member(cast, "nora") is None


@pytest.mark.parametrize("value", ["", "x", "\0", "9" * 40, "organization"])
def test_no_organization_is_a_missing_one(as_nora, acmes, cast, value):
    acmes()
    answer = as_nora.post(JOIN, {"organization_id": value})
    assert answer.status_code in {400, 404}
    assert as_nora.post(JOIN, wanting(cast.globex)).status_code == 404


def test_asking_waits_for_an_answer_and_is_mailed(as_nora, acmes, run_jobs, cast):
    acmes(joining="asking")
    for _time in range(2):
        page = as_nora.post(JOIN, wanting(cast.acme), follow=True)
        assert "Asked" in page.text
    assert member(cast, "nora") is None
    (wish,) = wishes(cast)
    assert (wish.name, wish.email) == ("Nora Example", "nora@example.com")
    assert len(entries(cast.acme, "join_request.made")) == 1
    run_jobs()
    told = sorted(message.to[0] for message in mail.outbox)
    assert told == ["adam@example.com", "alice@example.com"]
    assert mail.outbox[0].subject == "Nora Example asks to join Acme"


@pytest.fixture
def asked(as_nora, acmes, cast):
    acmes(joining="asking", role="viewer")
    as_nora.post(JOIN, wanting(cast.acme))
    return wishes(cast)[0]


@pytest.mark.parametrize("who", ["as_alice", "as_adam"])
def test_approving_lets_in_and_tells(request, asked, run_jobs, cast, who):
    client = request.getfixturevalue(who)
    assert "Nora Example" in client.get(REQUESTS).text
    page = client.post(f"{REQUESTS}{asked.pk}/approve/", follow=True)
    assert "Nora Example is in" in page.text
    assert member(cast, "nora").role == "viewer"
    entry = entries(cast.acme, "member.added")[0]
    assert (entry.target_label, entry.after["domain"]) == (
        "Nora Example",
        "example.com",
    )
    assert entry.actor_id == (cast.alice if who == "as_alice" else cast.adam).pk
    run_jobs()
    assert mail.outbox[-1].to == ["nora@example.com"]
    assert mail.outbox[-1].subject == "You belong to Acme now"


def test_denying_keeps_out(as_alice, as_nora, asked, cast):
    as_alice.post(f"{REQUESTS}{asked.pk}/deny/")
    assert member(cast, "nora") is None
    assert "Nobody asks to join" in as_alice.get(REQUESTS).text
    assert len(entries(cast.acme, "join_request.denied")) == 1
    as_alice.post(f"{REQUESTS}{asked.pk}/approve/")
    assert member(cast, "nora") is None
    as_nora.post(JOIN, wanting(cast.acme))
    assert len(wishes(cast)) == 2


def test_a_request_waits_while_no_seat_is_free(as_alice, asked, cast):
    limit_seats(cast, 4)
    page = as_alice.post(f"{REQUESTS}{asked.pk}/approve/", follow=True)
    assert page.status_code == 402
    assert "All seats are taken: 4 of 4." in page.text
    assert member(cast, "nora") is None
    limit_seats(cast, 5)
    as_alice.post(f"{REQUESTS}{asked.pk}/approve/")
    assert member(cast, "nora") is not None


@pytest.mark.parametrize("who", ["as_bob", "as_vera"])
def test_members_and_viewers_answer_nobody(request, asked, cast, who):
    client = request.getfixturevalue(who)
    assert client.get(REQUESTS).status_code == 403
    for verb in ("approve", "deny"):
        assert client.post(f"{REQUESTS}{asked.pk}/{verb}/").status_code == 403
    assert wishes(cast)[0].denied_at is None


def test_another_organization_answers_nobody(as_charlie, asked, cast):
    assert "Nora" not in as_charlie.get(REQUESTS).text
    for verb in ("approve", "deny"):
        assert as_charlie.post(f"{REQUESTS}{asked.pk}/{verb}/").status_code == 404
    assert wishes(cast)[0].approved_at is None


def test_a_person_sees_their_own_request_and_no_others(asked, cast):
    from organizations.domains.models import JoinRequest

    with no_context(), as_user(cast.nora):
        assert [wish.pk for wish in JoinRequest.own.all()] == [asked.pk]
    with no_context(), as_user(cast.charlie):
        assert not JoinRequest.own.exists()


def test_the_question_is_only_answered_about_oneself(acmes, cast):
    from django.db import connection

    acmes()
    with no_context(), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM app.joinable_organizations()")
        assert cursor.fetchall() == []
    with no_context(), as_user(cast.bob), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM app.joinable_organizations()")
        assert cursor.fetchall() == []
