"""The team comes along: found by its name, left empty, or its line left out."""

import pytest

from organizations.audit.models import AuditEntry
from organizations.teams.flows import create_team, edit_team, remove_team, restore_team
from organizations.teams.models import Team
from organizations.tenancy import no_context, tenant
from tasks.imports.mapping import converter
from tasks.imports.texts import Record

MISSING = "There is no such team."
TWO = "Title,Team\nFirst,Workshop\nSecond,\n"


@pytest.fixture
def team(cast):
    """Make a team of an organization, as its owner."""

    def made(name="Workshop", home="acme"):
        owner = {"acme": cast.alice, "globex": cast.charlie}[home]
        with no_context(), tenant(getattr(cast, home), owner):
            return create_team(name=name, by=owner)

    return made


@pytest.fixture
def gone(cast, team):
    """A team in the trash."""
    found = team()
    with no_context(), tenant(cast.acme, cast.alice):
        remove_team(team=found, by=cast.alice)
    return found


def teams_of(board):
    with no_context(), board.inside():
        return [task.team.name if task.team else None for task in board.all()]


def all_teams(board):
    with no_context(), board.inside():
        return set(Team.objects.values_list("name", flat=True))


@pytest.mark.parametrize("word", ["Workshop", "workshop", "WORKSHOP", "  Workshop  "])
def test_a_team_is_found_by_its_name(whole, acme_board, team, word):
    there = team()
    kept = whole(f"Title,Team\nFirst,{word}\n", team="refuse")
    [task] = acme_board.all()
    assert (task.team_id, kept.problems) == (there.pk, [])
    [entry] = acme_board.history(task, "task.created")
    assert entry.after["team"] == "Workshop"


def test_a_name_with_separators_is_one_team(whole, acme_board, team):
    team("Sales; north, 2")
    whole('Title,Team\nFirst,"Sales; north, 2"\n', team="refuse")
    assert teams_of(acme_board) == ["Sales; north, 2"]


@pytest.mark.parametrize("chosen", [{}, {"team": ""}, {"team": "leave"}])
def test_an_unknown_team_is_left_empty(whole, acme_board, chosen):
    kept = whole(TWO, **chosen)
    assert (kept.problems, kept.mapping["team"]) == ([], "leave")
    assert teams_of(acme_board) == [None, None]
    assert all_teams(acme_board) == set()


def test_nothing_is_said_of_a_team_that_was_left_empty(whole, acme_board):
    whole(TWO)
    [entry] = acme_board.history(acme_board.all()[0], "task.created")
    assert "team" not in entry.after


def test_a_line_with_an_unknown_team_can_be_left_out(whole, journey, acme_board):
    kept = whole(TWO, team="refuse")
    assert [task.title for task in acme_board.all()] == ["Second"]
    [problem] = kept.problems
    assert (problem["line"], problem["heading"]) == (2, "Team")
    assert (problem["value"], problem["text"]) == ("Workshop", MISSING)
    assert MISSING in journey.page()


def test_an_import_makes_no_team(whole, acme_board, cast):
    whole(TWO, team="leave")
    with no_context(), acme_board.inside():
        assert not AuditEntry.objects.filter(action="team.created").exists()
    assert all_teams(acme_board) == set()


def test_a_team_in_the_trash_is_unknown(whole, acme_board, gone):
    kept = whole(TWO, team="refuse")
    assert [problem["text"] for problem in kept.problems] == [MISSING]
    whole("Title,Team\nThird,Workshop\n", team="leave")
    assert teams_of(acme_board) == [None, None]


def test_a_team_that_came_back_is_known_again(whole, acme_board, gone, cast):
    with no_context(), tenant(cast.acme, cast.alice):
        restore_team(team=gone, by=cast.alice)
    whole(TWO, team="refuse")
    assert teams_of(acme_board) == ["Workshop", None]


def test_a_team_of_somebody_elses_is_unknown(whole, acme_board, team):
    team("Workshop", home="globex")
    kept = whole(TWO, team="refuse")
    assert [problem["text"] for problem in kept.problems] == [MISSING]


