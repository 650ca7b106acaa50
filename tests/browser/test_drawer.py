"""A task in a drawer over the page it was opened from, in a real browser."""

import re

import pytest

from organizations.tenancy import no_context, tenant
from tasks.comments.models import Comment
from tasks.models import Task
from tests.browser.test_first_day import sign_in
from tests.tasks.conftest import Board

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "operator"])
both_ways = pytest.mark.parametrize("scripts", [True, False], indirect=True)
with_scripts = pytest.mark.parametrize("scripts", [True], indirect=True)
looks = pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
TITLE = "#task-title"


@pytest.fixture
def board(cast):
    return Board(cast.acme, cast.alice)


@pytest.fixture
def tasks(cast, board):
    return [board.add(f"Task {number}", assignees=[cast.bob]) for number in range(4)]


@pytest.fixture
def open_at(visit, cast, tasks):
    """Sign Bob in and open a page of tasks."""

    def opened(address="/tasks/", **options):
        bob = visit(**options)
        sign_in(bob, cast.bob)
        bob.go(address)
        return bob

    return opened


def choose(visitor, title):
    visitor.press(title, "link")
    see(visitor, title)


def see(visitor, title):
    visitor.page.locator(TITLE, has_text=re.compile(f"^{title}$")).wait_for()


def gone(visitor):
    visitor.page.locator("#drawer").wait_for(state="hidden")


def address(visitor):
    return visitor.page.url.removeprefix(visitor.base)


def status_of(cast, task):
    with no_context(), tenant(cast.acme):
        return Task.objects.get(pk=task.pk).status


@with_scripts
@looks
def test_a_task_is_opened_changed_and_closed(
    open_at, cast, scripts, tasks, scheme, width
):
    bob = open_at(color_scheme=scheme, viewport={"width": width, "height": 800})
    choose(bob, "Task 2")
    assert address(bob) == f"/tasks/{tasks[2].number}/"
    assert bob.page.title().startswith("ACME-3 Task 2")
    bob.focuses("#task-title")
    assert bob.faults() == []
    bob.press("Next task", "link")
    see(bob, "Task 1")
    bob.page.locator("#drawer").get_by_role("button", name="To do").click()
    bob.page.locator("#drawer").get_by_role("button", name="Done").click()
    bob.page.locator("#rows-done", has_text="Task 1").wait_for(state="attached")
    bob.page.locator("#drawer #timeline", has_text="To do to Done").wait_for()
    assert status_of(cast, tasks[1]) == "done"
    bob.press("Close", "link")
    gone(bob)
    assert address(bob) == "/tasks/"
    assert bob.page.title().startswith("Tasks")
    bob.focuses(text="Task 1")
    assert bob.page.inner_text("[data-count=done]") == "1"
    assert bob.faults() == []


@with_scripts
def test_the_buttons_of_the_browser_close_and_open_it(open_at, scripts, tasks):
    bob = open_at("/tasks/?status=todo")
    choose(bob, "Task 3")
    bob.page.go_back()
    gone(bob)
    assert address(bob) == "/tasks/?status=todo"
    bob.focuses(text="Task 3")
    bob.page.go_forward()
    see(bob, "Task 3")
    assert address(bob) == f"/tasks/{tasks[3].number}/?status=todo"
    bob.page.reload()
    assert bob.page.locator("#drawer").count() == 0 or not bob.page.is_visible(
        "#drawer"
    )
    assert bob.page.inner_text("h1") == "Task 3"
    bob.page.go_back()
    bob.page.locator("h1", has_text="Tasks").wait_for()
    assert bob.page.locator(".task").count() == 4
    assert bob.heard == []


