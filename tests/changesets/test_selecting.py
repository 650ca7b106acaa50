"""Which tasks a selection holds, and who may do what to them."""

import uuid
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from organizations.tenancy import no_context
from tasks.changesets.forms import MOST_PICKED, as_pick
from tasks.changesets.selection import Selection
from tasks.models import Task
from tests.changesets.test_bulk import DELETE, EDIT, picked
from tests.changesets.things import a_label, a_team, entries, give_abilities

HTMX = {"HX-Request": "true"}


@pytest.fixture
def chosen(acme_board, cast):
    """Return the numbers of what a selection holds, as somebody of Acme."""

    def numbers(selection, me="bob"):
        with no_context(), acme_board.inside():
            rows = selection.rows(getattr(cast, me).pk)
            return sorted(rows.values_list("number", flat=True))

    return numbers


def everything(**values):
    """Select all that an address leads to."""
    return Selection.of([], "?" + urlencode(values))


def all_of(**values):
    """Tick all that an address leads to, in the form."""
    return {"all": "on", "matching": "?" + urlencode(values)}


@pytest.mark.parametrize(
    ("text", "pick"),
    [
        ("7", 7),
        ("007", 7),
        ("999999999", 999_999_999),
        ("1000000000", None),
        ("-1", None),
        ("٣", None),
        ("1\n", None),
        (" 1", None),
        ("", None),
        ("\0", None),
        ("ACME-1", None),
    ],
)
def test_numbers_are_few_plain_digits(text, pick):
    assert as_pick(text) == pick


@given(st.uuids())
def test_ids_are_read_in_every_way_to_write_them(one):
    assert as_pick(str(one)) == as_pick(one.hex.upper()) == as_pick(one.urn) == one


@given(st.text())
def test_whatever_is_ticked_is_an_id_a_number_or_nothing(text):
    found = as_pick(text)
    assert found is None or isinstance(found, uuid.UUID) or 0 <= found < 10**9


@given(st.lists(st.one_of(st.uuids(), st.integers(0, 10**9 - 1))))
def test_a_selection_is_read_as_it_was_kept(picks):
    selection = Selection.of(picks, None)
    assert selection.size == len(set(picks))
    assert Selection.read(selection.kept()).kept() == selection.kept()


def test_a_selection_by_address_is_read_as_it_was_kept():
    selection = Selection.of([1, 2], "?status=done")
    assert selection.size == 0
    assert Selection.read(selection.kept()) == selection


def test_tasks_ticked_twice_and_in_two_ways_are_changed_once(as_bob, acme_board, kept):
    task = acme_board.add()
    ticks = [str(task.pk), task.pk.hex, str(task.number), f"0{task.number}"]
    as_bob.post(EDIT, {"pick": ticks, "status": "done"})
    assert (kept.last().total, kept.last().count) == (1, 1)
    assert len(acme_board.history(task, "task.moved")) == 1


def test_as_many_as_a_page_can_have_are_accepted(as_bob, acme_board):
    task = acme_board.add()
    rest = [str(uuid.uuid4()) for _ in range(MOST_PICKED - 1)]
    answer = as_bob.post(EDIT, {"pick": [*rest, str(task.pk)], "status": "done"})
    assert answer.status_code == 302
    assert acme_board.now(task).status == "done"


def test_one_more_is_refused_with_the_reason(as_bob, acme_board):
    task = acme_board.add()
    rest = [str(uuid.uuid4()) for _ in range(MOST_PICKED)]
    for address in (EDIT, DELETE):
        many = {"pick": [*rest, str(task.pk)], "status": "done"}
        answer = as_bob.post(address, many)
        assert answer.status_code == 422
        assert "Select at most 900 tasks one by one." in answer.text
    assert acme_board.now(task).status == "todo"
    assert acme_board.now(task).deleted_at is None


@pytest.mark.parametrize("bad", ["x", "\0", "9" * 30, "💥"])
def test_only_nonsense_ticked_is_nothing_selected(as_bob, acme_board, bad):
    acme_board.add()
    for address in (EDIT, DELETE):
        answer = as_bob.post(address, {"pick": bad, "status": "done"})
        assert answer.status_code == 422
        assert "Select at least one task." in answer.text
    assert entries(acme_board, "task.moved") == []


