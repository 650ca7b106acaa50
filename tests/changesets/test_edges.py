"""Setting fields: limits of the form, answers, and what happens meanwhile."""

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from organizations.flows import suspend_member
from organizations.models import Membership
from organizations.tenancy import no_context
from tasks.changesets import flows
from tasks.changesets.models import ChangeSet, State
from tasks.changesets.selection import CONDITIONS, NotUnderstood, Selection
from tasks.models import NotAMember
from tests.changesets.test_bulk import DELETE, EDIT, picked
from tests.changesets.things import by_hand, entries
from tests.tasks.test_list import rows

CHANGES = "/tasks/changes/"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def edit(acme_board, cast):
    """Change tasks as Alice does, without a form."""

    def run(tasks, **changes):
        with no_context(), acme_board.inside():
            chosen = Selection.of([task.pk for task in tasks], None)
            return flows.edit_tasks(selection=chosen, by=cast.alice, changes=changes)

    return run


@pytest.fixture
def undo(acme_board, cast):
    def run(change):
        with no_context(), acme_board.inside():
            return flows.undo(change_set=change, by=cast.alice)

    return run


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=99))
def test_any_title_is_set_told_and_taken_back(acme_board, edit, undo, title):
    first, second = acme_board.add("A%(b)s"), acme_board.add("{c} ' \\ %s")
    made = edit([first, second], title=title)
    assert {acme_board.now(task).title for task in (first, second)} == {title}
    [entry] = acme_board.history(first, "task.edited")
    assert (entry.before, entry.after) == ({"title": "A%(b)s"}, {"title": title})
    undo(made)
    titles = [acme_board.now(task).title for task in (first, second)]
    assert titles == ["A%(b)s", "{c} ' \\ %s"]


def test_a_new_title_is_found_and_the_old_one_is_not(acme_board, edit, as_bob):
    task = acme_board.add("Repair the gate")
    edit([task], title="Paint a fence")
    assert rows(as_bob.get("/tasks/?q=fence")) == [task.number]
    assert rows(as_bob.get("/tasks/?q=gate")) == []


def test_setting_no_task_leaves_no_change(acme_board, edit, kept):
    assert edit([], status="done") is None
    assert kept.all() == []
    assert entries(acme_board, "task.moved") == []


def test_nobody_from_elsewhere_is_assigned_by_the_flow(acme_board, edit, cast, kept):
    task = acme_board.add(assignees=[cast.bob])
    for stranger in (cast.charlie.pk, cast.nora.pk, uuid.uuid4()):
        with pytest.raises(NotAMember):
            edit([task], assignees=[cast.vera.pk, stranger])
    assert acme_board.doers(task) == {cast.bob.pk}
    assert kept.all() == []


def test_the_same_people_in_another_order_are_no_change(acme_board, edit, cast):
    people = [cast.bob.pk, cast.adam.pk, cast.vera.pk]
    task = acme_board.add(assignees=people)
    assert edit([task], assignees=people[::-1]) is None
    assert edit([task], assignees=[*people, people[0]]) is None
    assert acme_board.history(task, "task.edited") == []


def test_a_suspended_member_is_not_offered(as_bob, acme_board, cast):
    with no_context(), acme_board.inside():
        rows = Membership.objects.select_related("user")
        suspend_member(membership=rows.get(user=cast.vera), by=cast.alice)
    task = acme_board.add()
    assert str(cast.vera.pk) not in as_bob.get(EDIT, headers=HTMX).text
    answer = as_bob.post(EDIT, picked(task, assignee=str(cast.vera.pk)))
    assert answer.status_code == 422
    assert acme_board.doers(task) == set()


@pytest.mark.parametrize("status", ["backlog", "todo", "in_progress", "in_review"])
def test_leaving_done_forgets_when_and_undo_remembers(as_bob, acme_board, kept, status):
    task = acme_board.add(status="done")
    finished = acme_board.now(task).completed_at
    as_bob.post(EDIT, picked(task, status=status))
    assert acme_board.now(task).completed_at is None
    as_bob.post(f"{CHANGES}{kept.last().pk}/undo/")
    now = acme_board.now(task)
    assert (now.status, now.completed_at) == ("done", finished)


def test_done_again_keeps_the_moment_it_was_done_first(as_bob, acme_board):
    done, todo = acme_board.add(status="done"), acme_board.add()
    finished = acme_board.now(done).completed_at
    as_bob.post(EDIT, picked(done, todo, status="done", priority="5"))
    assert acme_board.now(done).completed_at == finished
    [entry] = acme_board.history(done, "task.edited")
    assert entry.after == {"priority": 5}
    [entry] = acme_board.history(todo, "task.edited")
    assert entry.after == {"status": "done", "priority": 5}


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "2028-02-29"])
def test_the_first_and_the_last_day_are_days(as_bob, acme_board, kept, day):
    task = acme_board.add(due_date="2026-12-24")
    as_bob.post(EDIT, picked(task, due="day", due_date=day))
    assert acme_board.now(task).due_date.isoformat() == day
    assert as_bob.get(f"{CHANGES}{kept.last().pk}/").status_code == 200
    as_bob.post(f"{CHANGES}{kept.last().pk}/undo/")
    assert acme_board.now(task).due_date.isoformat() == "2026-12-24"


@pytest.mark.parametrize("day", ["10000-01-01", "2027-02-29", "2026-13-01", "٢٠٢٦"])
def test_days_that_there_are_not_are_refused(as_bob, acme_board, day):
    task = acme_board.add()
    answer = as_bob.post(EDIT, picked(task, due="day", due_date=day))
    assert answer.status_code == 422
    assert "Enter a valid date." in answer.text
    assert acme_board.now(task).due_date is None


