"""Change-sets in the operator's console: found, narrowed, and left as they are."""

import pytest

from organizations.tenancy import no_context, tenant
from tasks.changesets import flows
from tasks.changesets.models import ChangeSet, ChangeSetItem, State
from tasks.changesets.selection import Selection
from tasks.flows import create_tasks
from tasks.models import Task
from tests.operator.conftest import CONSOLE, SOME_ID, address, look

__all__ = ["look"]

pytestmark = CONSOLE

LIST = address(ChangeSet, "changelist")


@pytest.fixture
def changed(cast):
    """Set the priority of some tasks of an organization, or delete them."""

    def make(home, count, **changes):
        owner = {"acme": cast.alice, "globex": cast.charlie}[home]
        drafts = [{"title": f"Task {number}"} for number in range(count)]
        with no_context(), tenant(getattr(cast, home), owner):
            tasks = create_tasks(by=owner, drafts=drafts)
            chosen = Selection.of([task.pk for task in tasks], None)
            if not changes:
                return flows.remove_tasks(selection=chosen, by=owner)
            return flows.edit_tasks(selection=chosen, by=owner, changes=changes)

    return make


def test_changes_of_all_organizations_stand_in_one_list(as_olga, changed):
    changed("acme", 2, priority=5)
    changed("globex", 3)
    page = as_olga.get(LIST).text
    for words in ("Acme", "Globex", "Alice Example", "Charlie Example"):
        assert words in page


def test_changes_are_narrowed_by_kind_state_and_organization(as_olga, changed):
    changed("acme", 1, priority=5)
    changed("globex", 1)

    def people(**query):
        page = as_olga.get(LIST, query).text
        return [name for name in ("Alice", "Charlie") if f"{name} Example" in page]

    assert people(kind__exact="delete") == ["Charlie"]
    assert people(kind__exact="bulk_edit") == ["Alice"]
    assert people(kind__exact="import") == []
    assert people(state__exact="done") == ["Alice", "Charlie"]
    assert people(state__exact="running") == []
    assert people(q="globex") == ["Charlie"]
    assert people(q="nowhere") == []


def test_a_change_tells_what_was_set_and_how_much_was_kept(
    as_olga, cast, changed, look
):
    made = changed("acme", 3, priority=5)
    with no_context(), tenant(cast.acme, cast.alice):
        Task.objects.order_by("number").first().edit(by=cast.alice, priority=1)
        flows.undo(change_set=made, by=cast.adam)
    page = as_olga.get(address(ChangeSet, "change", made.pk))
    assert page.status_code == 200
    for words in ("priority", "Undone", "Adam Example", "Alice Example"):
        assert words in page.text
    now = look(lambda: ChangeSet.objects.get(pk=made.pk))
    assert (now.state, now.reverted, now.kept) == (State.UNDONE, 2, 1)


def test_staff_take_nothing_back_on_behalf_of_others(as_olga, changed, look):
    made = changed("acme", 2, priority=5)
    where = address(ChangeSet, "change", made.pk)
    for values in ({"state": "undone"}, {"count": "0"}, {"_save": "Save"}):
        assert as_olga.post(where, values).status_code == 403
    now = look(lambda: ChangeSet.objects.get(pk=made.pk))
    assert (now.state, now.count) == (State.DONE, 2)
    assert look(lambda: set(Task.objects.values_list("priority", flat=True))) == {5}


def test_staff_end_no_changes_from_the_list(as_olga, changed, look):
    made = changed("acme", 2, priority=5)
    chosen = {"action": "delete_selected", "_selected_action": [str(made.pk)]}
    as_olga.post(LIST, {**chosen, "index": 0, "post": "yes"})
    assert look(lambda: ChangeSet.objects.filter(pk=made.pk).exists())
    assert (
        look(lambda: ChangeSetItem.objects.filter(change_set_id=made.pk).count()) == 2
    )


def test_an_unknown_change_leads_back_to_the_console(as_olga):
    answer = as_olga.get(address(ChangeSet, "change", SOME_ID))
    assert (answer.status_code, answer["Location"]) == (302, "/admin/")


def test_owners_do_not_come_into_the_console(as_alice, changed):
    made = changed("acme", 1, priority=5)
    for where in (LIST, address(ChangeSet, "change", made.pk)):
        answer = as_alice.get(where)
        assert answer.status_code != 200
        assert "Alice Example" not in answer.text
