"""Deleting an organization, and bringing it back within thirty days."""

import uuid
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from organizations import closing, flows
from organizations.models import (
    DAYS_RESTORABLE,
    FormerAddress,
    Membership,
    Organization,
)
from organizations.tenancy import no_context, tenant
from tests.conftest import PASSWORD, join
from tests.history import entries

DELETE = "/organizations/settings/delete/"
RESTORE = "/organizations/restore/"
LIST = "/organizations/"
PROVE = "/accounts/reauthenticate/"


def prove(client):
    assert client.post(PROVE, {"password": PASSWORD}).status_code == 302
    return client


def stored(organization):
    with no_context(), tenant(organization):
        return Organization.objects.get(pk=organization.pk)


@pytest.fixture
def deleted(cast):
    """Acme, deleted so many days ago."""

    def make(days=0):
        with no_context(), tenant(cast.acme, cast.alice):
            closing.delete_organization(organization=cast.acme, by=cast.alice)
            moment = timezone.now() - timedelta(days=days)
            Organization.objects.filter(pk=cast.acme.pk).update(deleted_at=moment)
        return cast.acme

    return make


# cap 40
def test_an_owner_deletes_by_typing_the_address(as_alice, cast):
    answer = prove(as_alice).post(DELETE, {"typed": "acme"})
    assert (answer.status_code, answer["Location"]) == (302, LIST)
    assert stored(cast.acme).deleted_at is not None
    (entry,) = entries(cast.acme, "organization.deleted")
    assert (entry.actor_id, entry.target_label) == (cast.alice.pk, "Acme")


def test_the_password_is_asked_for_once_more(as_alice, cast):
    for answer in (as_alice.get(DELETE), as_alice.post(DELETE, {"typed": "acme"})):
        assert answer["Location"] == f"{PROVE}?next={DELETE.replace('/', '%2F')}"
    assert stored(cast.acme).deleted_at is None
    proven = as_alice.post(f"{PROVE}?next={DELETE}", {"password": PASSWORD})
    assert proven["Location"] == DELETE


@pytest.mark.parametrize("typed", ["", "globex", "acm", "acme ltd", "x" * 5_000])
def test_another_word_deletes_nothing(as_alice, cast, typed):
    page = prove(as_alice).post(DELETE, {"typed": typed})
    assert page.status_code == 422
    assert "id_typed_error" in page.text
    assert stored(cast.acme).deleted_at is None


# cap 33
@pytest.mark.parametrize("who", ["as_adam", "as_bob", "as_vera"])
def test_only_owners_delete(request, cast, who):
    client = prove(request.getfixturevalue(who))
    answer = client.post(DELETE, {"typed": "acme"})
    assert answer.status_code == 403
    assert "delete the organization" in answer.text
    assert DELETE not in client.get("/organizations/settings/").text
    assert stored(cast.acme).deleted_at is None


def test_the_page_says_what_happens(as_alice):
    page = prove(as_alice).get(DELETE).text
    assert "Everybody is shut out at once" in page
    assert "For 30 days any owner can restore it" in page
    assert "gone for good" in page


# cap 40
def test_everybody_is_shut_out_at_once(as_alice, as_bob, as_vera, deleted):
    deleted()
    for client in (as_alice, as_bob, as_vera):
        assert client.get("/tasks/")["Location"] == LIST
        assert client.get("/o/acme/").status_code == 404
    for client in (as_bob, as_vera):
        assert "Acme" not in client.get(LIST).text


def test_nobody_can_switch_to_it(as_bob, deleted):
    body = {"organization": deleted().pk}
    assert as_bob.post("/organizations/switch/", body).status_code == 404


def test_every_owner_is_told_how_to_take_it_back(as_alice, cast, run_jobs):
    join(cast.acme, cast.nora, "owner")
    prove(as_alice).post(DELETE, {"typed": "acme"})
    assert run_jobs() == ["succeeded", "succeeded"]
    assert {to for message in mail.outbox for to in message.to} == {
        "alice@example.com",
        "nora@example.com",
    }
    told = mail.outbox[0]
    assert told.subject == "Acme is deleted"
    assert "/organizations/" in told.body
    until = stored(cast.acme).restorable_until
    assert f"{until:%B %Y}" in told.body


def test_nobody_is_told_of_what_was_taken_back_at_once(cast, run_jobs):
    with no_context(), tenant(cast.acme, cast.alice):
        closing.delete_organization(organization=cast.acme, by=cast.alice)
        closing.restore_organization(organization=cast.acme, by=cast.alice)
    run_jobs()
    assert mail.outbox == []