@with_scripts
def test_keys_open_step_and_close(open_at, scripts, tasks):
    bob = open_at("/tasks/?sort=priority&group=none")
    press = bob.page.keyboard.press
    press("j")
    press("j")
    bob.focuses(text="Task 2")
    press("Enter")
    see(bob, "Task 2")
    press("j")
    see(bob, "Task 1")
    press("j")
    see(bob, "Task 0")
    assert bob.page.get_by_role("button", name="Next task").is_disabled()
    press("j")
    press("k")
    see(bob, "Task 1")
    press("?")
    keys = bob.page.locator("#hotkeys")
    keys.get_by_text("Close what is open").wait_for()
    assert not keys.get_by_text("New task").is_visible()
    press("Escape")
    keys.wait_for(state="hidden")
    press("Escape")
    gone(bob)
    assert address(bob) == "/tasks/?sort=priority&group=none"
    bob.focuses(text="Task 1")


@with_scripts
def test_focus_stays_inside(open_at, scripts, tasks):
    bob = open_at()
    choose(bob, "Task 2")
    inside = "document.activeElement.closest('#drawer') || document.activeElement === document.body"
    for key in ["Tab"] * 25 + ["Shift+Tab"] * 30:
        bob.page.keyboard.press(key)
        assert bob.page.evaluate(f"Boolean({inside})")


@with_scripts
def test_words_that_were_not_sent_are_asked_about(open_at, cast, scripts, tasks):
    bob = open_at()
    choose(bob, "Task 2")
    area = bob.page.get_by_label("Comment", exact=True)
    question = bob.page.locator("#unsaved")
    leaves = [
        lambda: bob.page.keyboard.press("Escape"),
        lambda: bob.page.get_by_role("link", name="Close", exact=True).click(),
        lambda: bob.page.get_by_role("link", name="Next task").click(),
        lambda: bob.page.mouse.click(20, 700),
        lambda: bob.page.go_back(),
    ]
    area.fill("Eleven so far.")
    for leave in leaves:
        leave()
        question.wait_for()
        bob.press("Keep writing")
        question.wait_for(state="hidden")
        assert area.input_value() == "Eleven so far."
        assert address(bob) == f"/tasks/{tasks[2].number}/"
    assert bob.faults() == []
    bob.page.keyboard.press("Escape")
    bob.press("Discard")
    gone(bob)
    assert address(bob) == "/tasks/"
    with no_context(), tenant(cast.acme):
        assert not Comment.objects.exists()


@with_scripts
def test_talk_and_watching_work_in_it(open_at, cast, scripts, tasks):
    bob = open_at()
    choose(bob, "Task 2")
    bob.fill("Comment", "Eleven so *far*.")
    bob.press("Comment")
    bob.page.locator("#drawer .comment", has_text="Eleven so far.").wait_for()
    bob.page.locator(".task .talk", has_text="1").wait_for(state="attached")
    bob.press("Stop watching")
    bob.page.get_by_role("button", name="Watch", exact=True).wait_for()
    bob.page.keyboard.press("Escape")
    gone(bob)
    assert bob.page.locator(".task", has_text="Task 2").locator(".talk").count() == 1
    assert bob.faults() == []


@with_scripts
def test_status_leaves_the_words_that_are_being_written(open_at, cast, scripts, tasks):
    bob = open_at("/tasks/board/")
    choose(bob, "Task 2")
    bob.fill("Comment", "Eleven")
    bob.page.locator("#drawer").get_by_role("button", name="To do").click()
    bob.page.locator("#drawer").get_by_role("button", name="In review").click()
    bob.page.locator("#column-in_review", has_text="Task 2").wait_for(state="attached")
    assert bob.page.get_by_label("Comment", exact=True).input_value() == "Eleven"
    assert bob.page.inner_text("#column-in_review .count") == "1"
    assert bob.page.inner_text("#column-todo .count") == "3"


@with_scripts
def test_a_card_is_opened_and_focus_comes_back(open_at, scripts, tasks):
    bob = open_at("/tasks/board/?priority=3")
    choose(bob, "Task 2")
    assert address(bob) == f"/tasks/{tasks[2].number}/?priority=3&view=board"
    assert bob.faults() == []
    bob.page.keyboard.press("Escape")
    gone(bob)
    bob.focuses(text="Task 2")
    bob.page.keyboard.press("ArrowDown")
    bob.focuses(text="Task 1")


