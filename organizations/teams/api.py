"""Teams for other programs, and who is in them."""

from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Query, Router

from organizations.api.bodies import checked, only, refuse_errors
from organizations.api.problems import Problem
from organizations.api.scopes import Scope
from organizations.api.shapes import (
    PROBLEMS,
    PageQuery,
    created,
    cursor_of,
    id_of,
    nothing,
    place_of,
    refuse_changed,
    shown,
)
from organizations.http import TenantRequest
from organizations.models import Membership
from organizations.paging import page_behind
from organizations.teams import flows
from organizations.teams.forms import TeamForm
from organizations.teams.listing import people_page, teams
from organizations.teams.models import Team as Row
from organizations.teams.models import TeamMembership
from organizations.teams.shapes import (
    NewTeam,
    Team,
    TeamChanges,
    TeamMember,
    TeamMemberPage,
    TeamPage,
    place_shape,
    team_shape,
)

router = Router(tags=["Teams"])


@router.get("/teams", auth=Scope("teams.view"), response={200: TeamPage, **PROBLEMS})
def list_teams(request: TenantRequest, page: Query[PageQuery]) -> HttpResponse:
    """List teams, the newest first."""
    found = page_behind(teams(), "created_at", place_of(page.cursor), page.limit)
    items = [team_shape(team) for team in found.rows]
    return shown(request, TeamPage(items=items, next=cursor_of(found.next)))


@router.post("/teams", auth=Scope("teams.edit"), response={201: Team, **PROBLEMS})
def create_team(request: TenantRequest, data: NewTeam) -> HttpResponse:
    """Make a team with nobody in it yet."""
    form = TeamForm(data.model_dump())
    values = checked(form)
    try:
        team = flows.create_team(by=None, **values)
    except flows.NameTaken:
        form.add_name_taken()
        refuse_errors(form)
        raise
    return created(request, present(team.pk))


@router.get(
    "/teams/{uuid:team_id}",
    auth=Scope("teams.view"),
    response={200: Team, **PROBLEMS},
)
def get_team(request: TenantRequest, team_id: UUID) -> HttpResponse:
    """Read one team."""
    return shown(request, present(team_id))


@router.patch(
    "/teams/{uuid:team_id}",
    auth=Scope("teams.edit"),
    response={200: Team, **PROBLEMS},
)
def change_team(
    request: TenantRequest, team_id: UUID, data: TeamChanges
) -> HttpResponse:
    """Rename or describe a team."""
    with transaction.atomic():
        team = locked(request, team_id)
        given = data.model_dump(exclude_unset=True)
        form = only(TeamForm(given), given)
        values = checked(form)
        try:
            flows.edit_team(team=team, by=None, **values)
        except flows.NameTaken:
            form.add_name_taken()
            refuse_errors(form)
    return shown(request, present(team_id))


@router.delete(
    "/teams/{uuid:team_id}",
    auth=Scope("teams.edit"),
    response={204: None, **PROBLEMS},
)
def remove_team(request: TenantRequest, team_id: UUID) -> HttpResponse:
    """Put a team away with who is in it; it can be restored."""
    with transaction.atomic():
        flows.remove_team(team=locked(request, team_id), by=None)
    return nothing()


@router.post(
    "/teams/{uuid:team_id}/restore",
    auth=Scope("teams.edit"),
    response={200: Team, **PROBLEMS},
)
def restore_team(request: TenantRequest, team_id: UUID) -> HttpResponse:
    """Bring a team back; its name may be another's by now."""
    team: Row = get_object_or_404(Row.with_trash, pk=team_id)
    try:
        flows.restore_team(team=team, by=None)
    except flows.NameTaken as error:
        words = f"There is another team called {team} now. Rename that one first."
        raise Problem("conflict", words) from error
    return shown(request, present(team_id))


@router.get(
    "/teams/{uuid:team_id}/members",
    auth=Scope("teams.view"),
    response={200: TeamMemberPage, **PROBLEMS},
)
def list_team_members(
    request: TenantRequest, team_id: UUID, page: Query[PageQuery]
) -> HttpResponse:
    """List who is in a team, the longest-standing first."""
    team, after = get_object_or_404(Row, pk=team_id), id_of(page.cursor)
    rows, more = people_page(team, after, page.limit)
    items = [place_shape(row) for row in rows]
    following = str(more) if more else None
    return shown(request, TeamMemberPage(items=items, next=following))


@router.put(
    "/teams/{uuid:team_id}/members/{uuid:user_id}",
    auth=Scope("teams.edit"),
    response={200: TeamMember, **PROBLEMS},
)
def add_team_member(
    request: TenantRequest, team_id: UUID, user_id: UUID
) -> HttpResponse:
    """Put a member in a team; doing it twice is the same as doing it once."""
    team = get_object_or_404(Row, pk=team_id)
    rows = Membership.objects.select_related("user")
    member = get_object_or_404(rows, user_id=user_id)
    try:
        flows.add_to_team(team=team, member=member, by=None)
    except flows.NotAMember as error:
        raise Http404 from error
    return shown(request, place_shape(place(team, user_id)))


@router.delete(
    "/teams/{uuid:team_id}/members/{uuid:user_id}",
    auth=Scope("teams.edit"),
    response={204: None, **PROBLEMS},
)
def remove_team_member(
    request: TenantRequest, team_id: UUID, user_id: UUID
) -> HttpResponse:
    """Take somebody out of a team; they stay a member of the organization."""
    row = place(get_object_or_404(Row, pk=team_id), user_id)
    flows.take_from_team(team=row.team, user=row.user, by=None)
    return nothing()


def place(team: Row, user_id: UUID) -> TeamMembership:
    """Return somebody's place in a team; Http404 without one."""
    rows = TeamMembership.objects.filter(team=team).select_related("user", "team")
    found: TeamMembership = get_object_or_404(rows, user_id=user_id)
    return found


def present(team_id: UUID) -> Team:
    return team_shape(get_object_or_404(teams(), pk=team_id))


def locked(request: TenantRequest, team_id: UUID) -> Row:
    """Return a team that nobody else changes until the transaction ends."""
    team = get_object_or_404(Row.objects.select_for_update(), pk=team_id)
    if "If-Match" in request.headers:
        refuse_changed(request, present(team_id))
    return team
