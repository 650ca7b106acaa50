"""Adding several tasks, keeping imported ones, and the pages about them."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from organizations.tenancy import no_context
from tasks import people
from tasks.changesets import flows
from tasks.changesets.models import Kind, State
from tests.changesets.test_bulk import DELETE, EDIT, picked
from tests.changesets.things import by_hand, entries, give_abilities

SEVERAL, CHANGES = "/tasks/new/several/", "/tasks/changes/"
LINE = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1, max_size=60
)


def titles(board):
    return [task.title for task in board.all()]


@pytest.fixture
def imported(acme_board, cast):
    """Keep tasks of Acme as an import by Alice."""

    def keep(tasks, label="spring.csv", into=None):
        with no_context(), acme_board.inside():
            return flows.keep_created(tasks, by=cast.alice, label=label, into=into)

    return keep


@given(st.lists(LINE, min_size=1, max_size=8))
def test_each_line_with_something_in_it_is_a_task(as_bob, acme_board, lines):
    before = len(acme_board.all())
    wanted = [line.strip() for line in lines if line.strip()]
    answer = as_bob.post(SEVERAL, {"titles": "\r\n".join(lines)})
    assert answer.status_code == (302 if wanted else 422)
    assert titles(acme_board)[before:] == wanted


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\n\n\n", "\n \t\n"])
def test_lines_end_as_they_do_elsewhere(as_bob, acme_board, end):
    answer = as_bob.post(SEVERAL, {"titles": end.join(["One", "Two"])}, follow=True)
    assert "2 tasks created" in answer.text
    assert titles(acme_board) == ["One", "Two"]


def test_one_line_is_one_task(as_bob, acme_board):
    answer = as_bob.post(SEVERAL, {"titles": " One "}, follow=True)
    assert "1 task created" in answer.text
    assert titles(acme_board) == ["One"]


def test_the_same_line_twice_is_two_tasks(as_bob, acme_board):
    as_bob.post(SEVERAL, {"titles": "Call Ann\nCall Ann"})
    assert [task.number for task in acme_board.all()] == [1, 2]
    assert titles(acme_board) == ["Call Ann"] * 2


def test_new_tasks_are_as_a_task_added_by_itself(as_bob, acme_board, cast, kept):
    as_bob.post(SEVERAL, {"titles": "One\nTwo"})
    for task in acme_board.all():
        assert (task.status, task.priority, task.due_date) == ("todo", 3, None)
        assert (task.created_by_id, task.team_id) == (cast.bob.pk, None)
        [entry] = acme_board.history(task)
        assert (entry.action, entry.actor_id) == ("task.created", cast.bob.pk)
        assert entry.after["title"] == task.title
    assert kept.all() == []


def test_numbers_go_on_where_they_were_and_have_no_gaps(as_bob, acme_board):
    acme_board.add_many(2)
    assert as_bob.post(SEVERAL, {"titles": "x" * 201}).status_code == 422
    as_bob.post(SEVERAL, {"titles": "Three\nFour"})
    assert [task.number for task in acme_board.all()] == [1, 2, 3, 4]


def test_both_problems_are_said_at_once(as_bob, acme_board):
    text = "\n".join(["x"] * 200 + ["y" * 201])
    answer = as_bob.post(SEVERAL, {"titles": text})
    assert answer.status_code == 422
    assert "These are 201 tasks; 200 can be added at once." in answer.text
    assert "Line 201 has 201 characters; 200 are the most." in answer.text
    assert acme_board.all() == []


def test_a_line_is_as_long_as_what_is_left_of_it(as_bob, acme_board):
    text = f"   {'ä' * 200}   \n{'🪵' * 200}"
    assert as_bob.post(SEVERAL, {"titles": text}).status_code == 302
    assert titles(acme_board) == ["ä" * 200, "🪵" * 200]


def test_several_tasks_are_made_in_as_many_statements_as_fifty(as_bob, acme_board):
    counts = []
    for number in (2, 50):
        with CaptureQueriesContext(connection) as seen:
            as_bob.post(SEVERAL, {"titles": "\n".join(["x"] * number)})
        counts.append(len(seen))
    assert counts[0] == counts[1]
    assert len(acme_board.all()) == 52


def test_several_tasks_are_of_ones_own_organization(
    as_charlie, acme_board, globex_board
):
    as_charlie.post(SEVERAL, {"titles": "One\nTwo"})
    assert acme_board.all() == []
    assert titles(globex_board) == ["One", "Two"]


def test_who_may_only_delete_adds_none(sign_in, cast, acme_board):
    give_abilities(cast, "bob", "tasks.view", "tasks.delete")
    bob = sign_in(cast.bob, cast.acme)
    assert bob.get(SEVERAL).status_code == 403
    refused = bob.post(SEVERAL, {"titles": "One"})
    assert refused.status_code == 403
    assert "change tasks" in refused.text
    assert acme_board.all() == []


def test_an_import_of_none_is_kept_and_undone(as_bob, acme_board, imported, kept):
    made = imported([], "empty.csv")
    assert (made.kind, made.count, made.state) == (Kind.IMPORT, 0, State.DONE)
    assert "empty.csv" in as_bob.get(CHANGES).text
    as_bob.post(f"{CHANGES}{made.pk}/undo/")
    assert (kept.last().state, kept.last().reverted) == (State.UNDONE, 0)
    assert entries(acme_board, "task.removed") == []


def test_an_import_in_batches_is_undone_as_a_whole(
    as_bob, acme_board, imported, kept, monkeypatch
):
    monkeypatch.setattr(flows, "BATCH", 2)
    first = imported(acme_board.add_many(3))
    imported(acme_board.add_many(2), into=first)
    other = acme_board.add()
    assert (first.count, len(kept.items(first))) == (5, 5)
    as_bob.post(f"{CHANGES}{first.pk}/undo/")
    assert [task.pk for task in acme_board.all()] == [other.pk]
    assert kept.last().reverted == 5


def test_an_undone_import_can_be_taken_from_the_trash(as_bob, acme_board, imported):
    tasks = acme_board.add_many(2)
    made = imported(tasks)
    as_bob.post(f"{CHANGES}{made.pk}/undo/")
    as_bob.post("/tasks/trash/restore/", picked(*tasks))
    assert titles(acme_board) == ["Task 0", "Task 1"]
    as_bob.post(f"{CHANGES}{made.pk}/undo/")
    assert len(acme_board.all()) == 2


def test_what_was_thrown_away_since_is_no_untouched_import(
    as_bob, acme_board, imported, kept
):
    tasks = acme_board.add_many(2)
    made = imported(tasks)
    as_bob.post(DELETE, picked(tasks[0]))
    thrown = acme_board.now(tasks[0]).deleted_at
    as_bob.post(f"{CHANGES}{made.pk}/undo/")
    assert acme_board.all() == []
    assert acme_board.now(tasks[0]).deleted_at == thrown
    assert len(acme_board.history(tasks[0], "task.removed")) == 1
    assert (kept.all()[0].reverted, kept.all()[0].kept) == (1, 1)


@pytest.mark.parametrize(
    "values",
    [
        {"title": "Mine"},
        {"description": "Mine"},
        {"status": "done"},
        {"priority": 1},
        {"due_date": "2027-01-01"},
    ],
)
def test_whatever_a_person_changes_keeps_an_imported_task(
    as_bob, acme_board, imported, kept, values
):
    touched, untouched = acme_board.add_many(2, description="As it came")
    made = imported([touched, untouched])
    by_hand(acme_board, touched, **values)
    as_bob.post(f"{CHANGES}{made.pk}/undo/")
    assert [task.pk for task in acme_board.all()] == [touched.pk]
    [item] = [one for one in kept.items(made) if one.kept]
    assert set(item.kept) == set(values)


def test_a_change_by_many_hands_keeps_an_import_too(as_bob, acme_board, imported, kept):
    tasks = acme_board.add_many(3)
    made = imported(tasks)
    as_bob.post(EDIT, picked(*tasks, priority="5"))
    bulk = kept.last()
    as_bob.post(f"{CHANGES}{bulk.pk}/undo/")
    as_bob.post(f"{CHANGES}{made.pk}/undo/")
    assert acme_board.all() == []
    assert (kept.all()[0].reverted, kept.all()[0].kept) == (3, 0)


def test_who_may_not_delete_does_not_undo_an_import(
    sign_in, cast, acme_board, imported
):
    give_abilities(cast, "bob", "tasks.view", "tasks.edit")
    bob, made = sign_in(cast.bob, cast.acme), imported([acme_board.add()])
    refused = bob.post(f"{CHANGES}{made.pk}/undo/")
    assert refused.status_code == 403
    assert "delete tasks" in refused.text
    assert len(acme_board.all()) == 1


def test_all_of_a_change_are_shown_when_asked_for(as_bob, acme_board, kept):
    touched, untouched = acme_board.add("Touched"), acme_board.add("Untouched")
    as_bob.post(EDIT, picked(touched, untouched, priority="5"))
    by_hand(acme_board, touched, priority=1)
    address = f"{CHANGES}{kept.last().pk}/"
    as_bob.post(f"{address}undo/")
    page = as_bob.get(address)
    assert [line.task.pk for line in page.context["lines"]] == [touched.pk]
    whole = as_bob.get(f"{address}?whole=on")
    assert len(whole.context["lines"]) == 2
    assert "?whole=on" not in whole.text


def test_a_task_in_the_trash_is_named_without_a_link(as_bob, acme_board, kept):
    there, gone = acme_board.add_many(2)
    as_bob.post(EDIT, picked(there, gone, priority="5"))
    address = f"{CHANGES}{kept.last().pk}/"
    as_bob.post(DELETE, picked(gone))
    page = as_bob.get(address).text
    assert f'href="/tasks/{there.pk}/"' in page
    assert f'href="/tasks/{gone.pk}/"' not in page
    assert f"ACME-{gone.number}" in page


@pytest.mark.parametrize("after", [uuid.UUID(int=0), uuid.UUID(int=2**128 - 1)])
def test_a_place_before_or_after_all_is_an_end_of_the_pages(
    as_bob, acme_board, kept, after
):
    as_bob.post(EDIT, picked(*acme_board.add_many(2), status="done"))
    is_first = after.int == 0
    found = as_bob.get(f"{CHANGES}?after={after}").context["changes"]
    assert len(found) == (0 if is_first else 1)
    page = as_bob.get(f"{CHANGES}{kept.last().pk}/?after={after}")
    assert len(page.context["lines"]) == (2 if is_first else 0)


def test_exactly_a_page_has_no_further_one(as_bob, acme_board, monkeypatch, kept):
    monkeypatch.setattr("tasks.changesets.listing.PAGE", 2)
    tasks = acme_board.add_many(2)
    for status in ("done", "todo"):
        as_bob.post(EDIT, picked(*tasks, status=status))
    assert as_bob.get(CHANGES).context["after"] is None
    assert as_bob.get(f"{CHANGES}{kept.last().pk}/").context["after"] is None


def test_a_former_members_name_is_not_told(as_bob, acme_board, cast, kept):
    task = acme_board.add()
    as_bob.post(EDIT, picked(task, assignee=str(cast.vera.pk)))
    with no_context(), acme_board.inside():
        cast.acme.memberships.get(user=cast.vera).delete()
    people.forget()
    page = as_bob.get(f"{CHANGES}{kept.last().pk}/").text
    assert "Former member" in page
    assert "Vera" not in page
