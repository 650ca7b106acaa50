"""Who is in a team: members of the organization, and for no longer than they are."""

import uuid

import pytest
from django.db import IntegrityError, transaction

from organizations import flows as organization_flows
from organizations.models import Membership
from organizations.teams import flows
from organizations.teams.models import TeamMembership
from organizations.tenancy import as_user, no_context, tenant
from tests.conftest import join, make_user
from tests.history import entries
from tests.teams.conftest import TEAMS
from tests.tenancy.attacks import sql


# cap 27
@pytest.mark.parametrize("who", ["as_alice", "as_adam"])
def test_owners_and_admins_add_members(request, cast, team, member, inside, who):
    made = team()
    body = {"member": member("bob").pk}
    answer = request.getfixturevalue(who).post(f"{TEAMS}{made.pk}/add/", body)
    assert answer.status_code == 302
    assert inside(made) == ["Bob"]
    (entry,) = entries(cast.acme, "team.member_added")
    assert entry.after == {"user": str(cast.bob.pk), "name": "Bob Example"}


def test_adding_twice_is_adding_once(as_alice, cast, team, member, inside):
    made = team()
    for _time in range(2):
        as_alice.post(f"{TEAMS}{made.pk}/add/", {"member": member("bob").pk})
    assert inside(made) == ["Bob"]
    assert len(entries(cast.acme, "team.member_added")) == 1


# C16
@pytest.mark.parametrize("whom", ["foreign", "missing", "", "x" * 5_000, "\x00"])
def test_only_members_of_the_organization_can_be_added(
    as_alice, cast, team, member, inside, whom
):
    made = team()
    keys = {"foreign": member("charlie", "globex").pk, "missing": uuid.uuid4()}
    body = {"member": keys.get(whom, whom)}
    page = as_alice.post(f"{TEAMS}{made.pk}/add/", body, follow=True)
    assert "is no member of Acme" in page.text
    assert inside(made) == []


def test_members_outside_the_team_are_offered(as_alice, team):
    made = team("Workshop", "bob")
    page = as_alice.get(f"{TEAMS}{made.pk}/").text
    assert "Add Vera Example" in page
    assert "Add Bob Example" not in page
    assert "Charlie" not in page


def test_who_is_offered_can_be_looked_for(as_alice, team):
    page = as_alice.get(f"{TEAMS}{team().pk}/", {"q": "vera@"}).text
    assert "Add Vera Example" in page
    assert "Add Bob Example" not in page
    nobody = as_alice.get(f"{TEAMS}{team('B').pk}/", {"q": "zzz"}).text
    assert "No member outside this team" in nobody


def test_a_large_team_is_shown_by_pages(as_alice, cast, team):
    made = team()
    with no_context():
        people = [make_user(f"p{number:02}") for number in range(51)]
    for user in people:
        row = join(cast.acme, user, "member")
        with no_context(), tenant(cast.acme):
            flows.add_to_team(team=made, member=row, by=None)
    first = as_alice.get(f"{TEAMS}{made.pk}/")
    assert "P49 Example" in first.text
    assert "Take P50 Example out" not in first.text
    after = first.context["after"]
    assert (
        "Take P50 Example out"
        in as_alice.get(f"{TEAMS}{made.pk}/", {"after": after}).text
    )


def place_of(team):
    with no_context(), tenant(team.organization_id):
        return TeamMembership.objects.filter(team=team).first().pk


def test_somebody_is_taken_out_and_stays_a_member(as_adam, cast, team, member, inside):
    made = team("Workshop", "bob")
    body = {"place": place_of(made)}
    as_adam.post(f"{TEAMS}{made.pk}/take-out/", body)
    assert inside(made) == []
    assert member("bob").role == "member"
    (entry,) = entries(cast.acme, "team.member_removed")
    assert entry.after["name"] == "Bob Example"


def test_nobody_is_taken_out_through_another_team(as_adam, team, inside):
    made, other = team("Workshop", "bob"), team("Bench", "vera")
    foreign = team("Workshop", "charlie", home="globex")
    for place in (place_of(other), place_of(foreign), uuid.uuid4(), "", "\x00"):
        as_adam.post(f"{TEAMS}{made.pk}/take-out/", {"place": place})
    assert (inside(made), inside(other), inside(foreign)) == (
        ["Bob"],
        ["Vera"],
        ["Charlie"],
    )


# C16
@pytest.mark.parametrize("way", ["leave", "remove_member"])
def test_whoever_leaves_the_organization_leaves_its_teams(cast, team, inside, way):
    made = team("Workshop", "bob", "vera")
    with no_context(), tenant(cast.acme, cast.bob):
        row = Membership.objects.select_related("user").get(user=cast.bob)
        if way == "leave":
            organization_flows.leave(membership=row)
        else:
            organization_flows.remove_member(membership=row, by=cast.alice)
    assert inside(made) == ["Vera"]


# C16
def test_the_database_refuses_who_is_no_member(cast, team):
    made = team()
    for stranger in (cast.charlie, cast.nora):
        with no_context(), tenant(cast.acme), transaction.atomic():
            with pytest.raises(IntegrityError, match="teams_member_belongs"):
                TeamMembership.objects.create(team=made, user=stranger)


def test_somebody_who_has_just_left_is_not_added(as_alice, cast, team, member):
    made, gone = team(), member("bob")
    with no_context(), tenant(cast.acme):
        gone.user = cast.bob
        organization_flows.remove_member(membership=gone, by=cast.alice)
        with pytest.raises(flows.NotAMember):
            flows.add_to_team(team=made, member=gone, by=cast.alice)


def test_a_suspended_member_stays_in_the_team(cast, team, member, inside):
    made = team("Workshop", "bob")
    with no_context(), tenant(cast.acme):
        row = Membership.objects.select_related("user").get(user=cast.bob)
        organization_flows.suspend_member(membership=row, by=None)
    assert inside(made) == ["Bob"]


# cap 28
def test_people_and_teams_find_each_other(cast, team):
    made = team("Workshop", "bob")
    with no_context(), tenant(cast.acme, cast.alice):
        assert [row.user for row in made.memberships.all()] == [cast.bob]
        assert [row.team for row in cast.bob.team_memberships.all()] == [made]


# cap 34
def test_a_person_without_an_organization_reads_no_team(cast, team):
    team("Workshop", "bob")
    with no_context(), as_user(cast.bob):
        assert sql("SELECT count(*) FROM teams_team") == [(0,)]
        assert sql("SELECT count(*) FROM teams_teammembership") == [(0,)]
