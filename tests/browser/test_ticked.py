"""Ticking rows of the list, changing them and taking that back, in a real browser."""

import pytest

from organizations.tenancy import no_context, tenant
from tasks.flows import create_tasks
from tasks.models import Task
from tests.browser.test_first_day import sign_in

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "operator"])
both_ways = pytest.mark.parametrize("scripts", [True, False], indirect=True)
with_scripts = pytest.mark.parametrize("scripts", [True], indirect=True)


@pytest.fixture
def alice(visit, cast):
    with no_context(), tenant(cast.acme, cast.alice):
        drafts = [{"title": f"Oar {number}"} for number in range(4)]
        create_tasks(by=cast.alice, drafts=drafts)
    visitor = visit(viewport={"width": 1280, "height": 800})
    sign_in(visitor, cast.alice)
    visitor.go("/tasks/")
    return visitor


def stored(cast):
    """Return the fields of Acme's tasks, the newest first as on the page."""
    with no_context(), tenant(cast.acme, cast.alice):
        rows = Task.objects.order_by("-number")
        return [(task.status, task.priority) for task in rows]


@both_ways
def test_ticked_tasks_are_changed_and_come_back(alice, cast, scripts):
    page = alice.page
    bar = page.locator("#bulk")
    assert not bar.is_visible()
    if not scripts:
        alice.press("Select", role="link")
    page.locator(".pick").nth(0).check()
    page.locator(".pick").nth(1).check()
    assert bar.is_visible()
    if scripts:
        page.locator("[popovertarget=bulk-priority]").click()
        page.locator("#bulk-priority").get_by_role("button", name="High").click()
    else:
        alice.press("Change…")
        assert "Change 2 tasks" in alice.text()
        page.get_by_label("Priority").select_option("5")
        alice.press("Change")
    page.get_by_text("2 tasks changed").wait_for()
    assert stored(cast) == [("todo", 5), ("todo", 5), ("todo", 3), ("todo", 3)]
    if scripts:
        assert alice.faults() == []
    alice.press("Undo")
    page.get_by_text("2 tasks are as they were").wait_for()
    assert stored(cast) == [("todo", 3)] * 4


@both_ways
def test_what_was_deleted_is_taken_out_of_the_trash(alice, cast, scripts):
    page = alice.page
    if not scripts:
        alice.press("Select", role="link")
    page.locator(".pick").nth(3).check()
    if not scripts:
        alice.press("Change…")
    alice.press("Move to trash")
    page.get_by_text("1 task moved to the trash").wait_for()
    assert len(stored(cast)) == 3
    alice.go("/tasks/trash/")
    page.locator("[name=pick]").first.check()
    alice.press("Restore selected")
    page.get_by_text("1 task is back").wait_for()
    assert len(stored(cast)) == 4


@with_scripts
def test_keys_tick_rows_and_open_the_menus(alice, cast, scripts):
    page = alice.page
    for key in ("j", "x", "j", "j", "Shift+X"):
        page.keyboard.press(key)
    page.get_by_text("3 selected").wait_for()
    page.keyboard.press("s")
    page.locator("#bulk-status").get_by_role("button", name="Done").click()
    page.get_by_text("3 tasks changed").wait_for()
    assert [status for status, _prio in stored(cast)] == ["done"] * 3 + ["todo"]


@with_scripts
def test_all_that_match_are_one_tick_and_nothing_is_ticked_again(alice, cast, scripts):
    page = alice.page
    page.locator(".pick").first.check()
    page.get_by_label("All 4 matching").check()
    assert page.locator(".pick:checked").count() == 4
    page.get_by_text("All selected").wait_for()
    page.locator(".pick").nth(2).uncheck()
    assert not page.get_by_label("All 4 matching").is_checked()
    page.get_by_text("3 selected").wait_for()
    alice.press("Clear selection")
    assert page.locator(".pick:checked").count() == 0
    assert not page.locator("#bulk").is_visible()
    page.keyboard.press("s")
    assert page.locator("[popover]:popover-open").count() == 0
    assert alice.faults() == []
