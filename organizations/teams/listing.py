"""Reading teams, who is in them, and who could be."""

from typing import Final
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Lower

from organizations.models import Membership
from organizations.teams.models import Team, TeamMembership

PAGE: Final = 50
OFFERED: Final = 20


def teams() -> QuerySet[Team]:
    """Return the organization's teams by name, each with how many are in it."""
    return Team.objects.annotate(people=Count("memberships")).order_by(Lower("name"))


def people_page(
    team: Team, after: UUID | None, most: int = PAGE
) -> tuple[list[TeamMembership], UUID | None]:
    """Return a page of who is in a team, and where the next begins."""
    rows = TeamMembership.objects.filter(team=team).select_related("user")
    if after:
        rows = rows.filter(pk__gt=after)
    found = list(rows.order_by("pk")[: most + 1])
    return found[:most], found[most - 1].pk if len(found) > most else None


def candidates(team: Team, words: str) -> list[Membership]:
    """Return some members who are not in a team, by name or address."""
    inside = TeamMembership.objects.filter(team=team, user_id=OuterRef("user_id"))
    rows = Membership.objects.filter(~Exists(inside)).select_related("user")
    if words:
        rows = rows.filter(
            Q(user__name__icontains=words) | Q(user__email__icontains=words)
        )
    return list(rows.order_by("pk")[:OFFERED])
