"""What is selected: never more than the list has shown."""

from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from organizations.tenancy import no_context
from tasks import queries
from tasks.changesets.selection import CONDITIONS, SHOWN, NotUnderstood, Selection
from tasks.changesets.selection import matching as found_by
from tasks.filters import Filters


def test_every_filter_of_a_list_is_understood():
    """A filter that is added to the list is added here too, or says why not."""
    assert {field.name for field in fields(Filters)} == {*CONDITIONS, *SHOWN}


def test_an_unknown_filter_selects_nothing(acme_board, cast, monkeypatch):
    monkeypatch.delitem(CONDITIONS, "priority")
    with no_context(), acme_board.inside(), pytest.raises(NotUnderstood):
        found_by(replace(Filters(), priority=5), cast.alice.pk)


def test_a_selection_is_the_same_after_it_was_kept(acme_board):
    task = acme_board.add()
    for one in (
        Selection.of([task.pk, 7, task.pk, 7], None),
        Selection.of([], "?status=done&q=a+b"),
    ):
        assert Selection.read(one.kept()) == one
    assert Selection.of([task.pk, 7, task.pk, 7], None).size == 2


@given(
    words=st.sampled_from(["", "oar", "north oar", "xyz"]),
    status=st.sampled_from(["", "todo", "done"]),
    priority=st.sampled_from([None, 1, 5]),
    assignee=st.sampled_from(["", "me", "nobody"]),
)
def test_it_is_what_the_list_leads_to(
    acme_board, cast, words, status, priority, assignee
):
    if not acme_board.all():
        fill(acme_board, cast)
    filters = Filters(words, status, priority, assignee)
    with no_context(), acme_board.inside():
        shown = {row.id for row in queries.task_list(filters, cast.alice.pk).rows}
        selected = set(found_by(filters, cast.alice.pk).values_list("pk", flat=True))
    assert {str(pk) for pk in selected} == shown


def fill(board, cast):
    for number, status in enumerate(["todo", "done"] * 6):
        board.add(
            ["Paint the oar", "North gate", "Northern oars"][number % 3],
            status=status,
            priority=[1, 3, 5][number % 3],
            assignees=[[], [cast.alice], [cast.bob, cast.alice]][number // 4],
        )
