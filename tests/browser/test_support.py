"""Staff look on, ask, are let in and leave, in a real browser."""

import pytest

from organizations.tenancy import no_context, tenant
from tasks.models import Task
from tests.browser.test_first_day import sign_in
from tests.browser.test_second_step import prove
from tests.conftest import signed_in_client
from tests.support.conftest import give_second_step, visit_page

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "operator"])
both_ways = pytest.mark.parametrize("scripts", [True, False], indirect=True)
PHONE = {"viewport": {"width": 390, "height": 844}}


def with_session(visitor, user):
    """Put a session into a browser; tests/browser/test_second_step has the sign-in."""
    cookies = signed_in_client(user).cookies
    key = cookies["sessionid"].value
    cookie = {"name": "sessionid", "value": key, "url": visitor.base}
    visitor.page.context.add_cookies([cookie])


def add_task(visitor, title):
    visitor.go("/tasks/new/")
    visitor.page.fill("[name=title]", title)
    visitor.page.locator("main form button.primary").first.click()
    visitor.page.wait_for_load_state()


def is_faultless(visitor, scripts):
    """Whether a page has no fault; without scripts nothing can look for one."""
    return not scripts or visitor.faults() == []


def titles(cast):
    with no_context(), tenant(cast.acme):
        return list(Task.objects.values_list("title", flat=True))


@both_ways
def test_from_the_console_to_a_change_and_back(visit, cast, scripts):
    give_second_step(cast.olga)
    olga, alice = visit(**PHONE), visit()
    with_session(olga, cast.olga)
    prove(olga, visit_page(cast.alice))
    assert is_faultless(olga, scripts)
    olga.fill("Reason", "Ticket 4471")
    olga.press("Start looking on")
    assert "You are Olga Example (staff)" in olga.text()
    assert is_faultless(olga, scripts)
    add_task(olga, "Refused")
    assert "nothing can be changed" in olga.text()
    assert titles(cast) == []

    olga.go("/tasks/")
    olga.page.locator(".support-bar summary").click()
    olga.page.fill("#support-sentence", "Mend the labels")
    olga.press("Ask the owners")

    sign_in(alice, cast.alice)
    alice.go("/organizations/support/")
    assert "Mend the labels" in alice.text()
    assert is_faultless(alice, scripts)
    alice.press("Let staff change things")
    add_task(olga, "Let in")
    assert titles(cast) == ["Let in"]
    alice.press("End it now")
    assert "Changed things" in alice.text()

    olga.go("/nowhere/")
    assert "Read only." in olga.text()
    olga.press("Stop")
    assert olga.page.url.endswith(f"/admin/accounts/user/{cast.alice.pk}/change/")
    assert "You are Olga" not in olga.text()
