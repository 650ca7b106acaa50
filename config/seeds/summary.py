"""What a prober of the isolation story is told: who is who, and what to race for."""

import json
from collections.abc import Iterator
from typing import Any

from accounts.models import User
from config.seeds.canaries import (
    OPERATOR,
    REMOVED,
    ROLES,
    SHARED,
    SUSPENDED,
    Marked,
    password_of,
)
from organizations.models import Membership, Organization
from organizations.tenancy import as_user, identity, no_context, tenant
from tasks.choices import Status
from tasks.models import Task

LETTERS = "ABCD"


def as_line(story: dict[str, Any]) -> str:
    """Return a summary as the one line of JSON that ends the command's output."""
    return json.dumps(story, separators=(",", ":"))


def summary() -> dict[str, Any]:
    """Return organizations, actors and race targets as they are in the database."""
    found = {letter: organization_of(letter) for letter in LETTERS}
    return {
        "organizations": [
            {"key": letter, "name": each.name, "id": str(each.pk)}
            for letter, each in found.items()
        ],
        "actors": list(actors(found)),
        "races": [race for letter in "AB" for race in races(found[letter])],
    }


def organization_of(letter: str) -> Organization:
    """Return an organization of the story, seen as its owner."""
    owner = person(Marked(letter).login("owner"))
    with no_context(), as_user(owner):
        return (
            Membership.own.select_related("organization").get(user=owner).organization
        )


def person(login: str) -> User:
    with no_context(), identity():
        return User.objects.get(email=login)


def actors(found: dict[str, Organization]) -> Iterator[dict[str, Any]]:
    """Yield each person once for each organization they act in."""
    for letter, organization in found.items():
        extra = (SUSPENDED, REMOVED) if letter == "A" else ()
        for role in (*ROLES, *extra):
            yield actor(Marked(letter).login(role), role, organization)
    for letter in "AB":
        yield actor(Marked("AB").login(SHARED), SHARED, found[letter])
    yield actor(Marked("X").login(OPERATOR), OPERATOR, None)


def actor(login: str, role: str, organization: Organization | None) -> dict[str, Any]:
    return {
        "name": login.partition("@")[0],
        "role": role,
        "org": organization.name if organization else None,
        "login": login,
        "password": password_of(login),
    }


def races(organization: Organization) -> Iterator[dict[str, Any]]:
    """Yield rows that two people can want at once, and what must still hold then."""
    with no_context(), tenant(organization):
        tasks = list(Task.objects.order_by("number").values_list("pk", flat=True)[:2])
        owner = Membership.objects.get(role="owner").pk
    ids = {"organization": str(organization.pk)}
    yield ids | {
        "what": "task status",
        "task": str(tasks[0]),
        "statuses": Status.values,
        "holds": "one of the statuses wins, each change has its entry",
    }
    yield ids | {
        "what": "task delete",
        "task": str(tasks[1]),
        "holds": "deleted once, one entry, later ones answer 404",
    }
    yield ids | {
        "what": "task number",
        "holds": "numbers of tasks made at once are distinct and without gaps",
    }
    yield ids | {
        "what": "last owner",
        "membership": str(owner),
        "holds": "the organization always has an owner",
    }
