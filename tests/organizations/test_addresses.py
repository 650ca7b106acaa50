"""An organization's address leads there, and so do those it had before."""

from datetime import timedelta
from threading import Thread

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from organizations import flows
from organizations.addresses import DAYS_KEPT
from organizations.models import FormerAddress, Organization
from organizations.tenancy import as_user, no_context, tenant
from tests.conftest import gather, join
from tests.history import entries

SETTINGS = "/organizations/settings/"
FACTS = {"name": "Acme", "slug": "acme", "task_prefix": "ACME"}


def move(client, slug):
    return client.post(SETTINGS, FACTS | {"slug": slug})


def former(organization):
    with no_context(), tenant(organization):
        return list(FormerAddress.objects.values_list("slug", flat=True))


def age(organization, days):
    """Make an organization's former addresses older."""
    with no_context(), tenant(organization):
        moment = timezone.now() - timedelta(days=days)
        FormerAddress.objects.update(left_at=moment)


# cap 17
def test_the_address_enters_the_organization(cast, sign_in):
    join(cast.globex, cast.bob, "viewer")
    client = sign_in(cast.bob, cast.acme)
    answer = client.get("/o/globex/")
    assert (answer.status_code, answer["Location"]) == (302, "/tasks/")
    assert client.get("/tasks/").wsgi_request.organization == cast.globex


@pytest.mark.parametrize("slug", ["ACME", "Acme", "acme"])
def test_capitals_lead_there_too(as_bob, slug):
    assert as_bob.get(f"/o/{slug}/").status_code == 302


def test_a_stranger_signs_in_first_and_comes_back():
    answer = Client().get("/o/acme/")
    assert answer["Location"] == "/accounts/login/?next=/o/acme/"


# cap 31
def test_foreign_and_missing_addresses_answer_alike(as_charlie, cast):
    foreign, missing = as_charlie.get("/o/acme/"), as_charlie.get("/o/nowhere/")
    assert foreign.status_code == missing.status_code == 404
    assert foreign.content == missing.content
    assert as_charlie.get("/tasks/").wsgi_request.organization == cast.globex


# cap 31
def test_foreign_former_addresses_are_missing_too(as_alice, as_charlie, cast):
    move(as_alice, "acme-works")
    foreign, missing = as_charlie.get("/o/acme/"), as_charlie.get("/o/nowhere/")
    assert foreign.status_code == missing.status_code == 404
    assert foreign.content == missing.content


@pytest.mark.parametrize("slug", ["x" * 3_000, "a_b", "-", "1e9", "%E2%80%AE"])
def test_strange_addresses_are_missing(as_bob, slug):
    assert as_bob.get(f"/o/{slug}/").status_code == 404


def test_a_suspended_member_does_not_come_in(as_bob, cast):
    with no_context(), tenant(cast.acme):
        membership = cast.acme.memberships.get(user=cast.bob)
        flows.suspend_member(membership=membership, by=None)
    assert as_bob.get("/o/acme/").status_code == 404


# C9
def test_a_former_address_leads_to_the_present_one_for_good(as_alice, as_bob, cast):
    move(as_alice, "acme-works")
    answer = as_bob.get("/o/acme/")
    assert (answer.status_code, answer["Location"]) == (301, "/o/acme-works/")
    assert as_bob.get("/o/acme/", follow=True).wsgi_request.organization == cast.acme


def test_every_address_it_ever_had_leads_there(as_alice, cast):
    for slug in ("acme-two", "acme-three", "acme-four"):
        move(as_alice, slug)
    for slug in ("acme", "acme-two", "acme-three"):
        assert as_alice.get(f"/o/{slug}/")["Location"] == "/o/acme-four/"
    page = as_alice.get(SETTINGS).text
    assert "acme-three, acme-two, acme." in page


def test_a_former_address_leads_there_from_another_organization(cast, sign_in):
    join(cast.globex, cast.alice, "viewer")
    move(sign_in(cast.alice, cast.acme), "acme-works")
    inside_globex = sign_in(cast.alice, cast.globex)
    assert inside_globex.get("/o/acme/")["Location"] == "/o/acme-works/"


