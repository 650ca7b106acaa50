"""How people stand in answers: by id, with the name they have among colleagues."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from ninja import Schema
from pydantic import Field

from accounts.models import User


class Person(Schema):
    """Somebody of the organization."""

    id: UUID = Field(description="Their account; the same in all organizations.")
    name: str | None = Field(description="Null once they have left.")


def people(ids: Iterable[UUID | None]) -> dict[Any, Person]:
    """Return those of some people who are colleagues, by id."""
    wanted = {each for each in ids if each is not None}
    if not wanted:
        return {}
    rows = User.objects.filter(pk__in=wanted).values_list("pk", "name")
    return {pk: Person(id=pk, name=name) for pk, name in rows}


def person(found: Mapping[Any, Person], pk: UUID | None) -> Person | None:
    """Return one of them; None for a program, and for who is no colleague any more."""
    return found.get(pk) if pk else None
