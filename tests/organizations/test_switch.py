import uuid

import pytest

from accounts.sessions import ORGANIZATION_KEY
from organizations import flows
from organizations.models import LastOrganization, Membership
from organizations.tenancy import as_user, identity, no_context, tenant
from tests.conftest import join

SWITCH = "/organizations/switch/"
LIST = "/organizations/"
PAGE = "/organizations/members/"


def name_in(session, value):
    with identity():
        session[ORGANIZATION_KEY] = value
        session.save()


def suspend(organization, user):
    with no_context(), tenant(organization):
        membership = Membership.objects.get(user=user)
        flows.suspend_member(membership=membership, by=None)


def close(organization):
    with no_context(), tenant(organization):
        organization.is_active = False
        organization.save(update_fields=["is_active"])


# cap 12, 20
def test_switching_enters_the_other_organization(as_bob, cast):
    join(cast.globex, cast.bob, "viewer")
    answer = as_bob.post(SWITCH, {"organization": cast.globex.pk})
    assert (answer.status_code, answer["Location"]) == (302, "/tasks/")
    request = as_bob.get(PAGE).wsgi_request
    assert (request.organization, request.membership.role) == (cast.globex, "viewer")
    assert "tasks.edit" not in request.abilities


# cap 12
def test_the_session_row_names_the_active_organization(as_bob, cast):
    join(cast.globex, cast.bob, "viewer")
    as_bob.post(SWITCH, {"organization": cast.globex.pk})
    with identity():
        assert cast.bob.sessions.get().organization_id == cast.globex.pk


def test_switching_is_remembered_for_the_next_sign_in(as_bob, cast, sign_in):
    join(cast.globex, cast.bob, "viewer")
    as_bob.post(SWITCH, {"organization": cast.globex.pk})
    elsewhere = sign_in(cast.bob)
    assert elsewhere.get(PAGE).wsgi_request.organization == cast.globex


def test_switching_twice_keeps_one_memory(as_bob, cast):
    join(cast.globex, cast.bob, "viewer")
    for organization in (cast.globex, cast.acme, cast.globex):
        as_bob.post(SWITCH, {"organization": organization.pk})
    with no_context(), as_user(cast.bob):
        assert LastOrganization.objects.get().organization_id == cast.globex.pk


def test_foreign_and_missing_organizations_answer_alike(as_bob, cast):
    foreign = as_bob.post(SWITCH, {"organization": cast.globex.pk})
    missing = as_bob.post(SWITCH, {"organization": uuid.uuid4()})
    assert foreign.status_code == missing.status_code == 404
    assert foreign.content == missing.content
    assert as_bob.get(PAGE).wsgi_request.organization == cast.acme


@pytest.mark.parametrize("value", ["", "acme", "0" * 5000, "\x00"])
def test_nonsense_is_missing_too(as_bob, value):
    assert as_bob.post(SWITCH, {"organization": value}).status_code == 404


@pytest.mark.parametrize(
    "shut", [suspend, lambda organization, user: close(organization)]
)
def test_a_closed_door_cannot_be_switched_to(as_bob, cast, shut):
    join(cast.globex, cast.bob, "member")
    shut(cast.globex, cast.bob)
    assert as_bob.post(SWITCH, {"organization": cast.globex.pk}).status_code == 404


# robustness: a session naming another's organization enters none
@pytest.mark.parametrize("which", ["foreign", "missing"])
def test_a_tampered_session_enters_nothing(as_bob, cast, which):
    named = {"foreign": cast.globex.pk, "missing": uuid.uuid4()}[which]
    name_in(as_bob.session, str(named))
    answer = as_bob.get(PAGE)
    assert (answer.status_code, answer["Location"]) == (302, LIST)
    assert answer.wsgi_request.organization is None
    assert answer.wsgi_request.abilities == frozenset()


@pytest.mark.parametrize(
    "shut", [suspend, lambda organization, user: close(organization)]
)
def test_a_door_closed_during_the_session_shuts_at_once(as_bob, cast, shut):
    shut(cast.acme, cast.bob)
    assert as_bob.get(PAGE)["Location"] == LIST


