"""The measured pages, as prepared requests of a signed-in owner."""

import re
import tempfile
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

from accounts.models import User
from accounts.sessions import ORGANIZATION_KEY, SessionStore
from organizations.tenancy import identity
from tests.benchmarks import data, driver

TOKEN = "b" * 32
STATUSES = ("todo", "in_progress", "in_review", "backlog", "done")
LISTED, SEARCHED, MOVED, CREATED = (data.place(number) for number in (3, 4, 5, 6))
ROWS = re.compile(r'<details class="group".*</details>', re.DOTALL)


@dataclass(frozen=True)
class Page:
    """One measured page and what makes its requests; goals are ratios to the floor."""

    name: str
    messages: Callable[[], list[bytes]]
    cpu_goal: float
    rate_goal: float


@cache
def cookies(place: data.Place) -> str:
    """Return the cookies of the owner of an organization, signed in to it."""
    with identity():
        user = User.objects.get(pk=place.user)
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = (
            "allauth.account.auth_backends.AuthenticationBackend"
        )
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session[ORGANIZATION_KEY] = place.organization
        session.create()
        session.save()
    return f"__Host-sessionid={session.session_key}; __Host-csrftoken={TOKEN}"


def task_list() -> list[bytes]:
    return [driver.request("/tasks/", cookies(LISTED))]


def search() -> list[bytes]:
    return [
        driver.request(f"/tasks/?q={word}", cookies(SEARCHED))
        for word in data.WORDS[:20]
    ]


def move() -> list[bytes]:
    return [
        driver.request(
            f"/tasks/{data.uid(f'task{MOVED.number}.', number)}/status/",
            cookies(MOVED),
            form=f"status={status}&csrfmiddlewaretoken={TOKEN}",
            headers={"HX-Request": "true", "X-CSRFToken": TOKEN},
        )
        for status in STATUSES
        for number in range(1, 51)
    ]


def create() -> list[bytes]:
    return [
        driver.request(
            "/tasks/new/",
            cookies(CREATED),
            form=f"title=Order+the+winter+tyres+{number}&csrfmiddlewaretoken={TOKEN}",
            headers={"HX-Request": "true", "X-CSRFToken": TOKEN},
        )
        for number in range(50)
    ]


PAGES = [
    Page("list", task_list, 2.5, 0.40),
    Page("search", search, 2.6, 0.35),
    Page("status", move, 4.5, 0.20),
    Page("create", create, 6.0, 0.13),
]


def forget_created() -> None:
    """Remove what a round created: new tasks have no assignees and shrink the list."""
    with data.superuser() as session:
        session.execute(
            "DELETE FROM tasks_task WHERE organization_id = %s AND number > %s",
            [CREATED.organization, CREATED.tasks],
        )


def shell_of(port: int) -> Path:
    """Save the product's list page with a mark in place of its rows."""
    page = ask(port, "/tasks/", LISTED)
    shell, found = ROWS.subn("<!-- rows -->", page, count=1)
    if not found:
        raise SystemExit("the list page has no rows to measure")
    path = Path(tempfile.mkdtemp()) / "shell.html"
    path.write_text(shell, encoding="utf-8")
    return path


def ask(port: int, path: str, place: data.Place) -> str:
    """Return one page of the product as text."""
    message = urllib.request.Request(
        f"http://127.0.0.1:{port}{path}", headers={"Cookie": cookies(place)}
    )
    with urllib.request.urlopen(message, timeout=20) as answer:
        return answer.read().decode()
