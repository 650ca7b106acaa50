"""The team that is worked in: one per browser, until something ends it."""

import uuid

import pytest

from accounts.models import Session
from organizations.teams import flows
from organizations.teams.active import active_team
from organizations.tenancy import identity, no_context, tenant
from tests.conftest import join
from tests.teams.conftest import TEAMS


def stored(user):
    with no_context(), identity():
        return Session.objects.get(user=user).active_team_id


def work(client, team):
    return client.post(f"{TEAMS}{team.pk}/choose/")


# cap 13
def test_a_team_is_chosen_for_the_session(as_bob, cast, team):
    made = team("Workshop", "bob")
    assert work(as_bob, made).status_code == 302
    assert stored(cast.bob) == made.pk
    assert "You work here" in as_bob.get(TEAMS).text
    assert "You work in this team" in as_bob.get(f"{TEAMS}{made.pk}/").text


def test_it_ends_when_one_says_so(as_bob, cast, team):
    work(as_bob, team("Workshop", "bob"))
    as_bob.post(TEAMS + "rest/")
    assert stored(cast.bob) is None
    assert "You work here" not in as_bob.get(TEAMS).text


# cap 13
@pytest.mark.parametrize("way", ["switch", "address"])
def test_switching_the_organization_ends_it(as_bob, cast, team, way):
    join(cast.globex, cast.bob, "viewer")
    work(as_bob, team("Workshop", "bob"))
    if way == "switch":
        body = {"organization": cast.globex.pk}
        as_bob.post("/organizations/switch/", body)
    else:
        as_bob.get("/o/globex/")
    assert stored(cast.bob) is None


def test_only_ones_own_team_can_be_chosen(as_bob, cast, team):
    there = work(as_bob, team("Workshop", "vera"))
    missing = as_bob.post(f"{TEAMS}{uuid.uuid4()}/choose/")
    assert there.status_code == missing.status_code == 404
    assert there.content == missing.content
    assert stored(cast.bob) is None


@pytest.mark.parametrize("end", [flows.remove_team, flows.take_from_team])
def test_it_ends_with_the_place_in_the_team(as_bob, cast, team, end):
    made = team("Workshop", "bob")
    work(as_bob, made)
    more = {"user": cast.bob} if end is flows.take_from_team else {}
    with no_context(), tenant(cast.acme):
        end(team=made, by=None, **more)
    request = as_bob.get(TEAMS).wsgi_request
    with no_context(), tenant(cast.acme, cast.bob):
        assert active_team(request) is None
    assert "You work here" not in as_bob.get(TEAMS).text


def test_another_browser_has_its_own(as_bob, cast, team, sign_in):
    work(as_bob, team("Workshop", "bob"))
    other = sign_in(cast.bob, cast.acme)
    assert "You work here" not in other.get(TEAMS).text
