"""The set-up of a newcomer, in a real browser with and without scripts."""

import pytest

from accounts.models import User
from organizations.models import Membership
from organizations.tenancy import as_user, identity, tenant
from tasks.models import Task
from tests.browser.test_first_day import both_ways, sign_up, with_scripts

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "operator"])


def go_on(visitor):
    visitor.press("Continue")


@both_ways
def test_newcomer_is_led_through_the_set_up_and_loses_nothing_on_the_way(
    visit, scripts
):
    nina = visit()
    sign_up(nina, "nina@example.com")
    assert nina.page.input_value("[name=first_name]") == "Nina"
    go_on(nina)
    nina.page.fill("[name=name]", "Harbour Works")
    nina.page.fill("[name=slug]", "harbour")
    go_on(nina)
    nina.page.fill("[name=addresses]", "half an address")
    nina.press("Back")
    assert nina.page.input_value("[name=slug]") == "harbour"
    go_on(nina)
    assert nina.page.input_value("[name=addresses]") == "half an address"
    nina.press("Skip this step")
    nina.page.fill("[name=title_1]", "Paint the small boat")
    go_on(nina)
    assert "Paint the small boat" in nina.text()
    assert "Go on with your set-up" not in nina.text()
    with identity():
        user = User.objects.get(email="nina@example.com")
    with as_user(user):
        house = Membership.own.select_related("organization").get().organization
    with tenant(house, user):
        assert [task.title for task in Task.objects.all()] == ["Paint the small boat"]


@both_ways
def test_newcomer_leaves_and_comes_back_by_the_side_bar(visit, scripts):
    nina = visit()
    sign_up(nina, "nina@example.com")
    nina.press("Skip for now", role="link")
    nina.press("Go on with your set-up", role="link")
    assert "What should colleagues call you?" in nina.text()


@with_scripts
def test_a_taken_address_is_said_while_it_is_typed(visit, cast, scripts):
    nina = visit()
    sign_up(nina, "nina@example.com")
    go_on(nina)
    nina.page.fill("[name=name]", "Acme")
    nina.page.locator("[name=slug]").press_sequentially("acme")
    nina.page.get_by_text("“acme” is taken. “acme-2” is free.").wait_for()
    nina.page.fill("[name=slug]", "acme-2")
    nina.page.get_by_text("“acme-2” is free.", exact=True).wait_for()
    assert nina.faults() == []


@with_scripts
@pytest.mark.parametrize(("scheme", "width"), [("light", 390), ("dark", 1280)])
def test_no_step_has_a_fault(visit, scripts, width, scheme):
    nina = visit(color_scheme=scheme, viewport={"width": width, "height": 800})
    sign_up(nina, "nina@example.com")
    assert nina.faults() == []
    go_on(nina)
    nina.page.fill("[name=name]", "Harbour Works")
    for _step in ("organization", "colleagues"):
        assert nina.faults() == []
        go_on(nina)
    # Refused: nobody was written down.
    assert nina.faults() == []
    nina.press("Skip this step")
    assert nina.faults() == []
