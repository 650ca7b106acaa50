"""An announcement in a real browser: read, put away, with and without scripts."""

import pytest
from playwright.sync_api import expect

from tests.banners.conftest import announce, look_anew  # noqa: F401
from tests.browser.test_first_day import both_ways, sign_in

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "operator"])


@both_ways
def test_an_announcement_is_put_away(visit, scripts, cast, announce):
    announce("The week view is here.", begins=-2)
    announce("On Sunday we move house.", variant="warning")
    alice = visit()
    sign_in(alice, cast.alice)
    alice.go("/tasks/?status=todo")
    bar = alice.page.get_by_role("region", name="Announcement")
    expect(bar).to_contain_text("On Sunday we move house.")
    assert not scripts or alice.faults() == []
    for left in ("The week view is here.", None):
        alice.press("Dismiss announcement")
        if left:
            expect(bar).to_contain_text(left)
        else:
            expect(bar).to_have_count(0)
        if scripts:
            alice.focuses("#main")
        assert alice.page.url.endswith("/tasks/?status=todo")
    alice.go("/tasks/board/")
    expect(bar).to_have_count(0)
    assert not scripts or alice.faults() == []
