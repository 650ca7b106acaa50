"""Pages of teams."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
)

from organizations.decorators import member_can
from organizations.http import TenantRequest
from organizations.teams import flows
from organizations.teams.active import active_team, work_in
from organizations.teams.forms import AddForm, PlaceForm, TakeOutForm, TeamForm
from organizations.teams.listing import candidates, people_page, teams
from organizations.teams.models import Team, TeamMembership


@require_GET
@member_can("teams.view")
def team_list(request: TenantRequest) -> HttpResponse:
    context = {"teams": teams(), "active": active_team(request)}
    return render(request, "teams/team_list.html", context)


@require_http_methods(["GET", "POST"])
@member_can("teams.edit")
def team_create(request: TenantRequest) -> HttpResponse:
    form = TeamForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            team = flows.create_team(by=request.user, **form.cleaned_data)
        except flows.NameTaken:
            form.add_name_taken()
        else:
            messages.success(request, _("%(name)s is there") % {"name": team})
            return redirect("teams:team_detail", team.pk)
    status = 422 if form.is_bound else 200
    return render(request, "teams/team_create.html", {"form": form}, status=status)


@require_GET
@member_can("teams.view")
def team_detail(request: TenantRequest, pk: UUID) -> HttpResponse:
    team = get_object_or_404(Team, pk=pk)
    place = PlaceForm(request.GET)
    place.is_valid()
    words = place.cleaned_data.get("q", "")
    people, after = people_page(team, place.cleaned_data.get("after"))
    may_edit = "teams.edit" in request.abilities
    mine = TeamMembership.objects.filter(team=team, user=request.user)
    context = {
        "team": team,
        "people": people,
        "after": after,
        "q": words,
        "candidates": candidates(team, words) if may_edit else [],
        "is_mine": mine.exists(),
        "active": active_team(request),
    }
    return render(request, "teams/team_detail.html", context)


@require_http_methods(["GET", "POST"])
@member_can("teams.edit")
def team_edit(request: TenantRequest, pk: UUID) -> HttpResponse:
    team = get_object_or_404(Team, pk=pk)
    facts = {"name": team.name, "description": team.description}
    form = TeamForm(request.POST if request.method == "POST" else None, initial=facts)
    if form.is_bound and form.is_valid():
        try:
            flows.edit_team(team=team, by=request.user, **form.cleaned_data)
        except flows.NameTaken:
            form.add_name_taken()
        else:
            messages.success(request, _("Team saved"))
            return redirect("teams:team_detail", pk)
    context, status = {"team": team, "form": form}, 422 if form.is_bound else 200
    return render(request, "teams/team_edit.html", context, status=status)


@require_POST
@member_can("teams.edit")
def team_delete(request: TenantRequest, pk: UUID) -> HttpResponse:
    team = get_object_or_404(Team, pk=pk)
    if flows.remove_team(team=team, by=request.user):
        text = _("%(name)s is removed") % {"name": team}
        undo = reverse("teams:team_restore", args=[pk])
        messages.success(request, text, extra_tags=undo)
    return redirect("teams:team_list")


@require_POST
@member_can("teams.edit")
def team_restore(request: TenantRequest, pk: UUID) -> HttpResponse:
    team: Team = get_object_or_404(Team.with_trash, pk=pk)
    try:
        flows.restore_team(team=team, by=request.user)
    except flows.NameTaken:
        text = _("There is another team called %(name)s now. Rename that one first.")
        messages.error(request, text % {"name": team})
        return redirect("teams:team_list")
    messages.success(request, _("%(name)s is back") % {"name": team})
    return redirect("teams:team_detail", pk)


@require_POST
@member_can("teams.edit")
def team_add(request: TenantRequest, pk: UUID) -> HttpResponse:
    team = get_object_or_404(Team, pk=pk)
    form = AddForm(request.POST)
    if not form.is_valid():
        return refused(request, team)
    member = form.cleaned_data["member"]
    try:
        done = flows.add_to_team(team=team, member=member, by=request.user)
    except flows.NotAMember:
        return refused(request, team)
    if done:
        words = {"name": member.user, "team": team}
        messages.success(request, _("%(name)s is in %(team)s") % words)
    return redirect("teams:team_detail", pk)


def refused(request: TenantRequest, team: Team) -> HttpResponse:
    text = _("That person is no member of %(name)s. Nobody was added.")
    messages.error(request, text % {"name": request.organization})
    return redirect("teams:team_detail", team.pk)


@require_POST
@member_can("teams.edit")
def team_take_out(request: TenantRequest, pk: UUID) -> HttpResponse:
    team = get_object_or_404(Team, pk=pk)
    form = TakeOutForm(request.POST, team=team)
    if form.is_valid():
        user = form.cleaned_data["place"].user
        flows.take_from_team(team=team, user=user, by=request.user)
        words = {"name": user, "team": team}
        messages.success(request, _("%(name)s is no longer in %(team)s") % words)
    return redirect("teams:team_detail", pk)


@require_POST
@member_can("teams.view")
def team_choose(request: TenantRequest, pk: UUID) -> HttpResponse:
    team = get_object_or_404(Team, pk=pk)
    if not TeamMembership.objects.filter(team=team, user=request.user).exists():
        raise Http404
    work_in(request, team)
    messages.success(request, _("You work in %(name)s now") % {"name": team})
    return redirect("teams:team_detail", pk)


@require_POST
@member_can("teams.view")
def team_rest(request: TenantRequest) -> HttpResponse:
    work_in(request, None)
    return redirect("teams:team_list")
