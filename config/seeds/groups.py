"""Teams of the stories, and a role that one of them has put together."""

from collections.abc import Iterable, Mapping
from typing import Any

from accounts.models import User
from organizations.models import Membership, Role
from organizations.permissions import abilities
from organizations.roles.flows import create_role, give_role
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


def make_auditor(user: User, *, by: Any) -> None:
    """Make a role that sees everything and changes nothing, and give it to a viewer."""
    role = create_role(
        name="Auditor",
        base=Role.VIEWER,
        abilities=abilities(Role.VIEWER) | {"audit.view"},
        by=by,
    )
    member = Membership.objects.select_related("user").get(user=user)
    give_role(membership=member, role=role, by=by)
