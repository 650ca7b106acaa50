"""Making, renaming, removing teams and bringing them back."""

import uuid

import pytest
from django.db import IntegrityError, transaction

from organizations.teams.models import Team
from organizations.tenancy import no_context, tenant
from tests.history import entries
from tests.teams.conftest import TEAMS


def all_teams(cast, home="acme"):
    with no_context(), tenant(getattr(cast, home)):
        return list(Team.objects.all())


# cap 26
@pytest.mark.parametrize("who", ["as_alice", "as_adam"])
def test_owners_and_admins_make_a_team(request, cast, who):
    values = {"name": "Workshop", "description": "Everybody at the benches"}
    answer = request.getfixturevalue(who).post(TEAMS + "new/", values)
    (made,) = all_teams(cast)
    assert (answer.status_code, answer["Location"]) == (302, f"{TEAMS}{made.pk}/")
    assert (made.name, made.description) == ("Workshop", "Everybody at the benches")
    (entry,) = entries(cast.acme, "team.created")
    assert (entry.target_id, entry.after["name"]) == (str(made.pk), "Workshop")


# cap 33
@pytest.mark.parametrize("who", ["as_bob", "as_vera"])
@pytest.mark.parametrize("verb", ["edit", "delete", "restore", "add", "take-out"])
def test_members_and_viewers_change_no_team(request, team, fresh, who, verb):
    client, made = request.getfixturevalue(who), team()
    answer = client.post(f"{TEAMS}{made.pk}/{verb}/", {"name": "Mine"})
    assert answer.status_code == 403
    assert "change teams" in answer.text
    assert client.post(TEAMS + "new/", {"name": "Mine"}).status_code == 403
    assert (fresh(made).name, fresh(made).deleted_at) == ("Workshop", None)


@pytest.mark.parametrize("who", ["as_alice", "as_bob", "as_vera"])
def test_everybody_sees_teams_and_who_is_in_them(request, team, who):
    made = team("Workshop", "bob", "vera")
    client = request.getfixturevalue(who)
    assert "2 people" in client.get(TEAMS).text
    page = client.get(f"{TEAMS}{made.pk}/").text
    assert "bob@example.com" in page
    assert ("Take out" in page) is (who == "as_alice")


def test_a_page_without_teams_says_so(as_alice, as_vera):
    assert "New team" in as_alice.get(TEAMS).text
    words = "To change teams you need the role Owner or Admin."
    assert words in as_vera.get(TEAMS).text


def test_a_name_is_an_organizations_only_one(as_alice, team, cast):
    team("Workshop", home="globex")
    assert as_alice.post(TEAMS + "new/", {"name": "Workshop"}).status_code == 302
    page = as_alice.post(TEAMS + "new/", {"name": "WORKSHOP"})
    assert page.status_code == 422
    assert "There is a team called “WORKSHOP”" in page.text
    assert len(all_teams(cast)) == 1


@pytest.mark.parametrize("name", ["", " ", "\u200b", "x" * 81, "\x00", "a\nb"])
def test_a_team_needs_a_name_that_can_be_read(as_alice, cast, name):
    assert as_alice.post(TEAMS + "new/", {"name": name}).status_code == 422
    assert all_teams(cast) == []


def test_a_team_is_renamed_and_recorded(as_adam, cast, team, fresh):
    made = team()
    values = {"name": "Bench", "description": ""}
    answer = as_adam.post(f"{TEAMS}{made.pk}/edit/", values)
    assert answer.status_code == 302
    assert fresh(made).name == "Bench"
    (entry,) = entries(cast.acme, "team.changed")
    assert (entry.before, entry.after) == ({"name": "Workshop"}, {"name": "Bench"})


def test_saving_the_same_records_nothing(as_adam, cast, team):
    made = team()
    as_adam.post(f"{TEAMS}{made.pk}/edit/", {"name": "Workshop"})
    assert entries(cast.acme, "team.changed") == []


def test_a_team_is_not_renamed_to_another_ones_name(as_adam, team, fresh):
    made, _other = team(), team("Bench")
    page = as_adam.post(f"{TEAMS}{made.pk}/edit/", {"name": "bench"})
    assert page.status_code == 422
    assert fresh(made).name == "Workshop"


# cap 40
def test_a_removed_team_can_be_brought_back_as_it_was(
    as_alice, cast, team, fresh, inside
):
    made = team("Workshop", "bob")
    page = as_alice.post(f"{TEAMS}{made.pk}/delete/", follow=True)
    assert "Workshop is removed" in page.text
    assert f"{TEAMS}{made.pk}/restore/" in page.text
    assert all_teams(cast) == []
    as_alice.post(f"{TEAMS}{made.pk}/restore/")
    assert fresh(made).deleted_at is None
    assert inside(made) == ["Bob"]
    assert len(entries(cast.acme, "team.removed")) == 1
    assert len(entries(cast.acme, "team.restored")) == 1


def test_removing_says_what_happens(as_alice, team):
    page = as_alice.get(f"{TEAMS}{team().pk}/edit/").text
    assert "Its people stay members" in page


def test_a_removed_team_answers_like_a_missing_one(as_alice, team):
    made = team()
    as_alice.post(f"{TEAMS}{made.pk}/delete/")
    there, missing = (as_alice.get(f"{TEAMS}{key}/") for key in (made.pk, uuid.uuid4()))
    assert there.status_code == missing.status_code == 404
    assert there.content == missing.content


def test_a_name_taken_meanwhile_keeps_a_team_away(as_alice, cast, team, fresh):
    made = team()
    as_alice.post(f"{TEAMS}{made.pk}/delete/")
    as_alice.post(TEAMS + "new/", {"name": "Workshop"})
    page = as_alice.post(f"{TEAMS}{made.pk}/restore/", follow=True)
    assert "another team called Workshop" in page.text
    assert fresh(made).deleted_at is not None
    assert entries(cast.acme, "team.restored") == []


def test_removing_twice_is_removing_once(as_alice, cast, team):
    made = team()
    as_alice.post(f"{TEAMS}{made.pk}/delete/")
    assert as_alice.post(f"{TEAMS}{made.pk}/delete/").status_code == 404
    assert len(entries(cast.acme, "team.removed")) == 1


# cap 31
@pytest.mark.parametrize(
    ("verb", "values"),
    [("edit", {"name": "Mine"}), ("delete", {}), ("restore", {}), ("choose", {})],
)
def test_a_foreign_team_is_a_missing_one(as_alice, team, fresh, verb, values):
    made = team("Workshop", "charlie", home="globex")
    foreign = as_alice.post(f"{TEAMS}{made.pk}/{verb}/", values)
    missing = as_alice.post(f"{TEAMS}{uuid.uuid4()}/{verb}/", values)
    assert foreign.status_code == missing.status_code == 404
    assert foreign.content == missing.content
    assert (fresh(made).name, fresh(made).deleted_at) == ("Workshop", None)


def test_the_database_refuses_a_second_team_of_a_name(cast, team):
    team()
    with no_context(), tenant(cast.acme), transaction.atomic():
        with pytest.raises(IntegrityError, match="teams_name_uniq"):
            Team.objects.create(name="workshop")


def test_the_list_costs_the_same_with_many_teams(
    as_bob, team, django_assert_num_queries
):
    for number in range(20):
        team(f"Team {number}", "bob", "vera")
    with django_assert_num_queries(3):
        page = as_bob.get(TEAMS)
    assert page.text.count("2 people") == 20
