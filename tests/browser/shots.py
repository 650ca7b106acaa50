"""Pictures of every page in both themes and widths, and what is wrong with them.

    make shots                                  starts the product itself
    make shots ARGS="--url http://127.0.0.1:8000 --only tasks"

Exits 1 when axe-core, the console or the width finds a fault.
"""

import argparse
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import django
from axe_playwright_python.sync_playwright import Axe
from django.template.loader import render_to_string
from playwright.sync_api import Browser, ConsoleMessage, Page, Route, sync_playwright

from config.errors import POLICY
from config.seeds import DEMO_SIGN_INS
from tests.browser.pages import PAGES, Shot

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "shots"
CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
THEMES = ("light", "dark")
SIZES = ((1280, 800), (390, 844))
PASSWORDS = {login: password for _role, login, password in DEMO_SIGN_INS}
START_SECONDS = 180


@dataclass
class Report:
    """What was found wrong, page by page."""

    shots: int = 0
    faults: list[str] = field(default_factory=list)

    def note(self, where: str, found: list[str]) -> None:
        self.shots += 1
        self.faults += [f"{where}: {fault}" for fault in found]
        print(f"{'fault' if found else 'ok':6} {where}", *found, sep="\n       ")


def accessibility(page: Page) -> list[str]:
    # Preloading would ask for imported styles anew, for one rule that is off anyway,
    # and put them into the page, which the policy forbids.
    answer = Axe().run(page, options={"preload": False}).response
    violations = answer["violations"]
    return [
        f"axe {fault['id']} ({fault['impact']}): {node['html'][:160]}"
        for fault in violations
        for node in fault["nodes"][:3]
    ]


def overflow(page: Page) -> list[str]:
    extra = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return [f"{extra} px wider than the window"] if extra > 0 else []


def listen(page: Page) -> list[str]:
    """Return a list that fills with what the console complains about."""
    heard: list[str] = []

    def told(message: ConsoleMessage) -> None:
        # A refused form is an answer, though the browser calls it a failure.
        refused = "status of 422" in message.text
        if message.type in {"error", "warning"} and not refused:
            heard.append(f"console: {message.text}")

    page.on("console", told)
    page.on("pageerror", lambda error: heard.append(f"script: {error}"))
    return heard


def sign_in(page: Page, base: str, login: str) -> None:
    page.goto(f"{base}/accounts/login/")
    page.fill("[name=login]", login)
    page.fill("[name=password]", PASSWORDS[login])
    with page.expect_navigation():
        page.click("form.fields button[type=submit]")


def drawn(route: Route, template: str) -> None:
    """Answer with an error page as the product would."""
    facts = {
        "request_id": "0198c2f44be37b7d8f2c41",
        "ability": "see the audit log",
        "roles": ["Owner", "Admin"],
        "minutes": 5,
        "never": True,
        "text": "You are looking on: this is for the person alone.",
    }
    headers = {"Content-Security-Policy": POLICY}
    body = render_to_string(template, facts)
    route.fulfill(body=body, content_type="text/html", headers=headers)


def find(page: Page, base: str, shot: Shot) -> bool:
    """Open a page the way a person does: an address, then fields and clicks."""
    if shot.template:
        page.route(base + shot.path, lambda route: drawn(route, shot.template))
    answer = page.goto(base + shot.path)
    if answer is None or answer.status != shot.status:
        raise LookupError(f"{shot.path} answered {answer and answer.status}")
    for field_name, value in shot.fill:
        page.fill(f"[name={field_name}]", value)
    for step in shot.steps:
        target = page.locator(step).locator("visible=true").first
        if not target.count():
            return False
        target.click()
        page.wait_for_load_state("networkidle")
    for place, text in shot.write:
        page.fill(place, text)
    for key in shot.keys:
        page.keyboard.press(key)
    return True


def picture(page: Page, base: str, shot: Shot, where: str) -> list[str] | None:
    heard = listen(page)
    try:
        if not find(page, base, shot):
            return None
    except LookupError as fault:
        return [str(fault)]
    page.wait_for_timeout(150)
    page.screenshot(path=FOLDER / f"{where}.png")
    # The browser itself reports an answer that is an error; here it was asked for.
    expected = [line for line in heard if shot.status < 400 or "status of" not in line]
    return [*accessibility(page), *overflow(page), *expected]


def visit(browser: Browser, base: str, shots: list[Shot], report: Report) -> None:
    for theme in THEMES:
        for width, height in SIZES:
            view: dict[str, Any] = {"width": width, "height": height}
            for login in sorted({shot.login for shot in shots}):
                context = browser.new_context(
                    viewport=view, color_scheme=theme, reduced_motion="reduce"
                )
                if login:
                    sign_in(context.new_page(), base, login)
                for shot in (one for one in shots if one.login == login):
                    page = context.new_page()
                    where = f"{shot.name}-{theme}-{width}"
                    found = picture(page, base, shot, where)
                    if found is not None:
                        report.note(where, found)
                    page.close()
                context.close()


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/readyz", timeout=2) as reply:
            return bool(reply.status == 200)
    except OSError:
        return False


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def served(url: str) -> Iterator[str]:
    """Yield the address of a running product; start one if none is named."""
    if url:
        yield url.rstrip("/")
        return
    port = free_port()
    command = [sys.executable, "manage.py", "run", "--port", str(port)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    base = f"http://127.0.0.1:{port}"
    try:
        end = time.monotonic() + START_SECONDS
        while not answers(base):
            if process.poll() is not None or time.monotonic() > end:
                raise SystemExit("Insula did not start; `make run` says why.")
            time.sleep(0.3)
        yield base
    finally:
        process.terminate()
        process.wait(30)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="", help="a product that runs already")
    parser.add_argument("--only", default="", help="pages whose name begins so")
    asked = parser.parse_args()
    shots = [shot for shot in PAGES if shot.name.startswith(asked.only)]
    FOLDER.mkdir(exist_ok=True)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    report = Report()
    with served(asked.url) as base, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        visit(browser, base, shots, report)
        browser.close()
    print(f"\n{report.shots} pictures in {FOLDER}, {len(report.faults)} faults")
    return 1 if report.faults else 0


if __name__ == "__main__":
    sys.exit(main())
