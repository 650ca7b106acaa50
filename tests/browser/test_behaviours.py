"""What the scripts do in a real browser, under the policy of a real answer.

The pages are drawn here and handed over by a thread: no product, no database.
"""

import mimetypes
import re
from collections.abc import Iterator
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from django.contrib.staticfiles import finders
from django.template import engines
from django.template.loader import render_to_string
from django.test import RequestFactory
from playwright.sync_api import Browser, Page, expect

from accounts.models import User
from organizations.models import Membership, Organization
from tests.browser.shots import CHROMIUM, accessibility, listen

pytestmark = pytest.mark.skipif(
    not Path(CHROMIUM).exists(), reason=f"no browser at {CHROMIUM}"
)

POLICY = (
    "default-src 'none'; script-src 'self' 'nonce-n0'; style-src 'self';"
    " img-src 'self' data:; font-src 'self'; connect-src 'self';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
ROWS = """
{% extends "base_app.html" %}
{% block heading %}Tasks{% endblock %}
{% block actions %}<a class="btn" href="/made/" data-hotkey="c">New</a>{% endblock %}
{% block content %}<ul>
  <li class="task"><input class="pick" type="checkbox" aria-label="Select 1">
    <span class="title"><a href="/1/">One</a></span></li>
  <li class="task"><input class="pick" type="checkbox" aria-label="Select 2">
    <span class="title"><a href="/2/">Two</a></span></li>
</ul>{% endblock %}
"""
FORM = """
{% extends "base_app.html" %}
{% block heading %}Form{% endblock %}
{% block content %}
  <form method="post" action="/sent/" hx-post="/refused/" hx-target="this" data-guard>
    <label for="a">Name</label><input class="input" id="a" name="a">
    <label for="p">Password</label><input class="input" id="p" type="password">
    <button type="button" data-reveal="p" aria-pressed="false" hidden>Show</button>
    <button type="submit">Send</button>
  </form>
{% endblock %}
"""
REFUSED = '<div class="error-summary" tabindex="-1">Name: too short.</div>'


@cache
def drawn(source: str, hotkeys: bool = True) -> str:
    """Draw a page as a member of two organizations sees it."""
    request: Any = RequestFactory().get("/tasks/")
    acme = Organization(pk=UUID(int=1), name="Acme")
    globex = Organization(pk=UUID(int=2), name="Globex")
    request.user = User(
        pk=UUID(int=3), first_name="Alice", email="a@example.com", hotkeys=hotkeys
    )
    request.organization, request.csp_nonce = acme, "n0"
    request.abilities = frozenset({"tasks.edit", "organization.view"})
    request.memberships = [
        Membership(organization=organization, user_id=request.user.pk, role="owner")
        for organization in (acme, globex)
    ]
    request.resolver_match = SimpleNamespace(view_name="tasks:task_list")
    return engines["django"].from_string(source.strip()).render({}, request)


@cache
def file_at(path: str) -> tuple[bytes, str]:
    file = Path(str(finders.find(path.removeprefix("/static/"))))
    return file.read_bytes(), mimetypes.guess_type(file.name)[0] or "font/woff2"


class Answers(BaseHTTPRequestHandler):
    """The few answers that the scripts need, from a thread of the tests."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if self.path.startswith("/static/"):
            self.send(*file_at(self.path))
        elif self.path == "/accounts/keyboard/":
            page = render_to_string("accounts/keyboard.html#dialog")
            self.send(page.encode(), "text/html; charset=utf-8")
        else:
            source = FORM if self.path == "/form/" else ROWS
            page = drawn(source, hotkeys=self.path != "/off/")
            self.send(page.encode(), "text/html; charset=utf-8")

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send(REFUSED.encode(), "text/html; charset=utf-8", 422)

    def send(self, body: bytes, kind: str, status: int = 200) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", POLICY)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        """Say nothing: the browser's own console is listened to."""


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    server.daemon_threads = True
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def page(browser: Browser, base: str) -> Iterator[Page]:
    """A page of two tasks; whatever its console complains about fails the test."""
    context = browser.new_context(
        base_url=base, viewport={"width": 1280, "height": 800}
    )
    opened = context.new_page()
    heard = listen(opened)
    opened.goto("/tasks/")
    yield opened
    context.close()
    assert [line for line in heard if "422" not in line] == []


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.textContent.trim()"))


def say(page: Page, **detail: Any) -> None:
    page.evaluate(
        "detail => document.body.dispatchEvent("
        "new CustomEvent('toast', {bubbles: true, detail}))",
        detail,
    )


@pytest.mark.parametrize(
    ("keys", "where"), [("j", "One"), ("jj", "Two"), ("jjk", "One"), ("jjjj", "Two")]
)
def test_j_and_k_walk_through_the_tasks(page: Page, keys: str, where: str) -> None:
    for key in keys:
        page.keyboard.press(key)
    assert focused(page) == where


def test_x_selects_the_task_one_is_at(page: Page) -> None:
    for key in "jjx":
        page.keyboard.press(key)
    expect(page.get_by_label("Select 2")).to_be_checked()
    expect(page.get_by_label("Select 1")).not_to_be_checked()


def test_c_follows_the_link_that_carries_it(page: Page) -> None:
    with page.expect_navigation():
        page.keyboard.press("c")
    assert urlsplit(page.url).path == "/made/"


def test_two_keys_go_to_a_section(page: Page) -> None:
    page.keyboard.press("g")
    with page.expect_navigation():
        page.keyboard.press("m")
    assert urlsplit(page.url).path == "/organizations/members/"


def test_keys_are_letters_while_typing(page: Page) -> None:
    page.keyboard.press("/")
    page.keyboard.type("c?jk")
    assert page.evaluate("document.activeElement.value") == "c?jk"
    assert urlsplit(page.url).path == "/tasks/"


def test_question_mark_lists_the_keys_of_this_page(page: Page) -> None:
    page.keyboard.press("?")
    sheet = page.get_by_role("dialog", name="Keyboard")
    expect(sheet).to_be_visible()
    expect(sheet.get_by_text("Next, previous task")).to_be_visible()
    assert accessibility(page) == []
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()


def test_key_without_a_use_here_is_not_listed(page: Page) -> None:
    page.goto("/form/")
    page.keyboard.press("?")
    expect(page.get_by_text("Go to tasks")).to_be_visible()
    expect(page.get_by_text("Next, previous task")).to_be_hidden()


def test_keys_can_be_switched_off(page: Page) -> None:
    page.goto("/off/")
    for key in "jc?":
        page.keyboard.press(key)
    assert focused(page) not in {"One", "Two"}
    assert urlsplit(page.url).path == "/off/"
    sheet = page.get_by_role("dialog", name="Keyboard")
    expect(sheet).to_be_hidden()
    page.locator(".sidebar [popovertarget=account]").click()
    page.locator("#account a[data-hotkey='?']").click()
    expect(sheet.get_by_text("Single keys are switched off.")).to_be_visible()


@pytest.mark.parametrize("key", ["Control+c", "Alt+j", "Meta+j", "z", "7"])
def test_other_keys_are_left_to_the_browser(page: Page, key: str) -> None:
    page.evaluate(
        "document.addEventListener('keydown', (event) =>"
        " setTimeout(() => (window.prevented = event.defaultPrevented)))"
    )
    page.keyboard.press(key)
    page.wait_for_function("window.prevented !== undefined")
    assert page.evaluate("window.prevented") is False
    assert focused(page) not in {"One", "Two"}


def test_no_key_works_while_a_dialog_is_open(page: Page) -> None:
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard")).to_be_visible()
    for key in "jc":
        page.keyboard.press(key)
    assert urlsplit(page.url).path == "/tasks/"
    assert focused(page) == "Close"


def test_menu_is_walked_with_arrows_and_gives_the_focus_back(page: Page) -> None:
    page.locator(".sidebar [popovertarget=account]").press("Enter")
    visited = []
    for key in ("ArrowDown", "End", "ArrowDown"):
        page.keyboard.press(key)
        visited.append(focused(page))
    assert visited == ["Profile", "Sign out", "Profile"]
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.getAttribute('popovertarget')")


@pytest.mark.parametrize("menu", ["organizations", "account"])
def test_menu_opens_beside_its_button(page: Page, menu: str) -> None:
    button = page.locator(f".sidebar [popovertarget={menu}]")
    button.click()
    box, anchor = page.locator(f"#{menu}").bounding_box(), button.bounding_box()
    assert box
    assert anchor
    assert abs(box["x"] - anchor["x"]) < 4
    assert (
        min(
            abs(box["y"] - anchor["y"] - anchor["height"]),
            abs(box["y"] + box["height"] - anchor["y"]),
        )
        < 8
    )
    assert accessibility(page) == []


def test_theme_changes_at_once_and_is_remembered(page: Page) -> None:
    page.locator(".sidebar [popovertarget=account]").click()
    page.locator("#account").get_by_label("Dark").click()
    assert page.locator("html").get_attribute("data-theme") == "dark"
    assert "theme=dark" in page.evaluate("document.cookie")
    pressed = page.locator("#account").get_by_label("Dark")
    expect(pressed).to_have_attribute("aria-pressed", "true")


def test_theme_of_the_device_is_one_of_the_choices(page: Page) -> None:
    page.locator(".sidebar [popovertarget=account]").click()
    page.locator("#account").get_by_label("Light").click()
    page.locator("#account").get_by_label("Like my device").click()
    assert page.locator("html").get_attribute("data-theme") is None
    assert "theme=system" in page.evaluate("document.cookie")


def test_toast_shows_words_never_markup(page: Page) -> None:
    say(page, text="<b>Moved</b>")
    toast = page.locator("#toasts .toast")
    expect(toast).to_contain_text("<b>Moved</b>")
    assert toast.get_by_role("button", name="Undo").count() == 0
    assert accessibility(page) == []


def test_toast_offers_to_undo_where_it_can_be_undone(page: Page) -> None:
    say(page, text="Deleted", undo="/tasks/1/restore/")
    form = page.locator("#toasts form")
    assert form.get_attribute("action") == "/tasks/1/restore/"
    assert form.get_attribute("method") == "post"
    assert form.locator("[name=csrfmiddlewaretoken]").count() == 1


def test_toast_can_be_closed(page: Page) -> None:
    say(page, text="Moved")
    page.get_by_role("button", name="Dismiss").click()
    expect(page.locator("#toasts .toast")).to_have_count(0)


def test_toast_goes_by_itself_but_a_failure_stays(page: Page) -> None:
    page.clock.install()
    say(page, text="Moved")
    say(page, text="Not moved", level="error")
    page.clock.run_for(7000)
    expect(page.locator("#toasts .toast")).to_have_count(1)
    expect(page.locator("#toasts")).to_contain_text("Not moved")


def test_answer_that_never_came_is_told(page: Page) -> None:
    page.evaluate(
        "document.body.dispatchEvent(new CustomEvent('htmx:sendError',"
        " {bubbles: true, detail: {}}))"
    )
    expect(page.locator("#toasts .toast.error")).to_be_visible()


def test_refused_form_is_shown_and_takes_the_focus(page: Page) -> None:
    page.goto("/form/")
    page.get_by_role("button", name="Send").click()
    summary = page.locator(".error-summary")
    expect(summary).to_be_focused()
    expect(summary).to_have_text("Name: too short.")


def test_password_can_be_shown_and_hidden(page: Page) -> None:
    page.goto("/form/")
    button = page.get_by_role("button", name="Show")
    for kind in ("text", "password"):
        button.click()
        assert page.locator("#p").get_attribute("type") == kind


@pytest.mark.parametrize(("typed", "asks"), [("x", True), ("", False)])
def test_leaving_a_changed_form_asks_first(page: Page, typed: str, asks: bool) -> None:
    page.goto("/form/")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.locator("#a").press_sequentially(typed)
    page.goto("/tasks/")
    assert (asked == ["beforeunload"]) is asks


def test_menus_open_without_any_script(browser: Browser, base: str) -> None:
    context = browser.new_context(base_url=base, java_script_enabled=False)
    page = context.new_page()
    page.goto("/tasks/")
    page.locator(".sidebar [popovertarget=organizations]").click()
    choice = page.locator("#organizations button[name=organization]")
    expect(choice).to_be_visible()
    expect(choice).to_have_attribute("value", re.compile("0{31}2$|0002$"))
    context.close()
