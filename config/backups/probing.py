"""Writing in an upgraded copy as people do: migrations that end well may still refuse it."""

import secrets
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from accounts.models import User
from organizations.flows import create_organization
from organizations.tenancy import identity, no_context, tenant
from tasks.flows import create_task
from tasks.models import Task

NAME = "Rehearsal"


class Refused(Exception):
    """The copy refused a write; the text is a sentence for whoever upgrades."""


def probe() -> list[str]:
    """Found an organization and make, change and delete a task in it, by the flows
    that people use and as the runtime role; return why that cannot be done."""
    try:
        with no_context():
            person = done("register a person", somebody)
            house = done("found an organization", lambda: founded(person))
            with tenant(house, person):
                task = done("make a task", lambda: made(person))
                done("change a task", lambda: changed(task, person))
                done("delete a task", lambda: gone(task, person))
    except Refused as refused:
        return [str(refused)]
    return []


def done(what: str, act: Callable[[], Any]) -> Any:
    """Do one thing; whatever comes of it instead is told as one sentence."""
    try:
        return act()
    # Of the code of an upgrade nobody knows by which errors it refuses.
    except Exception as error:
        first = str(error).strip().partition("\n")[0] or type(error).__name__
        raise Refused(f"After the upgrade nobody can {what}: {first}.") from error


def somebody() -> User:
    address = f"rehearsal-{secrets.token_hex(8)}@example.invalid"
    with identity():
        return User.objects.create_user(address)


def founded(person: User) -> Any:
    return create_organization(user=person, name=NAME)


def made(person: User) -> Task:
    return create_task(by=person, title=NAME)


def changed(task: Task, person: User) -> None:
    task.edit(by=person, title=f"{NAME}, changed")
    kept = Task.objects.get(pk=task.pk).title
    if kept == NAME:
        raise ValueError("it stays as it was")


def gone(task: Task, person: User) -> None:
    task.remove(by=person)
    with suppress(Task.DoesNotExist):
        Task.objects.get(pk=task.pk)
        raise ValueError("it is still there")
