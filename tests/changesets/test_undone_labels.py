"""Taking labels, teams and people back."""

import pytest

from organizations.flows import remove_member
from organizations.models import Membership
from organizations.teams.flows import remove_team
from organizations.tenancy import no_context
from tasks.changesets.flows import keep_created
from tasks.changesets.models import State
from tests.changesets.test_bulk import EDIT, picked
from tests.changesets.things import a_label, a_team, by_hand, entries, labels_of


@pytest.fixture
def labels(acme_board):
    return [a_label(acme_board, name) for name in ("Box", "Legal", "Paint")]


@pytest.fixture
def teams(acme_board):
    return [a_team(acme_board, name) for name in ("Workshop", "Office")]


@pytest.fixture
def undo(as_bob, kept):
    """Take the last change back, and return it."""

    def take_back():
        answer = as_bob.post(f"/tasks/changes/{kept.last().pk}/undo/")
        assert answer.status_code == 302
        return kept.last()

    return take_back


def ids(*things):
    return [str(thing.pk) for thing in things]


def lines_of(client, change):
    """Return the lines of a change of one task, by field."""
    page = client.get(f"/tasks/changes/{change.pk}/")
    return {line.label: line for line in page.context["lines"]}


def removed(board, label):
    with no_context(), board.inside():
        label.remove(by=board.owner)


def test_added_labels_go_and_those_before_stay(as_bob, acme_board, labels, undo):
    box, legal, _paint = labels
    bare, marked = acme_board.add(), acme_board.add(labels=[legal])
    as_bob.post(EDIT, picked(bare, marked, labels=ids(box, legal)))
    made = undo()
    assert (made.state, made.reverted, made.kept) == (State.UNDONE, 2, 0)
    assert labels_of(acme_board, bare) == []
    assert labels_of(acme_board, marked) == ["Legal"]
    entry = acme_board.history(marked, "task.edited")[-1]
    assert entry.before == {"labels": ["Box", "Legal"]}
    assert entry.after == {"labels": ["Legal"]}


def test_replaced_labels_come_back_to_each_task(as_bob, acme_board, labels, undo):
    tasks = [acme_board.add(labels=labels[: number + 1]) for number in range(3)]
    as_bob.post(EDIT, picked(*tasks, labelling="replace", labels=ids(labels[2])))
    assert undo().reverted == 3
    assert [len(labels_of(acme_board, task)) for task in tasks] == [1, 2, 3]
    assert labels_of(acme_board, tasks[1]) == ["Box", "Legal"]


def test_labels_that_somebody_changed_since_are_kept_and_shown(
    as_bob, acme_board, labels, undo
):
    box, legal, paint = labels
    theirs, ours = acme_board.add(), acme_board.add(labels=[legal])
    as_bob.post(EDIT, picked(theirs, ours, labels=ids(box), priority="5"))
    by_hand(acme_board, theirs, labels=[box, paint])
    made = undo()
    assert (made.reverted, made.kept) == (1, 1)
    assert labels_of(acme_board, theirs) == ["Box", "Paint"]
    assert acme_board.now(theirs).priority == 3
    assert labels_of(acme_board, ours) == ["Legal"]
    line = lines_of(as_bob, made)["Labels"]
    assert (line.before, line.after, line.now) == ("None", "Box", "Box, Paint")
    assert acme_board.history(theirs, "task.edited")[-1].after == {"priority": 3}


def test_labels_changed_and_changed_back_are_as_they_were_set(
    as_bob, acme_board, labels, undo
):
    task = acme_board.add()
    as_bob.post(EDIT, picked(task, labels=ids(labels[0])))
    by_hand(acme_board, task, labels=labels)
    by_hand(acme_board, task, labels=labels[:1])
    assert undo().kept == 0
    assert labels_of(acme_board, task) == []


