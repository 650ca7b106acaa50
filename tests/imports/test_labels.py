"""Labels and teams go along where they have the same names."""

import json

import pytest

from organizations.teams.flows import create_team
from organizations.tenancy import no_context, tenant
from tasks.labels.flows import create_label
from tasks.labels.models import TaskLabel
from tests.exports.conftest import EXPORT, body, table
from tests.imports.conftest import Journey


def furnish(organization, owner, *names):
    """Make a team and labels of these names; return them."""
    with no_context(), tenant(organization, owner):
        team = create_team(name="Yard", by=owner)
        found = [create_label(by=owner, name=name, colour="blue") for name in names]
        return team, found


@pytest.fixture
def yard(cast):
    return furnish(cast.acme, cast.alice, "urgent", "red, or so")


def marks(board, task):
    with no_context(), board.inside():
        rows = TaskLabel.objects.filter(task=task).order_by("label__name")
        return list(rows.values_list("label__name", flat=True))


def test_an_export_names_labels_and_team(as_vera, acme_board, yard):
    team, labels = yard
    acme_board.add("Order tyres", team=team, labels=labels)
    acme_board.add("Plain")
    text = body(as_vera.post(EXPORT, {"format": "csv"}))
    first, second = table(text)
    assert (first["labels"], first["team"]) == ("red, or so;urgent", "Yard")
    assert (second["labels"], second["team"]) == ("", "")
    found = json.loads(body(as_vera.post(EXPORT, {"format": "jsonl"})).split("\n")[0])
    assert found["labels"] == ["red, or so", "urgent"]


def test_an_export_holds_to_a_label_and_a_team(as_vera, acme_board, yard):
    team, labels = yard
    acme_board.add("Order tyres", team=team)
    acme_board.add("Order salt", labels=labels)
    by_team = as_vera.post(f"{EXPORT}?team={team.pk}", {"format": "csv"})
    assert [row["title"] for row in table(body(by_team))] == ["Order tyres"]
    by_label = as_vera.post(f"{EXPORT}?label={labels[0].pk}", {"format": "csv"})
    assert [row["title"] for row in table(body(by_label))] == ["Order salt"]


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("urgent", ["urgent"]),
        ("URGENT; urgent", ["urgent"]),
        ("red, or so", ["red, or so"]),
        ("red, or so;urgent", ["red, or so", "urgent"]),
        ("urgent,nowhere", ["urgent"]),
        ("nowhere", []),
        ("", []),
    ],
)
def test_labels_are_found_by_name(whole, acme_board, yard, cell, names):
    kept = whole(f'Title,Tags\nOrder tyres,"{cell}"\n')
    [task] = acme_board.all()
    assert (kept.problems, marks(acme_board, task)) == ([], names)


@pytest.mark.parametrize(("cell", "found"), [("yard", True), ("Shop", False)])
def test_a_team_is_found_by_name(whole, acme_board, yard, cell, found):
    whole(f"Title,Team\nOrder tyres,{cell}\n")
    [task] = acme_board.all()
    assert (task.team_id == yard[0].pk) == found


@pytest.mark.parametrize(
    ("heading", "words"),
    [
        ("Labels", "There is no such label here."),
        ("Team", "There is no such team here."),
    ],
)
def test_unknown_names_can_leave_the_line_out(whole, acme_board, yard, heading, words):
    kept = whole(f"Title,{heading}\nOrder tyres,nowhere\n", names="refuse")
    assert [problem["text"] for problem in kept.problems] == [words]
    assert acme_board.all() == []


def test_labels_of_others_are_never_given(whole, cast, acme_board):
    furnish(cast.globex, cast.charlie, "secret")
    whole("Title,Labels,Team\nOrder tyres,secret,Yard\n")
    [task] = acme_board.all()
    assert (marks(acme_board, task), task.team_id) == ([], None)


def test_labels_and_team_come_back(
    as_alice, as_charlie, cast, acme_board, globex_board, yard, kept, run_jobs
):
    there, _labels = furnish(cast.globex, cast.charlie, "urgent", "red, or so")
    acme_board.add("Order tyres", team=yard[0], labels=yard[1])
    journey = Journey(as_charlie, lambda: kept("globex"))
    journey.upload(body(as_alice.post(EXPORT, {"format": "csv"})))
    journey.map(names="refuse")
    journey.start()
    run_jobs()
    [task] = globex_board.all()
    assert task.team_id == there.pk
    assert marks(globex_board, task) == ["red, or so", "urgent"]
