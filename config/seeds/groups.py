"""Teams of the stories."""

from collections.abc import Iterable, Mapping
from typing import Any

from accounts.models import User
from organizations.models import Membership
from organizations.teams.flows import add_to_team, create_team


def make_teams(
    teams: Mapping[str, Iterable[User]], *, by: Any, description: str = ""
) -> None:
    """Make teams by name, of members of the organization this runs in."""
    for name, people in teams.items():
        team = create_team(name=name, by=by, description=description)
        for user in people:
            member = Membership.objects.select_related("user").get(user=user)
            add_to_team(team=team, member=member, by=by)