def test_a_label_that_is_gone_is_not_put_back(as_bob, acme_board, labels, undo):
    box, legal, paint = labels
    task = acme_board.add(labels=[box, legal])
    as_bob.post(EDIT, picked(task, labelling="replace", labels=ids(paint)))
    removed(acme_board, box)
    assert undo().reverted == 1
    assert labels_of(acme_board, task) == ["Legal"]
    entry = acme_board.history(task, "task.edited")[-1]
    assert (entry.before, entry.after) == (
        {"labels": ["Paint"]},
        {"labels": ["Legal"]},
    )


def test_labels_of_which_one_was_deleted_are_no_longer_those_set(
    as_bob, acme_board, labels, undo
):
    box, legal, _paint = labels
    task = acme_board.add()
    as_bob.post(EDIT, picked(task, labels=ids(box, legal)))
    removed(acme_board, legal)
    made = undo()
    assert (made.reverted, made.kept) == (0, 1)
    assert labels_of(acme_board, task) == ["Box"]
    assert entries(acme_board, "changeset.undone")[0].after["kept"] == 1


def test_each_task_gets_its_own_team_back(as_bob, acme_board, teams, undo):
    workshop, office = teams
    tasks = [acme_board.add(team=team) for team in (workshop, office, None)]
    as_bob.post(EDIT, picked(*tasks, team=str(office.pk)))
    assert undo().reverted == 2
    found = [acme_board.now(task).team_id for task in tasks]
    assert found == [workshop.pk, office.pk, None]
    entry = acme_board.history(tasks[0], "task.edited")[-1]
    assert (entry.before, entry.after) == ({"team": "Office"}, {"team": "Workshop"})


def test_a_team_that_somebody_set_since_is_kept(as_bob, acme_board, teams, undo):
    workshop, office = teams
    task = acme_board.add()
    as_bob.post(EDIT, picked(task, team=str(workshop.pk), status="done"))
    by_hand(acme_board, task, team=office)
    made = undo()
    now = acme_board.now(task)
    assert (now.team_id, now.status, now.completed_at) == (office.pk, "todo", None)
    assert made.kept == 1
    line = lines_of(as_bob, made)["Team"]
    assert (line.before, line.after, line.now) == ("No team", "Workshop", "Office")


def test_the_team_of_a_task_outlives_its_removal(as_bob, acme_board, teams, undo):
    workshop, office = teams
    task = acme_board.add(team=workshop)
    as_bob.post(EDIT, picked(task, team=str(office.pk)))
    with no_context(), acme_board.inside():
        remove_team(team=workshop, by=acme_board.owner)
    assert undo().reverted == 1
    assert acme_board.now(task).team_id == workshop.pk
    assert acme_board.history(task, "task.edited")[-1].after == {"team": "Workshop"}


def test_a_team_that_is_gone_for_good_is_none(as_bob, acme_board, teams, undo):
    workshop, office = teams
    task = acme_board.add(team=workshop)
    as_bob.post(EDIT, picked(task, team=str(office.pk)))
    with no_context(), acme_board.inside():
        workshop.delete()
    page = as_bob.get("/tasks/changes/").text
    assert "Team: Office" in page
    assert undo().reverted == 1
    assert acme_board.now(task).team_id is None
    assert acme_board.history(task, "task.edited")[-1].after == {"team": None}


def test_an_import_that_was_labelled_or_given_away_since_is_touched(
    as_bob, acme_board, labels, teams, undo
):
    tasks = acme_board.add_many(4, labels=labels[:1], team=teams[0])
    with no_context(), acme_board.inside():
        keep_created(tasks, by=acme_board.owner, label="spring.csv")
    by_hand(acme_board, tasks[0], labels=[])
    by_hand(acme_board, tasks[1], team=None)
    by_hand(acme_board, tasks[2], labels=labels[:2])
    made = undo()
    assert (made.reverted, made.kept) == (1, 3)
    assert [task.pk for task in acme_board.all()] == [task.pk for task in tasks[:3]]
    page = as_bob.get(f"/tasks/changes/{made.pk}/")
    now = [(line.label, line.now) for line in page.context["lines"]]
    assert now == [("Labels", "None"), ("Team", "No team"), ("Labels", "Box, Legal")]


