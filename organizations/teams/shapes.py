"""What teams look like to other programs."""

from datetime import datetime
from typing import Any
from uuid import UUID

from ninja import Schema
from pydantic import Field

from organizations.api.people import Person
from organizations.api.shapes import Body, Page

NAME = 80
DESCRIPTION = 500


class Team(Schema):
    """One group of the organization's people."""

    id: UUID
    name: str
    description: str
    people: int = Field(description="How many are in it.")
    created_at: datetime


class TeamPage(Page[Team]):
    """Some teams; `next` is the cursor of what follows, null behind the last."""


class NewTeam(Body):
    """A team to be made; no two are called the same."""

    name: str = Field(min_length=1, max_length=NAME)
    description: str = Field("", max_length=DESCRIPTION)


class TeamChanges(Body):
    """What is to change of a team; what is left out stays as it is."""

    name: str = Field(default_factory=str, min_length=1, max_length=NAME)
    description: str = Field(default_factory=str, max_length=DESCRIPTION)


class TeamMember(Schema):
    """One person's place in a team."""

    user: Person
    created_at: datetime


class TeamMemberPage(Page[TeamMember]):
    """Some people of a team; `next` is the cursor of what follows, null behind the last."""


def team_shape(team: Any) -> Team:
    """Return a team that was read with the number of its people."""
    return Team(
        id=team.pk,
        name=team.name,
        description=team.description,
        people=team.people,
        created_at=team.created_at,
    )


def place_shape(row: Any) -> TeamMember:
    """Return a place in a team with its person."""
    user = Person(id=row.user_id, name=str(row.user))
    return TeamMember(user=user, created_at=row.created_at)
