"""Names of colleagues for rows, remembered for a moment.

The policy of the people's table asks the database several things about each row; on a
list it would cost as much as the tasks. Kept per organization: one never learns from
another's page who somebody is.
"""

import time
from collections.abc import Iterable
from uuid import UUID

from django.db import connections

from organizations.tenancy.replica import reading

# For so long others may see a name that was just changed.
LASTING_SECONDS = 30
MOST = 20_000

NAMES = "SELECT id, name, image FROM accounts_user WHERE id = ANY(%s::uuid[])"

_known: dict[tuple[UUID, str], tuple[float, "Name"]] = {}


class Name(str):
    """A person's name, which knows the picture that goes with it."""

    __slots__ = ("image",)
    image: str

    def __new__(cls, name: str = "", image: str = "") -> "Name":
        made = super().__new__(cls, name)
        made.image = image
        return made


def names_of(organization_id: UUID, people: Iterable[str]) -> dict[str, Name]:
    """Return the names of people by id; who is no colleague any more has none."""
    now, names, missing = time.monotonic(), {}, []
    for person in people:
        until, name = _known.get((organization_id, person), (0.0, Name()))
        if until < now:
            missing.append(person)
        names[person] = name
    if missing:
        found = ask(missing)
        if len(_known) > MOST:
            _known.clear()
        for person in missing:
            names[person] = found.get(person, Name())
            _known[organization_id, person] = (now + LASTING_SECONDS, names[person])
    return names


def ask(people: list[str]) -> dict[str, Name]:
    """Return the names that the active context may see."""
    with connections[reading()].cursor() as cursor:
        cursor.execute(NAMES, [people])
        return {str(one): Name(name, image) for one, name, image in cursor.fetchall()}


def forget() -> None:
    """Empty the memory, for tests."""
    _known.clear()
