"""Labels and teams of many tasks at once."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from organizations.teams.flows import remove_team
from organizations.tenancy import no_context
from tasks.changesets.models import Kind, State
from tests.changesets.test_bulk import EDIT, picked
from tests.changesets.things import a_label, a_team, labels_of

NAMES = ("Box", "Legal", "Paint")


@pytest.fixture
def labels(acme_board):
    return [a_label(acme_board, name) for name in NAMES]


@pytest.fixture
def team(acme_board):
    return a_team(acme_board, "Workshop")


def ids(*things):
    return [str(thing.pk) for thing in things]


def test_labels_come_to_those_that_each_task_has(as_bob, acme_board, labels, kept):
    box, legal, paint = labels
    bare = acme_board.add()
    marked = acme_board.add(labels=[paint])
    values = {"labels": ids(box, legal)}
    answer = as_bob.post(EDIT, picked(bare, marked, **values), follow=True)
    assert "2 tasks changed" in answer.text
    assert labels_of(acme_board, bare) == ["Box", "Legal"]
    assert labels_of(acme_board, marked) == ["Box", "Legal", "Paint"]
    [entry] = acme_board.history(marked, "task.edited")
    assert entry.before == {"labels": ["Paint"]}
    assert entry.after == {"labels": ["Box", "Legal", "Paint"]}
    assert kept.last().kind == Kind.BULK_EDIT
    assert set(kept.last().changes) == {"added_labels"}


def test_who_has_a_label_already_is_no_part_of_the_change(
    as_bob, acme_board, labels, kept
):
    box, legal, _paint = labels
    has, lacks = acme_board.add(labels=[legal, box]), acme_board.add(labels=[legal])
    as_bob.post(EDIT, picked(has, lacks, labels=ids(box)))
    assert [item.task_id for item in kept.items(kept.last())] == [lacks.pk]
    assert acme_board.history(has, "task.edited") == []
    answer = as_bob.post(EDIT, picked(has, lacks, labels=ids(box)), follow=True)
    assert "Nothing to change" in answer.text
    assert len(kept.all()) == 1


def test_labels_take_the_place_of_others(as_bob, acme_board, labels, kept):
    box, legal, paint = labels
    task = acme_board.add(labels=[box, legal])
    as_bob.post(EDIT, picked(task, labelling="replace", labels=ids(legal, paint)))
    assert labels_of(acme_board, task) == ["Legal", "Paint"]
    [entry] = acme_board.history(task, "task.edited")
    assert (entry.before, entry.after) == (
        {"labels": ["Box", "Legal"]},
        {"labels": ["Legal", "Paint"]},
    )
    assert kept.last().changes == {"labels": ids(legal, paint)}


def test_no_labels_in_the_place_of_others_end_them(as_bob, acme_board, labels):
    tasks = acme_board.add_many(2, labels=labels)
    as_bob.post(EDIT, picked(*tasks, labelling="replace"))
    assert [labels_of(acme_board, task) for task in tasks] == [[], []]
    [entry] = acme_board.history(tasks[0], "task.edited")
    assert (entry.before, entry.after) == ({"labels": list(NAMES)}, {"labels": []})


def test_the_same_labels_in_another_order_are_the_same(
    as_bob, acme_board, labels, kept
):
    task = acme_board.add(labels=labels)
    for order in (labels, labels[::-1], [*labels, labels[0]]):
        as_bob.post(EDIT, picked(task, labelling="replace", labels=ids(*order)))
    assert kept.all() == []
    assert labels_of(acme_board, task) == list(NAMES)


@given(
    had=st.sets(st.sampled_from(range(3))),
    asked=st.sets(st.sampled_from(range(3))),
    replace=st.booleans(),
)
def test_labelling_is_the_same_as_with_sets(
    as_bob, acme_board, cast, had, asked, replace
):
    names = [uuid.uuid4().hex for _ in NAMES]
    made = [a_label(acme_board, name) for name in names]
    task = acme_board.add(labels=[made[number] for number in had])
    values = {"labelling": "replace"} if replace else {}
    values["labels"] = ids(*(made[number] for number in asked))
    answer = as_bob.post(EDIT, picked(task, **values))
    assert answer.status_code == (302 if asked or replace else 422)
    wanted = asked if replace else had | asked
    assert labels_of(acme_board, task) == sorted(names[number] for number in wanted)
    told = acme_board.history(task, "task.edited")
    assert len(told) == (1 if wanted != had else 0)


def test_a_team_is_given_tasks_and_told_by_its_name(as_bob, acme_board, team, kept):
    tasks = acme_board.add_many(2)
    as_bob.post(EDIT, picked(*tasks, team=str(team.pk)))
    assert {acme_board.now(task).team_id for task in tasks} == {team.pk}
    [entry] = acme_board.history(tasks[0], "task.edited")
    assert (entry.before, entry.after) == ({"team": None}, {"team": "Workshop"})
    [first, _second] = kept.items(kept.last())
    assert (first.before, first.after) == ({"team": None}, {"team": str(team.pk)})


def test_no_team_takes_tasks_from_theirs(as_bob, acme_board, team, kept):
    theirs, nobodys = acme_board.add(team=team), acme_board.add()
    as_bob.post(EDIT, picked(theirs, nobodys, team="none"))
    assert acme_board.now(theirs).team_id is None
    [entry] = acme_board.history(theirs, "task.edited")
    assert (entry.before, entry.after) == ({"team": "Workshop"}, {"team": None})
    assert kept.last().count == 1


def test_team_labels_and_status_are_one_edit(as_bob, acme_board, team, labels):
    task = acme_board.add(labels=labels[:1])
    values = {"team": str(team.pk), "labels": ids(labels[2]), "status": "done"}
    as_bob.post(EDIT, picked(task, **values))
    [entry] = acme_board.history(task)[1:]
    assert entry.action == "task.edited"
    assert entry.after == {
        "status": "done",
        "labels": ["Box", "Paint"],
        "team": "Workshop",
    }
    assert acme_board.now(task).completed_at is not None


@pytest.mark.parametrize("field", ["labels", "team"])
def test_what_is_of_others_is_as_unknown_as_what_is_nowhere(
    as_bob, acme_board, globex_board, field
):
    make = {"labels": a_label, "team": a_team}[field]
    theirs = make(globex_board, "Globex only")
    task = acme_board.add()
    texts = []
    for value in (str(theirs.pk), str(uuid.uuid4())):
        answer = as_bob.post(EDIT, picked(task, **{field: value}))
        assert answer.status_code == 422
        assert "Globex only" not in answer.text
        [[problem]] = answer.context["form"].errors.values()
        texts.append(problem.replace(value, "…"))
    assert texts[0] == texts[1]
    assert "Select a valid choice" in texts[0]
    assert acme_board.history(task)[1:] == []


@pytest.mark.parametrize(
    "value", ["x", "0", "\0", "9" * 400, "ｎｏｎｅ", "'; --", "no"]
)
@pytest.mark.parametrize("field", ["labels", "team", "labelling"])
def test_strange_labels_and_teams_are_refused(as_bob, acme_board, field, value):
    task = acme_board.add()
    answer = as_bob.post(EDIT, picked(task, status="done", **{field: value}))
    assert answer.status_code == 422
    assert "Select a valid choice" in answer.text
    assert acme_board.now(task).status == "todo"


def test_a_removed_team_is_given_nothing_more(as_bob, acme_board, team):
    with no_context(), acme_board.inside():
        remove_team(team=team, by=acme_board.owner)
    task = acme_board.add()
    answer = as_bob.post(EDIT, picked(task, team=str(team.pk)))
    assert answer.status_code == 422
    assert acme_board.now(task).team_id is None


def test_viewers_label_nothing(as_vera, acme_board, labels, team):
    task = acme_board.add()
    for values in ({"labels": ids(labels[0])}, {"team": str(team.pk)}):
        assert as_vera.post(EDIT, picked(task, **values)).status_code == 403
    assert labels_of(acme_board, task) == []
    assert acme_board.now(task).team_id is None


def test_menus_offer_our_labels_and_teams_alone(
    as_bob, as_charlie, acme_board, globex_board, labels, team
):
    a_label(globex_board, "Theirs alone")
    acme_board.add()
    part = as_bob.get(EDIT, headers={"HX-Request": "true"}).text
    for thing in (*labels, team):
        assert f'value="{thing.pk}"' in part
    assert "Theirs alone" not in part
    other = as_charlie.get(EDIT, headers={"HX-Request": "true"}).text
    assert "Theirs alone" in other
    assert "bulk-team" not in other
    assert "Workshop" not in other


def test_without_scripts_labels_are_boxes_and_keep_their_ticks(
    as_bob, acme_board, labels
):
    task = acme_board.add()
    chosen = picked(task, labels=ids(labels[1]), due="day")
    answer = as_bob.post(EDIT, chosen)
    assert answer.status_code == 422
    assert "Choose a day." in answer.text
    boxes = answer.context["form"]["labels"]
    ticked = [box.choice_label for box in boxes if box.data["selected"]]
    assert ticked == ["Legal"]
    assert labels_of(acme_board, task) == []


def test_who_has_no_labels_is_asked_for_none(as_bob, acme_board):
    acme_board.add()
    page = as_bob.get(EDIT).text
    assert 'name="team"' in page
    assert 'name="labels"' not in page
    part = as_bob.get(EDIT, headers={"HX-Request": "true"}).text
    assert "bulk-label" not in part


def test_names_of_labels_and_teams_are_shown_as_text(as_bob, as_vera, acme_board, kept):
    label = a_label(acme_board, "<i>Łódź</i> 🪵")
    team = a_team(acme_board, '"><script>')
    task = acme_board.add()
    as_bob.post(EDIT, picked(task, labels=ids(label), team=str(team.pk)))
    for address in ("/tasks/changes/", f"/tasks/changes/{kept.last().pk}/"):
        page = as_vera.get(address).text
        assert "&lt;i&gt;Łódź&lt;/i&gt; 🪵" in page
        assert "&quot;&gt;&lt;script&gt;" in page
        assert "<i>Łódź" not in page


def test_a_change_says_what_was_added_and_what_was_before(
    as_bob, acme_board, labels, team, kept
):
    task = acme_board.add(labels=labels[1:2])
    as_bob.post(EDIT, picked(task, labels=ids(labels[0]), team=str(team.pk)))
    page = as_bob.get(f"/tasks/changes/{kept.last().pk}/")
    assert "Team: Workshop, Labels added: Box" in page.text
    found = {line.label: (line.before, line.after) for line in page.context["lines"]}
    assert found == {
        "Labels": ("Legal", "Box, Legal"),
        "Team": ("No team", "Workshop"),
    }


def test_what_was_deleted_since_has_no_name_any_more(
    as_bob, acme_board, labels, team, kept
):
    task = acme_board.add()
    as_bob.post(EDIT, picked(task, labels=ids(*labels), team=str(team.pk)))
    with no_context(), acme_board.inside():
        labels[0].remove(by=acme_board.owner)
        remove_team(team=team, by=acme_board.owner)
    page = as_bob.get(f"/tasks/changes/{kept.last().pk}/").text
    assert "Legal, Paint, Deleted label" in page
    assert "Workshop" in page
    assert "Labels added: Legal, Paint, Deleted label" in page


def test_labels_and_teams_cost_as_much_for_one_as_for_fifty(
    as_bob, acme_board, labels, team, kept
):
    counts = []
    values = {"labels": ids(*labels), "team": str(team.pk)}
    for count in (1, 50):
        tasks = acme_board.add_many(count)
        as_bob.get("/tasks/changes/")
        with CaptureQueriesContext(connection) as seen:
            as_bob.post(EDIT, picked(*tasks, **values))
            as_bob.get(f"/tasks/changes/{kept.last().pk}/")
        counts.append(len(seen))
        assert kept.last().count == count
    assert counts[0] == counts[1]


def test_labels_and_teams_of_a_large_change_are_set_by_the_queue(
    as_bob, acme_board, globex_board, labels, team, kept, run_jobs, monkeypatch
):
    monkeypatch.setattr("tasks.changesets.flows.IN_REQUEST", 2)
    tasks, theirs = acme_board.add_many(3), globex_board.add()
    as_bob.post(EDIT, picked(*tasks, labels=ids(labels[0]), team=str(team.pk)))
    assert labels_of(acme_board, tasks[0]) == []
    assert run_jobs() == ["succeeded"]
    assert (kept.last().state, kept.last().count) == (State.DONE, 3)
    assert [labels_of(acme_board, task) for task in tasks] == [["Box"]] * 3
    assert {acme_board.now(task).team_id for task in tasks} == {team.pk}
    assert labels_of(globex_board, theirs) == []


def test_a_label_deleted_before_the_queue_comes_is_left_out(
    as_bob, acme_board, labels, kept, run_jobs, monkeypatch
):
    monkeypatch.setattr("tasks.changesets.flows.IN_REQUEST", 1)
    box, legal, _paint = labels
    tasks = acme_board.add_many(2)
    as_bob.post(EDIT, picked(*tasks, labels=ids(box, legal)))
    with no_context(), acme_board.inside():
        box.remove(by=acme_board.owner)
    assert run_jobs() == ["succeeded"]
    assert labels_of(acme_board, tasks[0]) == ["Legal"]
    assert [item.after for item in kept.items(kept.last())] == [
        {"labels": [str(legal.pk)]}
    ] * 2
    [entry] = acme_board.history(tasks[0], "task.edited")
    assert entry.after == {"labels": ["Legal"]}
