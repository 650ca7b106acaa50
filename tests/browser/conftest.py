"""A real browser, where the machine has one."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings

from tests.browser.shots import CHROMIUM, FLAGS, accessibility, listen, overflow


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    if not os.path.exists(CHROMIUM):
        pytest.skip("no Chromium on this machine (Debian's package is chromium)")
    playwright = pytest.importorskip("playwright.sync_api")
    # Playwright keeps an event loop in this thread, where Django would refuse to
    # reach the database; nothing here is asynchronous.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with playwright.sync_playwright() as running:
        chromium = running.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


class Visitor:
    """One person's browser window, which notices what is wrong with each page."""

    def __init__(self, page: Any, base: str) -> None:
        self.page, self.base, self.heard = page, base, listen(page)

    def go(self, path: str) -> None:
        self.page.goto(self.base + path)

    def press(self, name: str, role: str = "button") -> None:
        self.page.get_by_role(role, name=name, exact=True).first.click()
        self.page.wait_for_load_state()

    def fill(self, label: str, value: str) -> None:
        self.page.get_by_label(label, exact=True).fill(value)

    def focuses(self, what: str = "", text: str = "") -> None:
        """Wait until the focus is where it should be; it moves after an answer."""
        self.page.locator(f"{what}:focus", has_text=text).wait_for()

    def text(self) -> str:
        return str(self.page.inner_text("body"))

    def faults(self) -> list[str]:
        """Return what axe-core, the console and the width complain about."""
        return [*accessibility(self.page), *overflow(self.page), *self.heard]


@pytest.fixture
def scripts(request: pytest.FixtureRequest) -> bool:
    """Whether the browser runs scripts in this test."""
    return bool(request.param)


@pytest.fixture
def visit(browser: Any, live_server: Any, scripts: bool) -> Iterator[Any]:
    """Open another person's browser on the running product."""
    settings.ALLOWED_HOSTS = ["*"]
    contexts = []

    def open_window(**options: Any) -> Visitor:
        context = browser.new_context(java_script_enabled=scripts, **options)
        context.set_default_timeout(10_000)
        contexts.append(context)
        return Visitor(context.new_page(), live_server.url)

    yield open_window
    for context in contexts:
        context.close()