def test_taking_ones_own_address_back_is_allowed(as_alice, cast):
    move(as_alice, "acme-works")
    assert move(as_alice, "acme").status_code == 302
    assert former(cast.acme) == ["acme-works"]
    assert as_alice.get("/o/acme/").status_code == 302


def test_a_change_without_the_address_leaves_none_behind(as_alice, cast):
    as_alice.post(SETTINGS, FACTS | {"name": "Acme Works"})
    assert former(cast.acme) == []


def test_a_former_address_is_taken_for_others(as_alice, as_charlie, cast):
    move(as_alice, "acme-works")
    facts = {"name": "Globex", "slug": "acme", "task_prefix": "GLO"}
    answer = as_charlie.post(SETTINGS, facts)
    assert answer.status_code == 422
    assert "“acme” is taken. “acme-2” is free." in answer.text
    assert entries(cast.globex, "organization.changed") == []


def test_a_new_organization_does_not_get_it_either(as_alice, as_nora):
    move(as_alice, "acme-works")
    answer = as_nora.post("/organizations/new/", {"name": "Acme", "slug": "acme"})
    assert answer.status_code == 422
    made = as_nora.post("/organizations/new/", {"name": "Acme"}, follow=True)
    assert made.wsgi_request.organization.slug == "acme-2"


@pytest.mark.parametrize(
    ("days", "status"), [(DAYS_KEPT - 1, 422), (DAYS_KEPT + 1, 302)]
)
def test_after_ninety_days_it_is_free_again(as_alice, as_charlie, cast, days, status):
    move(as_alice, "acme-works")
    age(cast.acme, days)
    facts = {"name": "Globex", "slug": "acme", "task_prefix": "GLO"}
    assert as_charlie.post(SETTINGS, facts).status_code == status


def test_a_present_address_comes_before_a_former_one(cast, sign_in):
    join(cast.globex, cast.alice, "admin")
    client = sign_in(cast.alice, cast.acme)
    move(client, "acme-works")
    age(cast.acme, DAYS_KEPT + 1)
    with no_context(), tenant(cast.globex, cast.charlie):
        flows.edit_organization(organization=cast.globex, by=cast.charlie, slug="acme")
    client.get("/o/acme/")
    assert client.get("/tasks/").wsgi_request.organization == cast.globex


def test_words_of_our_own_stay_reserved(as_alice):
    for word in ("admin", "settings", "organizations"):
        assert move(as_alice, word).status_code == 422


# cap 34
def test_a_person_reads_the_former_addresses_of_own_organizations_only(cast, as_alice):
    move(as_alice, "acme-works")
    for person, seen in ((cast.bob, 1), (cast.charlie, 0), (cast.nora, 0)):
        with no_context(), as_user(person):
            assert FormerAddress.own.count() == seen
    with no_context(), tenant(cast.globex, cast.charlie):
        assert FormerAddress.own.count() == 0


@pytest.mark.django_db(transaction=True)
def test_an_address_left_and_wanted_at_once_is_kept():
    """The taker waits for whoever leaves it, and then looks."""
    people, answers = gather(), []

    def take():
        try:
            with tenant(people.globex, people.charlie):
                flows.edit_organization(
                    organization=people.globex, by=people.charlie, slug="acme"
                )
        except flows.SlugTaken as taken:
            answers.append(str(taken))
        finally:
            connection.close()

    taker = Thread(target=take)
    with tenant(people.acme, people.alice), transaction.atomic():
        flows.edit_organization(
            organization=people.acme, by=people.alice, slug="acme-works"
        )
        taker.start()
        taker.join(timeout=0.4)
        assert taker.is_alive()
    taker.join()
    assert answers == ["acme"]
    for organization, slug in ((people.acme, "acme-works"), (people.globex, "globex")):
        with no_context(), tenant(organization):
            assert Organization.objects.get(pk=organization.pk).slug == slug