def test_a_day_without_being_asked_for_changes_nothing(as_bob, acme_board):
    task = acme_board.add()
    answer = as_bob.post(EDIT, picked(task, due_date="2031-02-03", priority="1"))
    assert answer.status_code == 302
    now = acme_board.now(task)
    assert (now.due_date, now.priority) == (None, 1)


@given(st.text(max_size=30), st.sampled_from(["status", "priority", "assignee", "due"]))
def test_whatever_is_sent_is_either_a_choice_or_refused(
    as_bob, acme_board, text, field
):
    task = acme_board.add()
    answer = as_bob.post(EDIT, picked(task, **{field: text}))
    changed = acme_board.history(task)[1:]
    assert answer.status_code in (302, 422)
    assert not changed or answer.status_code == 302


def test_fields_that_are_not_on_the_form_are_not_set(as_bob, acme_board, cast):
    task = acme_board.add("Mine")
    extra = {"title": "Theirs", "number": "9", "organization_id": str(cast.globex.pk)}
    as_bob.post(EDIT, picked(task, status="done", deleted_at="2020-01-01", **extra))
    now = acme_board.now(task)
    assert (now.title, now.number, now.deleted_at) == ("Mine", task.number, None)
    assert now.organization_id == cast.acme.pk


def test_an_address_that_narrows_in_an_unknown_way_is_not_guessed(
    acme_board, cast, monkeypatch
):
    monkeypatch.delitem(CONDITIONS, "priority")
    task = acme_board.add(priority=5)
    selection = Selection.of([], "?priority=5")
    with no_context(), acme_board.inside(), pytest.raises(NotUnderstood):
        flows.remove_tasks(selection=selection, by=cast.alice)
    assert acme_board.now(task).deleted_at is None


def test_a_task_deleted_between_is_taken_back_where_it_lies(as_bob, acme_board, kept):
    task, other = acme_board.add_many(2)
    as_bob.post(EDIT, picked(task, other, priority="5"))
    change = kept.last()
    as_bob.post(DELETE, picked(task))
    as_bob.post(f"{CHANGES}{change.pk}/undo/")
    assert acme_board.now(task).deleted_at is not None
    assert [acme_board.now(one).priority for one in (task, other)] == [3, 3]
    as_bob.post("/tasks/trash/restore/", picked(task))
    assert [one.priority for one in acme_board.all()] == [3, 3]


def test_a_deletion_is_taken_back_though_something_else_was_changed_before(
    as_bob, acme_board, kept
):
    task = acme_board.add()
    as_bob.post(EDIT, picked(task, status="done"))
    edited = kept.last()
    as_bob.post(DELETE, picked(task))
    as_bob.post(f"{CHANGES}{kept.last().pk}/undo/")
    now = acme_board.now(task)
    assert (now.status, now.deleted_at) == ("done", None)
    as_bob.post(f"{CHANGES}{edited.pk}/undo/")
    assert acme_board.now(task).status == "todo"


def test_what_is_changed_back_by_hand_is_left_as_it_is(as_bob, acme_board, kept):
    task = acme_board.add()
    as_bob.post(EDIT, picked(task, priority="5"))
    by_hand(acme_board, task, priority=3)
    as_bob.post(f"{CHANGES}{kept.last().pk}/undo/")
    assert acme_board.now(task).priority == 3
    assert len(acme_board.history(task, "task.edited")) == 2


def test_a_change_tells_one_entry_when_the_whole_is_undone(as_bob, acme_board, kept):
    tasks = acme_board.add_many(3)
    as_bob.post(EDIT, picked(*tasks, status="done"))
    as_bob.post(f"{CHANGES}{kept.last().pk}/undo/")
    [entry] = entries(acme_board, "changeset.undone")
    assert entry.target_id == str(kept.last().pk)
    assert entry.after == {"reverted": 3, "kept": 0}


@pytest.mark.parametrize("state", [State.RUNNING, State.UNDOING, State.UNDONE])
def test_only_what_is_done_is_undone(as_bob, acme_board, kept, state):
    task = acme_board.add()
    as_bob.post(EDIT, picked(task, status="done"))
    change = kept.last()
    with no_context(), acme_board.inside():
        ChangeSet.objects.filter(pk=change.pk).update(
            state=state, undone_by=acme_board.owner, undone_at=change.created_at
        )
        with pytest.raises(flows.NotUndoable):
            flows.undo(change_set=change, by=acme_board.owner)
    page = as_bob.get(f"{CHANGES}{change.pk}/").text
    assert "rotate-ccw" not in page
    assert acme_board.now(task).status == "done"


@pytest.mark.parametrize("bad", ["x", "0", "1" * 40])
def test_a_change_with_an_odd_address_is_not_there(as_bob, bad):
    assert as_bob.get(f"{CHANGES}{bad}/").status_code == 404
    assert as_bob.post(f"{CHANGES}{bad}/undo/").status_code == 404


def test_an_unknown_change_is_not_there(as_bob):
    for headers in ({}, HTMX):
        answer = as_bob.get(f"{CHANGES}{uuid.uuid4()}/", headers=headers)
        assert answer.status_code == 404
    assert as_bob.post(f"{CHANGES}{uuid.uuid4()}/undo/").status_code == 404


def test_an_undo_is_not_led_to_another_site(as_bob, acme_board, kept):
    as_bob.post(EDIT, picked(acme_board.add(), status="done"))
    address = f"{CHANGES}{kept.last().pk}/"
    elsewhere = {"referer": "https://evil.example/tasks/"}
    answer = as_bob.post(f"{address}undo/", headers=elsewhere)
    assert answer.status_code == 302
    assert "evil" not in answer["Location"]
    assert kept.last().state == State.UNDONE