def test_an_empty_tick_for_all_is_none(as_bob, acme_board):
    task = acme_board.add()
    values = {"all": "", "matching": "?status=todo", "status": "done"}
    assert as_bob.post(EDIT, values).status_code == 422
    assert acme_board.now(task).status == "todo"


def test_nobodys_and_ones_own_are_found(acme_board, cast, chosen):
    for doers in ([], [cast.bob], [cast.bob, cast.vera], [cast.vera]):
        acme_board.add(assignees=doers)
    assert chosen(everything(assignee="nobody")) == [1]
    assert chosen(everything(assignee="me")) == [2, 3]
    assert chosen(everything(assignee="me"), "vera") == [3, 4]
    assert chosen(everything(assignee=cast.vera.pk)) == [3, 4]
    assert chosen(everything(assignee=cast.charlie.pk)) == []
    assert chosen(everything(assignee=uuid.uuid4())) == []


def test_labels_and_teams_narrow_alone_and_together(acme_board, globex_board, chosen):
    label, team = a_label(acme_board, "Box"), a_team(acme_board, "Workshop")
    acme_board.add(labels=[label])
    acme_board.add(team=team)
    acme_board.add(labels=[label], team=team, status="done")
    assert chosen(everything(label=label.pk)) == [1, 3]
    assert chosen(everything(team=team.pk)) == [2, 3]
    assert chosen(everything(label=label.pk, team=team.pk)) == [3]
    assert chosen(everything(label=label.pk, team=team.pk, status="todo")) == []
    theirs = a_team(globex_board, "Workshop")
    assert chosen(everything(team=theirs.pk)) == []


def test_how_a_list_is_shown_leaves_nothing_out(acme_board, chosen):
    tasks = acme_board.add_many(3, priority=5)
    last = f"1_{tasks[1].pk}"
    for shown in ({"sort": "due"}, {"group": "priority"}, {"cursor": last}):
        assert chosen(everything(priority="5", **shown)) == [1, 2, 3]


def test_a_page_of_a_list_is_not_all_that_it_leads_to(as_bob, acme_board, kept):
    tasks = acme_board.add_many(3)
    cursor = f"1_{tasks[0].pk}"
    as_bob.post(EDIT, all_of(status="todo", cursor=cursor) | {"status": "done"})
    assert kept.last().count == 3
    assert kept.last().selection["matching"] == "?status=todo"


@pytest.mark.parametrize("words", ["gate", "GATE nor", "north gate", "gat"])
def test_words_find_what_the_lists_search_finds(acme_board, chosen, words):
    acme_board.add("Repair the north gate")
    acme_board.add("Buy paint", description="for the fence")
    assert chosen(everything(q=words)) == [1]


@pytest.mark.parametrize("words", ["'", "a & | !", "(:*", "\\", "<->", "%", "ß\u0301"])
def test_strange_words_select_nothing_and_break_nothing(
    as_bob, acme_board, kept, words
):
    acme_board.add("Repair the north gate")
    answer = as_bob.post(EDIT, all_of(q=words) | {"status": "done"})
    assert answer.status_code == 302
    assert all(change.count == 0 for change in kept.all())
    assert [task.status for task in acme_board.all()] == ["todo"]


@given(st.text(max_size=30))
def test_any_words_select_a_part_of_all(acme_board, chosen, words):
    with no_context(), acme_board.inside():
        every = Task.objects.count()
    if not every:
        acme_board.add("Repair the north gate")
    assert set(chosen(everything(q=words))) <= {1}


def test_an_address_longer_than_any_list_has_is_refused(as_bob, acme_board):
    task = acme_board.add()
    values = {"all": "on", "matching": "?q=" + "x" * 2_000, "status": "done"}
    for address in (EDIT, DELETE):
        answer = as_bob.post(address, values)
        assert answer.status_code == 422
        assert "at most 2000 characters" in answer.text
    assert acme_board.now(task).status == "todo"
    assert acme_board.now(task).deleted_at is None


def test_what_is_in_the_trash_is_never_selected(as_bob, acme_board, chosen):
    first, second = acme_board.add_many(2)
    as_bob.post(DELETE, picked(first))
    assert chosen(everything(status="todo")) == [2]
    assert chosen(Selection.of([first.pk, 1, second.pk], None)) == [2]


