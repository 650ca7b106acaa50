"""Reading the docs and going to a page by a few letters, in a real browser."""

import re

import pytest

from tests.browser.test_first_day import sign_in
from tests.tasks.conftest import Board

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "operator"])
both_ways = pytest.mark.parametrize("scripts", [True, False], indirect=True)
with_scripts = pytest.mark.parametrize("scripts", [True], indirect=True)
looks = pytest.mark.parametrize(
    "look",
    [
        {"color_scheme": "light", "viewport": {"width": 1280, "height": 800}},
        {"color_scheme": "dark", "viewport": {"width": 390, "height": 844}},
    ],
    ids=["wide and light", "narrow and dark"],
)
JUMP = "#jump[open]"


@pytest.fixture
def bob(visit, cast):
    person = visit()
    sign_in(person, cast.bob)
    person.go("/tasks/")
    return person


def ask(person, typed):
    """Press the keys, type, and wait for what fits."""
    person.page.keyboard.press("Control+k")
    person.page.locator(JUMP).wait_for()
    person.focuses("#jump-q")
    person.page.keyboard.type(typed)
    person.page.locator(f'#jump-found[data-words="{typed}"]').wait_for()


# cap 82
@both_ways
def test_a_stranger_searches_the_docs_and_reads(visit, scripts):
    reader = visit()
    reader.go("/")
    reader.press("Docs", "link")
    reader.page.get_by_role("searchbox", name="Search the docs").fill("ownersh")
    if not scripts:
        reader.press("Find")
    reader.page.locator(".hits mark", has_text="ownership").first.wait_for()
    assert reader.page.url.endswith("/docs/?q=ownersh")
    reader.press("Roles and rights › Ownership", "link")
    reader.page.wait_for_url("**/docs/roles/#ownership")
    assert reader.page.locator("h1").inner_text() == "Roles and rights"
    reader.page.locator("[rel=next]").click()
    reader.page.wait_for_url("**/docs/teams/")
    assert not scripts or reader.faults() == []


# cap 82
@with_scripts
def test_a_few_letters_and_enter_open_a_page(bob, scripts):
    ask(bob, "boa")
    bob.page.keyboard.press("Enter")
    bob.page.wait_for_url("**/tasks/board/")
    assert bob.faults() == []


@with_scripts
def test_arrows_walk_and_escape_gives_the_focus_back(bob, scripts):
    bob.page.locator(".sidebar [data-jump]").focus()
    ask(bob, "team")
    bob.page.keyboard.press("ArrowDown")
    bob.focuses("#jump-found a", "Teams")
    bob.page.keyboard.press("ArrowUp")
    bob.focuses("#jump-q")
    bob.page.keyboard.press("ArrowUp")
    assert bob.page.evaluate(
        "document.activeElement.matches('#jump-found li:last-child a')"
    )
    assert bob.faults() == []
    bob.page.keyboard.press("Escape")
    bob.page.locator("#jump").wait_for(state="hidden")
    bob.focuses(".sidebar [data-jump]")


@with_scripts
def test_how_much_fits_is_said(bob, scripts):
    ask(bob, "zzzz")
    said = bob.page.locator("#jump-said[role=status]", has_text="0 pages fit")
    said.wait_for(state="attached")
    assert "No page fits these words" in bob.text()


@with_scripts
def test_somebody_fast_gets_what_they_typed_in_the_end(bob, scripts):
    bob.page.keyboard.press("Control+k")
    bob.page.locator(JUMP).wait_for()
    bob.page.keyboard.type("labels")
    bob.page.keyboard.press("Enter")
    bob.page.wait_for_url("**/tasks/labels/")


@with_scripts
def test_a_task_is_opened_by_its_words(bob, cast, scripts):
    task = Board(cast.acme, cast.alice).add("Order the winter tyres")
    ask(bob, "winter ty")
    bob.page.keyboard.press("ArrowDown")
    bob.page.keyboard.press("Enter")
    bob.page.wait_for_url(f"**/tasks/{task.pk}/")


@with_scripts
def test_the_key_is_left_alone_while_somebody_writes(bob, scripts):
    bob.page.locator(".sidebar input[type=search]").focus()
    bob.page.keyboard.press("Control+k")
    bob.page.keyboard.press("Tab")
    bob.page.keyboard.press("Control+k")
    bob.page.locator(JUMP).wait_for()
    assert bob.page.locator("#jump").count() == 1


@with_scripts
def test_who_switched_keys_off_uses_the_link(bob, scripts):
    bob.go("/accounts/keyboard/")
    bob.page.get_by_label(re.compile("Single keys")).uncheck()
    bob.press("Save keyboard")
    bob.go("/tasks/")
    bob.page.keyboard.press("Control+k")
    assert bob.page.locator("#jump").count() == 0
    bob.page.locator(".sidebar [data-jump]").click()
    bob.page.locator(JUMP).wait_for()


@with_scripts
def test_from_the_sheet_of_a_phone_the_focus_comes_back_to_its_button(
    visit, cast, scripts
):
    bob = visit(viewport={"width": 390, "height": 844})
    sign_in(bob, cast.bob)
    bob.go("/tasks/")
    bob.page.locator("[popovertarget=more]").click()
    bob.page.locator("#more [data-jump]").click()
    bob.page.locator(JUMP).wait_for()
    assert bob.faults() == []
    bob.page.keyboard.press("Escape")
    bob.focuses("[popovertarget=more]")


@pytest.mark.parametrize("scripts", [False], indirect=True)
def test_without_scripts_the_way_is_a_page(bob, scripts):
    bob.page.locator(".sidebar [data-jump]").click()
    bob.page.wait_for_url("**/jump/")
    bob.page.locator("#jump-q").fill("boa")
    bob.press("Find")
    bob.press("Board", "link")
    bob.page.wait_for_url("**/tasks/board/")


@looks
@with_scripts
def test_pages_of_the_guide_have_no_faults(visit, scripts, look):
    reader = visit(**look)
    for address in ("/", "/docs/", "/docs/?q=role", "/docs/roles/", "/jump/"):
        reader.go(address)
        assert reader.faults() == [], address