def test_an_undone_import_takes_its_labels_along_to_the_trash_and_back(
    as_bob, acme_board, labels, undo
):
    task = acme_board.add(labels=labels)
    with no_context(), acme_board.inside():
        keep_created([task], by=acme_board.owner, label="spring.csv")
    undo()
    assert acme_board.all() == []
    as_bob.post("/tasks/trash/restore/", picked(task))
    assert labels_of(acme_board, task) == ["Box", "Legal", "Paint"]


def test_two_changes_are_taken_back_in_turn(as_bob, acme_board, labels, kept):
    box, legal, _paint = labels
    task = acme_board.add()
    as_bob.post(EDIT, picked(task, labels=ids(box)))
    as_bob.post(EDIT, picked(task, labels=ids(legal)))
    for change in reversed(kept.all()):
        as_bob.post(f"/tasks/changes/{change.pk}/undo/")
    assert labels_of(acme_board, task) == []
    assert [made.kept for made in kept.all()] == [0, 0]


def test_the_earlier_of_two_changes_does_not_undo_the_later(
    as_bob, acme_board, labels, teams, kept
):
    task = acme_board.add()
    as_bob.post(EDIT, picked(task, labels=ids(labels[0]), team=str(teams[0].pk)))
    as_bob.post(EDIT, picked(task, labels=ids(labels[1])))
    first = kept.all()[0]
    as_bob.post(f"/tasks/changes/{first.pk}/undo/")
    assert labels_of(acme_board, task) == ["Box", "Legal"]
    assert acme_board.now(task).team_id is None
    [item] = kept.items(first)
    assert set(item.kept) == {"labels"}


def test_a_large_undo_gives_labels_and_teams_back_in_the_queue(
    as_bob, acme_board, labels, teams, kept, undo, run_jobs, monkeypatch
):
    monkeypatch.setattr("tasks.changesets.working.SLICE", 2)
    tasks = acme_board.add_many(5, labels=labels[:1], team=teams[0])
    values = {"labelling": "replace", "labels": ids(labels[1]), "team": "none"}
    as_bob.post(EDIT, picked(*tasks, **values))
    monkeypatch.setattr("tasks.changesets.flows.IN_REQUEST", 2)
    assert undo().state == State.UNDOING
    assert labels_of(acme_board, tasks[0]) == ["Legal"]
    assert run_jobs() == ["succeeded"]
    assert (kept.last().state, kept.last().reverted) == (State.UNDONE, 5)
    assert [labels_of(acme_board, task) for task in tasks] == [["Box"]] * 5
    assert {acme_board.now(task).team_id for task in tasks} == {teams[0].pk}


def test_who_left_before_the_queue_came_is_no_part_of_what_was_set(
    as_bob, acme_board, cast, kept, undo, run_jobs, monkeypatch
):
    monkeypatch.setattr("tasks.changesets.flows.IN_REQUEST", 1)
    tasks = acme_board.add_many(2, assignees=[cast.bob])
    as_bob.post(EDIT, picked(*tasks, assignee=str(cast.vera.pk)))
    with no_context(), acme_board.inside():
        rows = Membership.objects.select_related("user")
        remove_member(membership=rows.get(user=cast.vera), by=acme_board.owner)
    assert run_jobs() == ["succeeded"]
    assert [acme_board.doers(task) for task in tasks] == [set(), set()]
    assert [item.after for item in kept.items(kept.last())] == [{"assignees": []}] * 2
    undo()
    assert run_jobs() == ["succeeded"]
    assert (kept.last().reverted, kept.last().kept) == (2, 0)
    assert acme_board.doers(tasks[0]) == {cast.bob.pk}
