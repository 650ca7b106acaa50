"""Properties changed where they stand, Markdown looked at, keys, in a real browser."""

import pytest

from organizations.teams.flows import create_team
from organizations.tenancy import no_context, tenant
from tasks.labels.models import Label
from tests.browser.test_first_day import sign_in
from tests.browser.test_talk import see
from tests.tasks.conftest import Board

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "operator"])
both_ways = pytest.mark.parametrize("scripts", [True, False], indirect=True)
with_scripts = pytest.mark.parametrize("scripts", [True], indirect=True)


@pytest.fixture
def board(cast):
    made = Board(cast.acme, cast.alice)
    with no_context(), made.inside():
        Label.objects.create(name="Boxes", colour="red")
        create_team(name="Workshop", by=cast.alice)
    return made


@pytest.fixture
def task(board):
    return board.add("Order the winter tyres", description="Four **of** them.")


@pytest.fixture
def bob(visit, cast, task):
    visitor = visit(viewport={"width": 1280, "height": 800})
    sign_in(visitor, cast.bob)
    visitor.go(f"/tasks/{task.number}/")
    return visitor


def open_form(visitor, field):
    visitor.page.locator(f"a[href$='/change/{field}/']").click()
    visitor.page.locator(f"form#change-{field}").wait_for()


def fact(visitor, name):
    """Return the value that stands beside a property's name."""
    return visitor.page.locator("#facts dt", has_text=name).locator("+ dd")


def closed(visitor):
    visitor.page.locator("form.change").wait_for(state="detached")


@both_ways
def test_each_property_is_changed_where_it_stands(bob, cast, scripts, board, task):
    open_form(bob, "priority")
    bob.page.locator("button[value='5']").click()
    see_fact(bob, scripts, "Priority", "High")
    open_form(bob, "assignees")
    bob.page.get_by_label("Vera Example").check()
    bob.press("Save")
    see_fact(bob, scripts, "Assignees", "Vera Example")
    open_form(bob, "labels")
    bob.page.get_by_label("Boxes").check()
    bob.press("Save")
    see_fact(bob, scripts, "Labels", "Boxes")
    open_form(bob, "due_date")
    bob.page.fill("[name=due_date]", "2031-05-06")
    bob.press("Set")
    see_fact(bob, scripts, "Due", "6 May 2031")
    open_form(bob, "team")
    bob.page.locator("form.change button", has_text="Workshop").click()
    see_fact(bob, scripts, "Team", "Workshop")
    now = board.now(task)
    assert (now.priority, str(now.due_date)) == (5, "2031-05-06")
    assert board.doers(task) == {cast.vera.pk}
    assert len(board.history(task, "task.edited")) == 5
    assert not scripts or bob.faults() == []


def see_fact(visitor, scripts, name, words):
    if scripts:
        fact(visitor, name).filter(has_text=words).wait_for()
    assert words in fact(visitor, name).inner_text()


@both_ways
def test_title_and_description_are_written_where_they_stand(bob, scripts, board, task):
    open_form(bob, "title")
    bob.fill("Title", "Order the summer tyres")
    bob.press("Save")
    bob.page.locator("h1", has_text="summer").wait_for()
    open_form(bob, "description")
    bob.fill("Description", "Five *of* them.")
    bob.press("Preview", "tab" if scripts else "button")
    bob.page.locator(".shown em", has_text="of").wait_for()
    assert board.now(task).description == "Four **of** them."
    assert not scripts or bob.faults() == []
    bob.press("Save")
    closed(bob)
    bob.page.locator("#description .prose em", has_text="of").wait_for()
    now = board.now(task)
    assert (now.title, now.description) == ("Order the summer tyres", "Five *of* them.")


@with_scripts
def test_the_news_is_told_and_a_comment_that_is_typed_stays(bob, scripts, task):
    bob.fill("Comment", "Half a thought")
    open_form(bob, "priority")
    bob.page.keyboard.press("3")
    news = bob.page.locator("#timeline li").last
    news.filter(has_text="changed the priority from Medium to Low").wait_for()
    assert (
        bob.page.get_by_label("Comment", exact=True).input_value() == "Half a thought"
    )
    bob.focuses(f"[href='/tasks/{task.number}/change/priority/']")
    bob.page.on("dialog", lambda dialog: dialog.accept())


@with_scripts
def test_a_form_is_given_up_with_escape_and_by_its_button(bob, scripts, board, task):
    open_form(bob, "title")
    bob.fill("Title", "Something else")
    bob.page.keyboard.press("Escape")
    closed(bob)
    bob.focuses("[aria-label='Edit the title']")
    open_form(bob, "description")
    bob.press("Cancel", "link")
    closed(bob)
    assert bob.page.url.endswith(f"/tasks/{task.number}/")
    assert bob.page.locator("h1").inner_text() == task.title
    assert board.history(task, "task.edited") == []


@with_scripts
def test_a_refusal_stands_in_the_menu(bob, scripts, task):
    open_form(bob, "title")
    bob.page.eval_on_selector("[name=title]", "one => one.removeAttribute('required')")
    bob.fill("Title", " ")
    bob.press("Save")
    bob.page.locator("#title .error").wait_for()
    bob.focuses("[name=title]")
    assert bob.faults() == []


@with_scripts
def test_the_second_is_told_of_the_first_and_may_go_on(
    bob, visit, cast, scripts, board, task
):
    open_form(bob, "priority")
    alice = visit()
    sign_in(alice, cast.alice)
    alice.go(f"/tasks/{task.number}/change/priority/")
    alice.page.locator("button[value='1']").click()
    bob.page.locator("button[value='5']").click()
    told = bob.page.locator("#conflict")
    told.wait_for()
    assert "Alice Example changed this meanwhile" in told.inner_text()
    assert "Low" in told.inner_text()
    assert "You chose: High" in told.inner_text()
    assert bob.faults() == []
    bob.page.locator("button[value='5']").click()
    see_fact(bob, scripts, "Priority", "High")
    assert board.now(task).priority == 5


