"""Invited into a team, and with the role that the organization gives newcomers."""

import pytest

from organizations.models import Membership, Organization
from organizations.teams.flows import create_team, remove_team
from organizations.teams.models import TeamMembership
from organizations.tenancy import no_context, tenant
from tests.history import entries
from tests.invitations.conftest import INVITATIONS, LINK, NEW, of_acme


@pytest.fixture
def team(cast):
    with no_context(), tenant(cast.acme, cast.alice):
        return create_team(name="Workshop", by=cast.alice)


def in_team(cast, team):
    with no_context(), tenant(cast.acme):
        rows = TeamMembership.objects.filter(team=team)
        return set(rows.values_list("user_id", flat=True))


# cap 25
def test_who_is_invited_into_a_team_joins_it(
    as_alice, as_nora, mailed, cast, team, run_jobs
):
    from django.core import mail

    from tests.invitations.conftest import ADDRESS

    values = {"addresses": "nora@example.com", "role": "member", "team": str(team.pk)}
    assert as_alice.post(NEW, values).status_code == 302
    assert "Workshop" in as_alice.get(INVITATIONS).text
    run_jobs()
    where = ADDRESS.search(mail.outbox[-1].body)[0]
    as_nora.post(where + "accept/")
    assert in_team(cast, team) == {cast.nora.pk}
    assert entries(cast.acme, "invitation.sent")[0].after["team"] == "Workshop"
    (entry,) = entries(cast.acme, "team.member_added")
    assert entry.actor_id == cast.nora.pk


def test_a_link_leads_into_a_team(made_link, as_nora, cast, team):
    where = made_link(team=str(team.pk))
    as_nora.post(where + "accept/")
    assert in_team(cast, team) == {cast.nora.pk}


def test_a_removed_team_takes_nobody(made_link, as_nora, cast, team):
    where = made_link(team=str(team.pk))
    with no_context(), tenant(cast.acme, cast.alice):
        remove_team(team=team, by=cast.alice)
    assert as_nora.post(where + "accept/").status_code == 302
    assert in_team(cast, team) == set()
    with no_context(), tenant(cast.acme):
        assert Membership.objects.filter(user=cast.nora).exists()


@pytest.mark.parametrize("path", [NEW, LINK])
def test_without_teams_none_is_offered(as_alice, path):
    assert 'name="team"' not in as_alice.get(path).text


@pytest.mark.parametrize("path", [NEW, LINK])
def test_another_organizations_team_is_none(as_charlie, as_alice, cast, team, path):
    with no_context(), tenant(cast.globex, cast.charlie):
        create_team(name="Theirs", by=cast.charlie)
    assert "Theirs" not in as_alice.get(path).text
    assert "Workshop" not in as_charlie.get(path).text
    values = {"addresses": "a@example.com", "role": "member", "days": "7"}
    answer = as_charlie.post(path, values | {"team": str(team.pk)})
    assert answer.status_code == 422
    assert "There is no such team." in answer.text
    assert of_acme(cast) == []


@pytest.mark.parametrize("value", ["x", "\0", "9" * 40])
def test_an_odd_team_is_none(as_alice, cast, team, value):
    values = {"addresses": "a@example.com", "role": "member", "team": value}
    assert as_alice.post(NEW, values).status_code in {400, 422}
    assert of_acme(cast) == []


@pytest.mark.parametrize("path", [NEW, LINK])
def test_the_role_of_newcomers_is_offered_first(as_alice, cast, path):
    with no_context(), tenant(cast.acme):
        rows = Organization.objects.filter(pk=cast.acme.pk)
        rows.update(joining_role="viewer")
    page = as_alice.get(path)
    assert page.context["form"]["role"].value() == "viewer"


def test_a_new_domain_begins_with_the_role_of_newcomers(as_alice, cast):
    from organizations.domains.models import OrganizationDomain

    with no_context(), tenant(cast.acme):
        rows = Organization.objects.filter(pk=cast.acme.pk)
        rows.update(joining_role="viewer")
    as_alice.post("/organizations/domains/new/", {"domain": "acme.example"})
    with no_context(), tenant(cast.acme):
        assert OrganizationDomain.objects.get().role == "viewer"
