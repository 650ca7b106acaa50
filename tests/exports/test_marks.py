"""Labels and teams of tasks in the file, and that they come back from it."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from organizations.audit.models import AuditEntry
from organizations.forms import can_be_seen
from organizations.teams.flows import remove_team
from organizations.teams.models import Team
from organizations.tenancy import no_context, tenant
from tasks.exports.rows import batches, last_number
from tasks.flows import create_tasks
from tasks.labels.models import Label
from tasks.models import Task
from tests.exports.conftest import EXPORT, table
from tests.imports.conftest import Journey, kept  # noqa: F401
from tests.imports.test_round_trip import brought, exported, without_numbers

# As the form takes them: 1 to 40 letters, none of which breaks a line or turns it.
LETTERS = st.characters(codec="utf-8", categories=["L", "N", "P", "S"])
NAMES = st.one_of(
    st.text(LETTERS, min_size=1, max_size=20).filter(can_be_seen),
    st.sampled_from(["a;b", "a,b", "\\", "\\;", "=1", "'=1", "-", '"', "a b", "é"]),
)


def test_labels_and_team_have_their_columns(as_vera, acme_board, acme_marks, taken):
    bug, winter = acme_marks.labels("Bug", "Winter")
    team = acme_marks.team("Workshop")
    acme_board.add("First", labels=[winter, bug], team=team)
    acme_board.add("Second")
    first, second = table(taken(as_vera))
    assert (first["labels"], first["team"]) == ("Bug;Winter", "Workshop")
    assert (second["labels"], second["team"]) == ("", "")


def test_json_keeps_labels_as_a_list(as_vera, acme_board, acme_marks, taken):
    labels = acme_marks.labels("a;b", "=1")
    acme_board.add("First", labels=labels)
    acme_board.add("Second")
    lines = taken(as_vera, kind="jsonl").splitlines()
    first, second = map(json.loads, lines)
    assert sorted(first["labels"]) == ["=1", "a;b"]
    assert (second["labels"], second["team"]) == ([], "")


@pytest.mark.parametrize(
    ("names", "cell"),
    [
        (["a;b"], r"a\;b"),
        (["a,b", "c"], r"a\,b;c"),
        (["back\\slash"], r"back\\slash"),
        (["=1+1"], "'=1+1"),
        (["@x"], "'@x"),
    ],
)
def test_what_stands_between_names_is_escaped(
    as_bob, acme_board, acme_marks, taken, names, cell
):
    acme_board.add("First", labels=acme_marks.labels(*names))
    assert table(taken(as_bob))[0]["labels"] == cell


@pytest.mark.parametrize("name", ["=1+1", "-", "'@x"])
def test_no_team_is_a_formula(as_bob, acme_board, acme_marks, taken, name):
    acme_board.add("First", team=acme_marks.team(name))
    assert table(taken(as_bob))[0]["team"] == f"'{name}"


def test_a_label_that_was_deleted_is_not_told(
    as_bob, cast, acme_board, acme_marks, taken
):
    bug, winter = acme_marks.labels("Bug", "Winter")
    acme_board.add("First", labels=[bug, winter])
    with no_context(), acme_board.inside():
        bug.remove(by=cast.alice)
    assert table(taken(as_bob))[0]["labels"] == "Winter"


def test_a_renamed_label_has_its_new_name(as_bob, cast, acme_board, acme_marks, taken):
    [bug] = acme_marks.labels("Bug")
    acme_board.add("First", labels=[bug])
    with no_context(), acme_board.inside():
        bug.change(by=cast.alice, name="Fault", colour="red")
    assert table(taken(as_bob))[0]["labels"] == "Fault"


def test_a_removed_team_is_told_as_its_task_tells_it(
    as_bob, cast, acme_board, acme_marks, taken
):
    team = acme_marks.team("Workshop")
    task = acme_board.add("First", team=team)
    with no_context(), acme_board.inside():
        remove_team(team=team, by=cast.alice)
    assert "Workshop" in as_bob.get(f"/tasks/{task.pk}/").text
    assert table(taken(as_bob))[0]["team"] == "Workshop"


def test_the_filters_by_label_and_team_hold(
    as_bob, cast, acme_board, acme_marks, taken
):
    [bug] = acme_marks.labels("Bug")
    team = acme_marks.team("Workshop")
    acme_board.add("First", labels=[bug])
    acme_board.add("Second", team=team)
    marked = table(taken(as_bob, f"?label={bug.pk}"))
    assert [row["title"] for row in marked] == ["First"]
    theirs = table(taken(as_bob, f"?team={team.pk}"))
    assert [row["title"] for row in theirs] == ["Second"]
    assert table(taken(as_bob, f"?team={team.pk}&label={bug.pk}")) == []
    with no_context(), tenant(cast.acme):
        rows = AuditEntry.objects.filter(action="task.exported").order_by("sequence")
        told = [entry.after for entry in rows]
    assert told[:2] == [
        {"format": "csv", "label": str(bug.pk)},
        {"format": "csv", "team": str(team.pk)},
    ]


def test_a_foreign_label_or_team_finds_nothing(
    as_bob, acme_board, globex_marks, globex_board, taken
):
    [label], team = globex_marks.labels("Secret"), globex_marks.team("Hidden")
    globex_board.add("Theirs", labels=[label], team=team)
    acme_board.add("Ours")
    assert table(taken(as_bob, f"?label={label.pk}")) == []
    assert table(taken(as_bob, f"?team={team.pk}")) == []
    assert "Secret" not in taken(as_bob)


@pytest.mark.parametrize("count", [1, 50])
def test_many_labels_and_teams_take_as_many_statements_as_one(
    cast, acme_board, acme_marks, django_assert_num_queries, count
):
    labels = acme_marks.labels(*(f"Label {number}" for number in range(count)))
    teams = [acme_marks.team(f"Team {number}") for number in range(count)]
    with no_context(), acme_board.inside():
        drafts = [{"title": "x", "labels": labels, "team": team} for team in teams]
        create_tasks(by=cast.alice, drafts=drafts)
        last = last_number()
        # Tasks with their teams, assignees, people, labels; then that there are no more.
        with django_assert_num_queries(5):
            [batch] = batches(Task.objects.all(), "ACME", last)
    assert all(len(names) == count for names in batch.labels.values())
    assert len(batch.labels) == count


def test_an_export_page_names_what_is_in_the_file(as_vera, acme_board):
    assert "labels, team and times" in as_vera.get(EXPORT).text


def test_labels_and_team_come_back(
    as_alice,
    as_charlie,
    acme_board,
    acme_marks,
    globex_marks,
    run_jobs,
    kept,
):
    labels = acme_marks.labels("a;b", "a", "b", "x,y", "\\", "=1")
    team = acme_marks.team("Sales; north")
    globex_marks.team("Sales; north")
    acme_board.add("All", labels=labels, team=team, due_date=date(2026, 3, 1))
    acme_board.add("Some", labels=labels[1:3])
    acme_board.add("None")
    before = without_numbers(exported(as_alice))
    brought(as_charlie, kept, run_jobs, exported(as_alice, "csv"))
    after = without_numbers(exported(as_charlie))
    for line in (*before, *after):
        line.pop("created_by")
    assert after == before


@given(st.lists(NAMES, min_size=1, max_size=5, unique_by=str.upper))
def test_every_name_of_a_label_comes_back(
    as_alice,
    as_charlie,
    cast,
    acme_board,
    acme_marks,
    globex_board,
    run_jobs,
    kept,
    names,
):
    for board, owner in ((acme_board, cast.alice), (globex_board, cast.charlie)):
        with no_context(), board.inside():
            Label.objects.all().delete()
            for old in board.all():
                old.remove(by=owner)
    acme_board.add("First", labels=acme_marks.labels(*names))
    brought(as_charlie, kept, run_jobs, exported(as_alice, "csv"))
    [line] = map(json.loads, exported(as_charlie).splitlines())
    assert sorted(line["labels"]) == sorted(names)


@given(NAMES)
def test_every_name_of_a_team_comes_back(
    as_alice,
    as_charlie,
    cast,
    acme_board,
    acme_marks,
    globex_board,
    globex_marks,
    run_jobs,
    kept,
    name,
):
    for marks, board in ((acme_marks, acme_board), (globex_marks, globex_board)):
        with no_context(), marks.inside():
            Team.objects.all().remove()
            for old in board.all():
                old.remove(by=marks.owner)
    acme_board.add("First", team=acme_marks.team(name))
    there = globex_marks.team(name)
    brought(as_charlie, kept, run_jobs, exported(as_alice, "csv"))
    [task] = globex_board.all()
    assert task.team_id == there.pk


def test_a_file_brought_home_marks_its_tasks_with_the_same(
    as_alice,
    acme_board,
    acme_marks,
    run_jobs,
    kept,
    taken,
):
    bug, team = acme_marks.labels("Bug")[0], acme_marks.team("Workshop")
    acme_board.add("First", labels=[bug], team=team)
    journey = Journey(as_alice, kept)
    journey.upload(taken(as_alice))
    journey.map(labels="refuse", team="refuse")
    journey.start()
    run_jobs()
    found = table(taken(as_alice, f"?label={bug.pk}&team={team.pk}"))
    assert [row["key"] for row in found] == ["ACME-1", "ACME-2"]
