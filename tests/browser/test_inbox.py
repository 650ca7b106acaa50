"""The inbox in a real browser: what a colleague does, and how one hears of it."""

import re
import uuid

import pytest
from playwright.sync_api import expect

from organizations.notifications.models import Mute, Notification, Preference
from organizations.tenancy import no_context, tenant
from tasks.comments.flows import write_comment
from tests.browser.test_first_day import both_ways, sign_in, with_scripts
from tests.browser.test_people import apart
from tests.tasks.conftest import Board

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "operator"])
PHONE = {"width": 390, "height": 800}


class Yard:
    """Tasks of Alice's, of which Bob writes to her."""

    def __init__(self, cast, run):
        self.cast, self.run = cast, run
        self.board = Board(cast.acme, cast.alice)

    def mention(self, title="Order the winter tyres", body="Look, @Alice Example"):
        """Let Bob mention Alice on a task of hers; return the task."""
        task = self.board.add(title)
        with no_context(), tenant(self.cast.acme, self.cast.bob):
            write_comment(task=task, by=self.cast.bob, body=body, sent_as=uuid.uuid4())
        self.settle()
        return task

    def settle(self):
        apart(self.run)

    def kept(self, model, *columns):
        with no_context(), tenant(self.cast.acme, self.cast.alice):
            return list(model.objects.order_by("pk").values_list(*columns))

    def unread(self):
        return [read is None for _pk, read in self.kept(Notification, "pk", "read_at")]


@pytest.fixture
def yard(cast, run_jobs):
    return Yard(cast, run_jobs)


@pytest.fixture
def alice(visit, cast):
    visitor = visit()
    sign_in(visitor, cast.alice)
    return visitor


def line(visitor, words):
    return visitor.page.locator(".inbox > li", has_text=words)


@with_scripts
def test_news_shows_up_in_an_open_window_and_goes_when_it_is_read(alice, scripts, yard):
    alice.page.clock.install()
    alice.go("/tasks/")
    place = alice.page.locator("#unread")
    expect(place).to_have_text("")
    expect(alice.page).not_to_have_title(re.compile(r"^\("))
    task = yard.mention()
    alice.page.clock.run_for(31_000)
    expect(place).to_have_text("1")
    expect(alice.page).to_have_title(re.compile(r"^\(1\) "))
    alice.page.locator("a", has=place).click()
    line(alice, "Bob Example mentioned you").get_by_role("link").click()
    expect(alice.page).to_have_url(re.compile(f"/tasks/{task.pk}/#comment-"))
    expect(alice.page.locator("#unread")).to_have_text("")
    assert yard.unread() == [False]
    assert alice.faults() == []


@with_scripts
def test_a_visible_title_never_counts_twice(alice, scripts, yard):
    yard.mention()
    yard.mention("Wash the car")
    alice.go("/inbox/")
    expect(alice.page).to_have_title(re.compile(r"^\(2\) [^(]"))
    bare = alice.page.title().removeprefix("(2) ")
    line(alice, "ACME-1").get_by_role("button", name="Mark as read").click()
    expect(alice.page).to_have_title(f"(1) {bare}")
    expect(alice.page.locator("#inbox-count")).to_have_text("1 unread")
    line(alice, "ACME-2").get_by_role("button", name="Mark as read").click()
    expect(alice.page).to_have_title(bare)
    line(alice, "ACME-2").get_by_role("button", name="Mark as unread").click()
    expect(alice.page).to_have_title(f"(1) {bare}")
    assert yard.unread() == [False, True]


@with_scripts
def test_a_line_is_put_away_with_a_key_and_brought_back(alice, scripts, yard):
    for title in ("One", "Two", "Three"):
        yard.mention(title)
    alice.go("/inbox/")
    alice.page.keyboard.press("j")
    alice.focuses("a", "ACME-3")
    alice.page.keyboard.press("e")
    expect(line(alice, "ACME-3")).to_have_count(0)
    alice.focuses("a", "ACME-2")
    expect(alice.page.locator("#unread")).to_have_text("2")
    assert alice.faults() == []
    alice.page.locator("#toasts").get_by_role("button", name="Undo").click()
    line(alice, "ACME-3").wait_for()
    expect(alice.page.locator("#unread")).to_have_text("3")
    assert yard.kept(Notification, "archived_at") == [(None,)] * 3
    assert yard.unread() == [True] * 3


