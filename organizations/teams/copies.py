"""The teams a person is in, for the copy they may ask for."""

from typing import Any

from organizations.personal.parts import Rows, collecting
from organizations.teams.models import TeamMembership


def teams_of(*, person: Any, **kwargs: Any) -> tuple[str, Rows]:
    """Return the teams of the active organization that a person is in."""
    found = TeamMembership.objects.filter(user=person, team__deleted_at=None)
    rows = found.order_by("pk").values_list("team__name", "created_at")
    return "teams", [{"team": team, "since": since} for team, since in rows]


def connect() -> None:
    """Listen, once."""
    collecting.connect(teams_of, dispatch_uid="teams.teams_of")
