"""The measured pages, as prepared requests of a signed-in owner."""

import re
import tempfile
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import urlencode
from uuid import UUID

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

from accounts.models import User
from accounts.sessions import ORGANIZATION_KEY, SessionStore
from organizations.api.models import ApiKey
from organizations.api.secrets import digest_of, new_text, prefix_of
from organizations.tenancy import identity, tenant
from tests.benchmarks import data, driver

TOKEN = "b" * 32
# In this order they are dealt out to the tasks of every organization.
STATUSES = ("backlog", "todo", "in_progress", "in_review", "done")
LISTED, SEARCHED, CHANGED, CREATED, BOARDED, MOVED, ASKED = (
    data.place(number) for number in range(3, 10)
)
# What the floor puts its own rows in the place of, by page.
ROWS = {
    "list": re.compile(r'<details class="group".*</details>', re.DOTALL),
    "board": re.compile(r'<section class="column".*</section>', re.DOTALL),
}


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


@cache
def key(place: data.Place) -> str:
    """Return the header of a program that may see an organization's tasks."""
    text = new_text(UUID(place.organization))
    with data.superuser() as session:
        session.execute(
            "UPDATE organizations_organization SET api_per_minute = 1000000"
            " WHERE id = %s",
            [place.organization],
        )
    with tenant(place.organization, place.user):
        ApiKey.objects.create(
            name="Bench",
            prefix=prefix_of(text),
            digest=digest_of(text),
            scopes=["tasks.view"],
            created_by_id=place.user,
        )
    return f"Bearer {text}"


def api() -> list[bytes]:
    """Ask for a page of fifty as a program does; the floor finds its key by a header."""
    headers = {
        "Authorization": key(ASKED),
        "X-Organization": ASKED.organization,
        "X-Digest": digest_of(key(ASKED).removeprefix("Bearer ")),
    }
    return [driver.request("/api/v1/tasks?limit=50", "none=", headers=headers)]


def board() -> list[bytes]:
    return [driver.request("/tasks/board/", cookies(BOARDED))]


def search() -> list[bytes]:
    return [
        driver.request(f"/tasks/?q={word}", cookies(SEARCHED))
        for word in data.WORDS[:20]
    ]


def change_status() -> list[bytes]:
    return [
        post(f"/tasks/{task_of(CHANGED, number)}/status/", CHANGED, status=status)
        for status in STATUSES
        for number in range(1, 51)
    ]


def move() -> list[bytes]:
    """Put fifty tasks below others, which stay where they are, column by column."""
    return [
        post(
            f"/tasks/{task_of(MOVED, number)}/move/",
            MOVED,
            status=status,
            after=task_of(MOVED, 100 + place + 5 * (number % 20)),
        )
        for place, status in enumerate(STATUSES)
        for number in range(1, 51)
    ]


def task_of(place: data.Place, number: int) -> str:
    return data.uid(f"task{place.number}.", number)


def post(path: str, place: data.Place, **form: str) -> bytes:
    """Return a form as htmx sends it."""
    body = urlencode(form | {"csrfmiddlewaretoken": TOKEN})
    headers = {"HX-Request": "true", "X-CSRFToken": TOKEN}
    return driver.request(path, cookies(place), form=body, headers=headers)


def create() -> list[bytes]:
    return [
        post("/tasks/new/", CREATED, title=f"Order the winter tyres {number}")
        for number in range(50)
    ]


PAGES = [
    Page("list", task_list, 2.5, 0.40),
    Page("board", board, 2.3, 0.45),
    Page("search", search, 2.6, 0.35),
    Page("status", change_status, 4.5, 0.20),
    Page("move", move, 4.5, 0.20),
    Page("create", create, 6.0, 0.13),
    Page("api", api, 3.2, 0.28),
]


def forget_created() -> None:
    """Remove what a round created: new tasks have no assignees and shrink the list."""
    with data.superuser() as session:
        session.execute(
            "DELETE FROM tasks_task WHERE organization_id = %s AND number > %s",
            [CREATED.organization, CREATED.tasks],
        )


def shells_of(port: int) -> Path:
    """Save the product's pages with a mark in the place of their rows."""
    folder = Path(tempfile.mkdtemp())
    asked = {"list": ("/tasks/", LISTED), "board": ("/tasks/board/", BOARDED)}
    for name, (path, place) in asked.items():
        shell, found = ROWS[name].subn("<!-- rows -->", ask(port, path, place), count=1)
        if not found:
            raise SystemExit(f"the {name} has no rows to measure")
        (folder / f"{name}.html").write_text(shell, encoding="utf-8")
    return folder


def ask(port: int, path: str, place: data.Place) -> str:
    """Return one page of the product as text."""
    message = urllib.request.Request(
        f"http://127.0.0.1:{port}{path}", headers={"Cookie": cookies(place)}
    )
    with urllib.request.urlopen(message, timeout=20) as answer:
        return answer.read().decode()