@with_scripts
def test_keys_do_nothing_where_no_line_is_chosen(alice, scripts, yard):
    yard.mention()
    alice.go("/inbox/")
    for key in ("e", "u", "k"):
        alice.page.keyboard.press(key)
    expect(line(alice, "ACME-1")).to_have_count(1)
    assert yard.unread() == [True]
    alice.page.keyboard.press("j")
    alice.focuses("a", "ACME-1")
    alice.page.keyboard.press("u")
    line(alice, "ACME-1").get_by_role("button", name="Mark as unread").wait_for()
    alice.focuses("a", "ACME-1")
    assert yard.unread() == [False]


@both_ways
def test_one_line_is_read_put_away_and_brought_back(alice, scripts, yard):
    yard.mention()
    alice.go("/inbox/")
    alice.press("Mark as read")
    line(alice, "ACME-1").get_by_role("button", name="Mark as unread").wait_for()
    assert yard.unread() == [False]
    alice.press("Archive")
    alice.page.get_by_role("button", name="Undo").wait_for()
    expect(line(alice, "ACME-1")).to_have_count(0)
    alice.press("Archived", "link")
    alice.press("Back to the inbox")
    expect(line(alice, "ACME-1")).to_have_count(0)
    alice.press("All", "link")
    expect(line(alice, "ACME-1")).to_have_count(1)
    assert yard.kept(Notification, "archived_at") == [(None,)]
    assert not scripts or alice.faults() == []


@both_ways
def test_everything_is_read_at_once_and_the_button_goes(alice, scripts, yard):
    for title in ("One", "Two"):
        yard.mention(title)
    alice.go("/inbox/?show=unread")
    alice.press("Mark all read")
    alice.page.get_by_text("Nothing new").wait_for()
    assert "show=unread" in alice.page.url
    assert yard.unread() == [False, False]
    expect(alice.page.get_by_role("button", name="Mark all read")).to_have_count(0)
    expect(alice.page.locator("#unread")).to_have_text("")


@both_ways
def test_what_one_wants_to_hear_is_saved_and_holds(alice, scripts, yard):
    alice.go("/inbox/settings/")
    box = alice.page.get_by_label("Somebody mentions you: Inbox", exact=True)
    expect(box).to_be_checked()
    box.uncheck()
    alice.page.get_by_label("Somebody mentions you: Daily digest").check()
    alice.press("Save")
    alice.page.get_by_text("Notification settings saved").wait_for()
    expect(box).not_to_be_checked()
    assert sorted(yard.kept(Preference, "kind", "channel", "is_on")) == [
        ("mention", "app", False),
        ("mention", "digest", True),
    ]
    yard.mention()
    alice.go("/inbox/")
    expect(line(alice, "ACME-1")).to_have_count(0)
    assert yard.kept(Notification, "wants_digest") == [(True,)]


@both_ways
def test_a_task_is_muted_where_it_is_looked_at(alice, scripts, yard):
    task = yard.mention()
    alice.go(f"/tasks/{task.pk}/")
    alice.press("Mute")
    alice.page.get_by_role("button", name="Unmute").wait_for()
    assert yard.kept(Mute, "subject_id") == [(task.pk,)]
    alice.press("Unmute")
    alice.page.get_by_role("button", name="Mute", exact=True).wait_for()
    assert yard.kept(Mute, "subject_id") == []
    assert not scripts or alice.faults() == []


@with_scripts
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone_the_bar_counts_and_long_words_stay_inside(
    visit, cast, scripts, yard, scheme
):
    yard.mention(body="@Alice Example " + "Donaudampfschiff" * 14)
    alice = visit(color_scheme=scheme, viewport=PHONE)
    sign_in(alice, cast.alice)
    alice.go("/inbox/")
    tab = alice.page.locator("#unread-tab")
    expect(tab).to_have_text("1")
    assert alice.faults() == []
    line(alice, "ACME-1").get_by_role("button", name="Archive").click()
    expect(tab).to_have_text("")
    alice.go("/inbox/settings/")
    assert alice.faults() == []


@both_ways
def test_two_windows_of_one_person_agree(visit, cast, alice, scripts, yard):
    yard.mention()
    other = visit()
    sign_in(other, cast.alice)
    for window in (alice, other):
        window.go("/inbox/")
    alice.press("Archive")
    alice.page.get_by_role("button", name="Undo").wait_for()
    other.press("Archive")
    expect(line(other, "ACME-1")).to_have_count(0)
    alice.press("Undo")
    line(alice, "ACME-1").wait_for()
    assert yard.kept(Notification, "archived_at") == [(None,)]
