"""The board under a pointer, under the keys, and without scripts."""

import pytest

from tests.browser.test_first_day import sign_in
from tests.tasks.conftest import Board

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "operator"])
both_ways = pytest.mark.parametrize("scripts", [True, False], indirect=True)
with_scripts = pytest.mark.parametrize("scripts", [True], indirect=True)


@pytest.fixture
def tasks(cast):
    board = Board(cast.acme, cast.alice)
    return [board.add(f"Task {number}") for number in range(3)]


def titles(visitor, status):
    return visitor.page.locator(f"#column-{status} h3").all_inner_texts()


def drag(visitor, title, target):
    card = visitor.page.locator("li", has_text=title).first
    card.drag_to(visitor.page.locator(target))


@with_scripts
def test_a_card_is_dragged_and_stays_there(visit, cast, scripts, tasks):
    bob = visit()
    sign_in(bob, cast.bob)
    bob.go("/tasks/board/")
    assert titles(bob, "todo") == ["Task 2", "Task 1", "Task 0"]
    with bob.page.expect_response("**/move/") as answer:
        drag(bob, "Task 1", "#column-done ol")
    assert answer.value.status == 204
    bob.page.get_by_text("ACME-2 moved to Done").wait_for()
    assert titles(bob, "done") == ["Task 1"]
    assert bob.page.inner_text("#column-done .count") == "1"
    assert bob.faults() == []
    bob.go("/tasks/board/")
    assert titles(bob, "done") == ["Task 1"]
    assert titles(bob, "todo") == ["Task 2", "Task 0"]


@with_scripts
def test_a_card_the_server_refuses_goes_back(visit, cast, scripts, tasks):
    bob = visit()
    sign_in(bob, cast.bob)
    bob.go("/tasks/board/")
    bob.page.route("**/move/", lambda route: route.fulfill(status=503))
    drag(bob, "Task 1", "#column-done ol")
    bob.page.wait_for_function("() => !document.querySelector('#column-done li')")
    assert titles(bob, "todo") == ["Task 2", "Task 1", "Task 0"]


@with_scripts
def test_keys_walk_and_move(visit, cast, scripts, tasks):
    bob = visit()
    sign_in(bob, cast.bob)
    bob.go("/tasks/board/")
    bob.page.locator("#column-todo h3 a").first.focus()
    bob.page.keyboard.press("ArrowDown")
    assert bob.page.evaluate("document.activeElement.textContent") == "Task 1"
    bob.page.keyboard.press("s")
    bob.page.locator("#status-menu button", has_text="In review").click()
    bob.page.get_by_text("ACME-2 moved to In review").wait_for()
    assert titles(bob, "in_review") == ["Task 1"]
    assert bob.page.evaluate("document.activeElement.textContent") == "Task 1"
    bob.page.keyboard.press("ArrowLeft")
    assert bob.page.evaluate("document.activeElement.textContent") == "Task 2"
    assert bob.faults() == []


@both_ways
def test_a_plain_page_moves_a_card(visit, cast, scripts, tasks):
    bob = visit(viewport={"width": 390, "height": 800})
    sign_in(bob, cast.bob)
    bob.go(f"/tasks/{tasks[0].pk}/move/")
    bob.page.select_option("[name=status]", "done")
    bob.press("Move")
    assert bob.page.url.endswith("/tasks/board/")
    assert titles(bob, "done") == ["Task 0"]