def test_a_removed_member_is_out_at_once(as_bob, cast):
    with no_context(), tenant(cast.acme):
        membership = Membership.objects.get(user=cast.bob)
        flows.remove_member(membership=membership, by=cast.alice)
    assert as_bob.get(PAGE)["Location"] == LIST
    assert "You are not in an organization yet" in as_bob.get(LIST).text


def test_a_closed_organization_is_never_swapped_for_another(as_bob, cast):
    join(cast.globex, cast.bob, "member")
    suspend(cast.acme, cast.bob)
    assert as_bob.get(PAGE).wsgi_request.organization is None


def test_without_a_choice_the_first_open_organization_is_entered(cast, sign_in):
    join(cast.globex, cast.bob, "member")
    suspend(cast.acme, cast.bob)
    assert sign_in(cast.bob).get(PAGE).wsgi_request.organization == cast.globex


def test_the_last_organization_is_not_entered_once_closed(cast, sign_in):
    join(cast.globex, cast.bob, "member")
    with no_context():
        flows.remember_organization(user=cast.bob, organization=cast.globex)
    suspend(cast.globex, cast.bob)
    assert sign_in(cast.bob).get(PAGE).wsgi_request.organization == cast.acme


def test_looking_writes_nothing(cast, sign_in, django_assert_num_queries):
    client = sign_in(cast.bob)
    # Session, memberships, and what could be restored.
    with django_assert_num_queries(3) as asked:
        client.get(LIST)
    assert {query["sql"].lstrip()[:6] for query in asked.captured_queries} == {"SELECT"}


# cap 40
def test_a_deleted_organization_is_not_listed(as_bob, cast):
    from django.utils import timezone

    with no_context(), tenant(cast.acme):
        cast.acme.deleted_at = timezone.now()
        cast.acme.save(update_fields=["deleted_at"])
    assert "Acme" not in as_bob.get(LIST).text


def test_the_list_says_which_role_and_which_is_closed(as_bob, cast):
    join(cast.globex, cast.bob, "viewer")
    suspend(cast.globex, cast.bob)
    page = as_bob.get(LIST).text
    assert "You are here" in page
    assert "Your place here is suspended" in page
    assert f'value="{cast.globex.pk}"' not in page


def test_the_list_says_when_an_organization_is_suspended(as_bob, cast):
    close(cast.acme)
    assert "This organization is suspended" in as_bob.get(LIST).text


def test_people_without_an_organization_are_shown_the_way(as_nora):
    assert as_nora.get(PAGE)["Location"] == LIST
    page = as_nora.get(LIST).text
    assert "You are not in an organization yet" in page
    assert 'href="/organizations/new/"' in page


def test_the_list_costs_the_same_with_fifty_organizations(
    cast, sign_in, django_assert_num_queries
):
    for number in range(50):
        flows.create_organization(user=cast.nora, name=f"House {number}")
    client = sign_in(cast.nora)
    with django_assert_num_queries(3):
        page = client.get(LIST)
    assert page.text.count("House ") >= 50


# cap 28
def test_people_and_organizations_find_each_other(cast):
    with no_context(), tenant(cast.acme, cast.alice):
        names = {one.user.first_name for one in cast.acme.memberships.all()}
        assert [one.organization for one in cast.alice.memberships.all()] == [cast.acme]
    assert names == {"Alice", "Adam", "Bob", "Vera"}


def test_a_strangers_landing_page_is_public(client, db):
    page = client.get("/")
    assert page.status_code == 200
    assert 'href="/accounts/signup/"' in page.text
    assert 'href="/accounts/login/"' in page.text


def test_the_landing_page_leads_members_to_their_tasks(as_bob):
    assert as_bob.get("/")["Location"] == "/tasks/"


def test_account_pages_run_as_identity_and_still_know_the_organization(as_bob, cast):
    request = as_bob.get("/accounts/password/change/").wsgi_request
    assert request.organization == cast.acme