def test_all_of_a_list_go_to_the_trash(as_bob, acme_board, globex_board, kept):
    theirs = globex_board.add(priority=1)
    acme_board.add_many(3, priority=1)
    other = acme_board.add()
    answer = as_bob.post(DELETE, all_of(priority="1"), follow=True)
    assert answer.redirect_chain == [("/tasks/?priority=1", 302)]
    assert "3 tasks moved to the trash" in answer.text
    assert [task.pk for task in acme_board.all()] == [other.pk]
    assert len(entries(acme_board, "task.removed")) == 3
    assert globex_board.now(theirs).deleted_at is None
    assert kept.last().count == 3


def test_deleting_twice_is_the_same_as_once(as_bob, acme_board, kept):
    task = acme_board.add()
    as_bob.post(DELETE, picked(task))
    answer = as_bob.post(DELETE, picked(task), follow=True)
    assert "Nothing to change: the tasks are so, or gone" in answer.text
    assert len(kept.all()) == 1
    assert len(acme_board.history(task, "task.removed")) == 1


@pytest.mark.parametrize(
    ("count", "title"), [(0, "Change 0 tasks"), (1, "Change 1 task"), (2, "2 tasks")]
)
def test_the_page_counts_what_it_is_about(as_bob, acme_board, count, title):
    if count:
        acme_board.add_many(count, priority=1)
    assert title in as_bob.get(f"{EDIT}?priority=1").text
    part = as_bob.get(f"{EDIT}?priority=1", headers=HTMX).text
    assert ("matching" in part) == (count > 1)


def test_who_may_edit_but_not_delete(sign_in, cast, acme_board):
    give_abilities(cast, "vera", "tasks.view", "tasks.edit")
    vera, task = sign_in(cast.vera, cast.acme), acme_board.add()
    for headers in ({}, HTMX):
        assert "Move to trash" not in vera.get(EDIT, headers=headers).text
    refused = vera.post(DELETE, picked(task))
    assert refused.status_code == 403
    assert "delete tasks" in refused.text
    assert acme_board.now(task).deleted_at is None
    assert vera.post(EDIT, picked(task, status="done")).status_code == 302
    assert acme_board.history(task, "task.moved")[0].actor_id == cast.vera.pk


def test_who_may_delete_but_not_edit(sign_in, cast, acme_board):
    give_abilities(cast, "vera", "tasks.view", "tasks.delete")
    vera, task = sign_in(cast.vera, cast.acme), acme_board.add()
    refused = vera.post(EDIT, picked(task, status="done"))
    assert refused.status_code == 403
    assert "change tasks" in refused.text
    assert acme_board.now(task).status == "todo"
    assert vera.post(DELETE, picked(task)).status_code == 302
    assert acme_board.now(task).deleted_at is not None


def test_who_may_not_even_see_tasks_sees_no_changes(sign_in, cast, acme_board):
    give_abilities(cast, "bob", "members.view")
    bob = sign_in(cast.bob, cast.acme)
    for address in (EDIT, "/tasks/changes/", "/tasks/trash/", "/tasks/new/several/"):
        assert bob.get(address).status_code == 403


def test_nobodys_person_and_a_stranger_are_led_elsewhere(client, as_nora, acme_board):
    task = acme_board.add()
    for who in (client, as_nora):
        for address in (EDIT, DELETE):
            answer = who.post(address, picked(task, status="done"))
            assert answer.status_code == 302
            assert not answer["Location"].startswith("/tasks/")
    assert acme_board.now(task).status == "todo"
    assert acme_board.now(task).deleted_at is None


@pytest.mark.parametrize("address", [DELETE, "/tasks/trash/restore/"])
def test_what_changes_is_never_asked_for_by_a_link(as_alice, address):
    assert as_alice.get(address).status_code == 405


@pytest.mark.parametrize("address", ["/tasks/changes/", "/tasks/trash/"])
def test_what_only_shows_takes_nothing(as_alice, address):
    assert as_alice.post(address).status_code == 405


@pytest.mark.parametrize("who", ["alice", "adam", "bob"])
def test_each_role_that_may_is_named_in_the_history(
    sign_in, cast, acme_board, kept, who
):
    person = getattr(cast, who)
    client, task = sign_in(person, cast.acme), acme_board.add()
    client.post(EDIT, picked(task, priority="5"))
    [entry] = acme_board.history(task, "task.edited")
    assert (entry.actor_id, entry.before, entry.after) == (
        person.pk,
        {"priority": 3},
        {"priority": 5},
    )
    assert kept.last().made_by_id == person.pk