@with_scripts
def test_a_long_list_is_narrowed_by_typing(bob, scripts, board, task):
    with no_context(), board.inside():
        Label.objects.bulk_create(
            Label(name=f"Label {number}", colour="blue") for number in range(20)
        )
    open_form(bob, "labels")
    bob.focuses("[type=search]")
    bob.page.keyboard.type("box")
    assert bob.page.locator(".tick:visible").all_inner_texts() == ["Boxes"]
    bob.page.keyboard.press("Enter")
    bob.press("Save")
    see_fact(bob, scripts, "Labels", "Boxes")


@both_ways
def test_a_comment_is_looked_at_before_it_is_sent(bob, scripts):
    bob.fill("Comment", "Ask **@Vera Example**")
    face = bob.page.locator("#composer .faces button").last
    face.click()
    see(bob, scripts, "Ask @Vera Example")
    bob.page.locator("#composer .shown .mention").wait_for()
    if scripts:
        assert bob.faults() == []
        bob.page.keyboard.press("ArrowLeft")
        bob.focuses(text="Write")
    area = bob.page.get_by_label("Comment", exact=True)
    assert area.input_value() == "Ask **@Vera Example**"
    bob.press("Comment")
    bob.page.locator(".comment .mention", has_text="@Vera Example").wait_for()


@both_ways
def test_enter_in_the_title_makes_the_task(bob, scripts, board):
    bob.go("/tasks/new/")
    bob.fill("Title", "Count the oars")
    with bob.page.expect_navigation():
        bob.page.press("[name=title]", "Enter")
    assert "Count the oars" in {one.title for one in board.all()}


@with_scripts
def test_keys_of_a_task_open_its_properties(bob, scripts, task):
    for key, field in (("p", "priority"), ("a", "assignees"), ("l", "labels")):
        bob.page.keyboard.press(key)
        bob.page.locator(f"form#change-{field}").wait_for()
        bob.page.keyboard.press("Escape")
    bob.page.keyboard.press("s")
    bob.page.locator("#status").wait_for()
    bob.page.keyboard.press("Escape")
    with bob.page.expect_navigation():
        bob.page.keyboard.press("e")
    assert bob.page.url.endswith(f"/tasks/{task.pk}/edit/")


@with_scripts
def test_keys_of_a_row_change_it_in_its_list(bob, cast, scripts, board, task):
    board.add("Another")
    bob.go("/tasks/")
    for key in "jja":
        bob.page.keyboard.press(key)
    bob.page.get_by_label("Vera Example").check()
    bob.press("Save")
    row = bob.page.locator(".task", has_text=task.title)
    row.get_by_title("Vera Example").wait_for()
    assert board.doers(task) == {cast.vera.pk}
    bob.focuses(text=task.title)
    bob.page.keyboard.press("p")
    bob.page.locator("#change-priority").wait_for()
    bob.page.keyboard.press("1")
    row.get_by_title("Priority: high").wait_for()
    assert board.now(task).priority == 5
    bob.page.keyboard.press("s")
    bob.page.locator("#status-menu button", has_text="In review").wait_for()
    bob.page.keyboard.press("4")
    bob.page.get_by_text("ACME-1 moved to").first.wait_for()
    assert bob.faults() == []


@with_scripts
def test_keys_of_a_card_change_it_on_the_board(bob, scripts, board, task):
    bob.go("/tasks/board/")
    for key in "jl":
        bob.page.keyboard.press(key)
    bob.page.get_by_label("Boxes").check()
    bob.press("Save")
    card = bob.page.locator(f"#card-{task.pk}")
    card.locator(".tags", has_text="Boxes").wait_for()
    bob.focuses(text=task.title)
    with bob.page.expect_navigation():
        bob.page.keyboard.press("e")
    assert bob.page.url.endswith(f"/tasks/{task.pk}/edit/")


@with_scripts
def test_keys_of_ticked_rows_act_on_all_of_them(bob, scripts, task):
    bob.go("/tasks/")
    for key in "jx":
        bob.page.keyboard.press(key)
    bob.page.locator("#bulk-menus button[popovertarget=bulk-label]").wait_for()
    bob.page.keyboard.press("l")
    bob.page.locator("#bulk-label").wait_for()
    assert bob.page.locator("form.change").count() == 0


@with_scripts
def test_a_viewer_reads_and_no_key_changes_anything(visit, cast, scripts, task):
    vera = visit()
    sign_in(vera, cast.vera)
    for path in ("/tasks/", f"/tasks/{task.number}/"):
        vera.go(path)
        for key in "jpalse":
            vera.page.keyboard.press(key)
        assert vera.page.locator("form.change, :popover-open").count() == 0
        assert vera.page.url.endswith(path)
        assert vera.faults() == []


@with_scripts
@pytest.mark.parametrize(("scheme", "width"), [("light", 390), ("dark", 1280)])
def test_every_form_has_no_fault(visit, cast, scripts, task, scheme, width):
    bob = visit(color_scheme=scheme, viewport={"width": width, "height": 800})
    sign_in(bob, cast.bob)
    for field in ("priority", "assignees", "labels", "due_date", "team", "description"):
        bob.go(f"/tasks/{task.number}/")
        open_form(bob, field)
        assert (field, bob.faults()) == (field, [])
        bob.go(f"/tasks/{task.number}/change/{field}/")
        assert (field, bob.faults()) == (field, [])
    with tenant(cast.acme, cast.alice):
        assert task.present(["title"]) == {"title": task.title}