def test_deleting_twice_is_deleting_once(cast, deleted):
    deleted()
    with no_context(), tenant(cast.acme, cast.alice):
        again = closing.delete_organization(organization=cast.acme, by=cast.alice)
    assert again is False
    assert len(entries(cast.acme, "organization.deleted")) == 1


# C26
def test_an_owner_sees_it_and_brings_it_back_as_it_was(as_alice, as_bob, cast, deleted):
    deleted(days=3)
    page = as_alice.get(LIST).text
    assert "Can be restored until" in page
    answer = as_alice.post(RESTORE, {"organization": cast.acme.pk})
    assert (answer.status_code, answer["Location"]) == (302, "/tasks/")
    assert as_bob.get("/tasks/").wsgi_request.organization == cast.acme
    (entry,) = entries(cast.acme, "organization.undeleted")
    assert entry.actor_id == cast.alice.pk
    assert entry.before["deleted_at"]


@pytest.mark.parametrize(
    ("days", "status"), [(DAYS_RESTORABLE - 1, 302), (DAYS_RESTORABLE + 1, 404)]
)
def test_after_thirty_days_nobody_brings_it_back(as_alice, deleted, days, status):
    organization = deleted(days)
    assert ("Acme" in as_alice.get(LIST).text) is (status == 302)
    answer = as_alice.post(RESTORE, {"organization": organization.pk})
    assert answer.status_code == status
    assert (stored(organization).deleted_at is None) is (status == 302)


# cap 33
@pytest.mark.parametrize("who", ["as_adam", "as_bob", "as_vera", "as_nora"])
def test_only_its_owners_bring_it_back(request, deleted, who):
    client, organization = request.getfixturevalue(who), deleted()
    there = client.post(RESTORE, {"organization": organization.pk})
    missing = client.post(RESTORE, {"organization": uuid.uuid4()})
    assert there.status_code == missing.status_code == 404
    assert there.content == missing.content
    assert stored(organization).deleted_at is not None


def test_a_suspended_owner_brings_nothing_back(cast, sign_in, deleted):
    join(cast.acme, cast.nora, "owner")
    with no_context(), tenant(cast.acme):
        membership = Membership.objects.get(user=cast.nora)
        flows.suspend_member(membership=membership, by=None)
    body = {"organization": deleted().pk}
    assert sign_in(cast.nora).post(RESTORE, body).status_code == 404


@pytest.mark.parametrize("value", ["", "acme", "0" * 5000, "\x00"])
def test_nonsense_is_missing_too(as_alice, deleted, value):
    deleted()
    assert as_alice.post(RESTORE, {"organization": value}).status_code == 404


def test_an_open_organization_cannot_be_restored(as_alice, cast):
    body = {"organization": cast.acme.pk, "slug": "stolen"}
    assert as_alice.post(RESTORE, body).status_code == 404
    assert stored(cast.acme).slug == "acme"


def test_a_stranger_signs_in_first(deleted):
    answer = Client().post(RESTORE, {"organization": deleted().pk})
    assert answer["Location"].startswith("/accounts/login/")


def test_its_address_is_free_for_others_meanwhile(as_nora, deleted):
    deleted()
    answer = as_nora.post("/organizations/new/", {"name": "New", "slug": "acme"})
    assert answer.status_code == 302


def test_where_its_address_is_taken_another_is_asked_for(
    as_alice, as_nora, cast, deleted
):
    deleted()
    as_nora.post("/organizations/new/", {"name": "New", "slug": "acme"})
    page = as_alice.post(RESTORE, {"organization": cast.acme.pk})
    assert page.status_code == 422
    assert "“acme” is taken. “acme-2” is free." in page.text
    body = {"organization": cast.acme.pk, "slug": "acme-again"}
    assert as_alice.post(RESTORE, body).status_code == 302
    assert stored(cast.acme).slug == "acme-again"
    with no_context(), tenant(cast.acme):
        assert FormerAddress.objects.get().slug == "acme"


@pytest.mark.parametrize("slug", ["admin", "a b", "-", "x" * 60, "\x00"])
def test_the_other_address_is_one_that_can_be(as_alice, cast, deleted, slug):
    deleted()
    body = {"organization": cast.acme.pk, "slug": slug}
    assert as_alice.post(RESTORE, body).status_code == 422
    assert stored(cast.acme).deleted_at is not None


def test_an_owner_of_another_sees_nothing_of_it(as_charlie, deleted):
    deleted()
    assert "Acme" not in as_charlie.get(LIST).text