@with_scripts
def test_ones_own_tasks_open_in_it_too(open_at, scripts, tasks):
    bob = open_at("/tasks/mine/")
    choose(bob, "Task 2")
    assert address(bob).endswith("?view=mine")
    bob.press("Next task", "link")
    see(bob, "Task 1")
    bob.page.keyboard.press("Escape")
    gone(bob)
    assert address(bob) == "/tasks/mine/"


@with_scripts
def test_a_task_goes_to_the_trash_with_its_row_and_comes_back(
    visit, cast, scripts, tasks
):
    alice = visit()
    sign_in(alice, cast.alice)
    alice.go("/tasks/")
    choose(alice, "Task 2")
    alice.press("More actions")
    alice.press("Move to trash")
    gone(alice)
    alice.page.get_by_text("ACME-3 moved to the trash").wait_for()
    assert alice.page.locator(".task", has_text="Task 2").count() == 0
    assert alice.page.inner_text("[data-count=todo]") == "3"
    alice.focuses(text="Task 1")
    assert alice.faults() == []
    alice.press("Undo")
    assert "Task 2" in alice.text()
    alice.go("/tasks/")
    assert alice.page.inner_text("[data-count=todo]") == "4"


@with_scripts
def test_a_task_that_is_gone_leaves_the_page_as_it_is(
    open_at, cast, scripts, board, tasks
):
    bob = open_at()
    with no_context(), board.inside():
        Task.objects.get(pk=tasks[2].pk).remove(by=cast.alice)
    bob.press("Task 2", "link")
    bob.page.get_by_text("This is not there any more").wait_for()
    assert address(bob) == "/tasks/"
    assert not bob.page.is_visible("#drawer")
    choose(bob, "Task 1")


@with_scripts
def test_a_key_held_opens_the_task_elsewhere(open_at, scripts, tasks):
    bob = open_at()
    with bob.page.context.expect_page() as fresh:
        bob.page.get_by_role("link", name="Task 2").click(modifiers=["Control"])
    assert fresh.value.url.endswith(f"/tasks/{tasks[2].number}/")
    assert not bob.page.is_visible("#drawer")
    choose(bob, "Task 2")
    bob.press("Open as page", "link")
    assert bob.page.inner_text("h1") == "Task 2"


@pytest.mark.parametrize("scripts", [False], indirect=True)
def test_without_scripts_the_links_lead_to_pages(open_at, cast, scripts, tasks):
    bob = open_at(
        "/tasks/?status=todo&group=none", viewport={"width": 390, "height": 800}
    )
    bob.press("Task 2", "link")
    assert bob.page.inner_text("h1") == "Task 2"
    bob.press("Next task", "link")
    assert bob.page.inner_text("h1") == "Task 1"
    bob.press("Mark done")
    assert status_of(cast, tasks[1]) == "done"
    assert address(bob) == f"/tasks/{tasks[1].number}/?status=todo&group=none"
    bob.press("Previous task", "link")
    assert bob.page.inner_text("h1") == "Task 2"
    bob.page.locator(".crumbs").get_by_role("link", name="Tasks").click()
    assert address(bob) == "/tasks/?status=todo&group=none"
    bob.page.locator(".task").nth(2).wait_for()
    assert bob.page.locator(".task").count() == 3


@with_scripts
@pytest.mark.parametrize("place", ["list", "drawer", "page"])
def test_choosing_the_present_status_closes_the_menu(
    open_at, cast, scripts, tasks, place
):
    bob = open_at(f"/tasks/{tasks[3].pk}/" if place == "page" else "/tasks/")
    if place == "drawer":
        choose(bob, "Task 3")
        bob.page.locator("#drawer").get_by_role("button", name="To do").click()
    elif place == "page":
        bob.page.get_by_role("button", name="To do").first.click()
    else:
        bob.page.locator(".task a.st").first.click()
    menu = bob.page.locator(".menu:popover-open")
    menu.get_by_role("button", name="To do").click()
    menu.wait_for(state="detached")
    assert status_of(cast, tasks[3]) == "todo"
    assert bob.faults() == []