def test_the_team_of_the_same_name_is_ones_own(whole, acme_board, team):
    theirs, ours = team(home="globex"), team()
    whole(TWO)
    assert acme_board.all()[0].team_id == ours.pk != theirs.pk


@pytest.mark.parametrize(
    ("choice", "titles"), [("refuse", ["Second"]), ("leave", ["First", "Second"])]
)
def test_a_team_removed_since_the_check_is_unknown_again(
    journey, run_jobs, acme_board, team, cast, kept, choice, titles
):
    there = team()
    journey.upload(TWO)
    journey.map(team=choice)
    assert kept().good == 2
    journey.start()
    with no_context(), tenant(cast.acme, cast.alice):
        remove_team(team=there, by=cast.alice)
    run_jobs()
    assert [task.title for task in acme_board.all()] == titles
    assert set(teams_of(acme_board)) == {None}


def test_a_team_renamed_since_the_check_goes_by_its_new_name(
    journey, run_jobs, acme_board, team, cast
):
    there = team("Old")
    journey.upload("Title,Team\nFirst,New\nSecond,Old\n")
    journey.map(team="leave")
    journey.start()
    with no_context(), tenant(cast.acme, cast.alice):
        edit_team(team=there, by=cast.alice, name="New")
    run_jobs()
    assert teams_of(acme_board) == ["New", None]


def test_another_choice_is_refused(journey, kept):
    journey.upload(TWO)
    answer = journey.map(team="make")
    assert answer.status_code == 422
    assert "make is not one of the available choices" in answer.text
    assert (kept().state, kept().mapping) == ("uploaded", {})


def test_the_page_asks_what_is_done_with_other_teams(journey):
    journey.upload(TWO)
    page = journey.client.get(journey.at("columns/"))
    assert "A team that is none of ours" in page.text
    assert page.context["form"]["team"].value() == "leave"


def test_the_choice_is_recorded(journey, entries):
    journey.upload(TWO)
    journey.map(team="refuse", labels="refuse")
    mapped = entries()[-1]
    assert mapped.before == {"mapping": {}}
    assert mapped.after["mapping"]["team"] == "refuse"
    assert mapped.after["mapping"]["labels"] == "refuse"
    journey.map(team="leave", labels="refuse")
    assert entries()[-1].before["mapping"]["team"] == "refuse"
    assert entries()[-1].after["mapping"]["team"] == "leave"


@pytest.mark.parametrize("name", ["x" * 5_000, "\u202e", "=1+1", "%s", "é" * 81])
def test_names_that_no_team_has_are_unknown(whole, acme_board, name):
    kept = whole(f"Title,Team\nFirst,{name}\nSecond,\n", team="refuse")
    [problem] = kept.problems
    assert problem["text"] == MISSING
    assert problem["value"] == name[:200]


@pytest.mark.parametrize("count", [0, 1, 50])
def test_what_reads_a_file_asks_once_for_teams_and_labels(
    cast, team, django_assert_num_queries, count
):
    for number in range(count):
        team(f"Team {number}")
    mapping = {"columns": {"title": 0, "team": 1, "labels": 2}}
    shape = {"headings": ["Title", "Team", "Labels"]}
    # Members, teams, labels.
    with no_context(), tenant(cast.acme, cast.bob), django_assert_num_queries(3):
        found = converter(shape, mapping)
    assert len({row.pk for row in found.choices.teams.values()}) == count


def test_a_file_without_them_asks_for_neither(cast, django_assert_num_queries):
    mapping, shape = {"columns": {"title": 0}}, {"headings": ["Title"]}
    with no_context(), tenant(cast.acme, cast.bob), django_assert_num_queries(1):
        assert converter(shape, mapping).choices.teams == {}


def test_a_mapping_from_before_reads_as_it_did(cast):
    mapping = {"columns": {"title": 0, "status": 1}, "status": "leave"}
    shape = {"headings": ["Title", "Status"]}
    with no_context(), tenant(cast.acme, cast.bob):
        values, problems = converter(shape, mapping).draft(Record(2, ["First", "odd"]))
    assert (values, problems) == ({"title": "First", "status": None}, [])
