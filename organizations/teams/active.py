"""The team a person works in now: kept in their session, and true only for a while.

Who is taken out of it, or a team that is removed, ends it without touching sessions.
"""

from typing import Any
from uuid import UUID

from accounts.sessions import TEAM_KEY
from organizations.http import TenantRequest
from organizations.teams.models import Team


def active_team(request: TenantRequest) -> Team | None:
    """Return the team that the session names, if the person is still in it."""
    named = request.session.get(TEAM_KEY)
    if not named:
        return None
    rows = Team.objects.filter(memberships__user=request.user)
    found: Team | None = rows.filter(pk=UUID(named)).first()
    return found


def work_in(request: Any, team: Team | None) -> None:
    """Remember the team of this browser; none ends it."""
    if team is None:
        request.session.pop(TEAM_KEY, None)
    else:
        request.session[TEAM_KEY] = str(team.pk)
