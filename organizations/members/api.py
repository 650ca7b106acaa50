"""Members for other programs: who belongs here, and what they may do."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema
from pydantic import Field

from organizations import flows
from organizations.api.bodies import checked
from organizations.api.problems import Problem
from organizations.api.scopes import IMPLIED, Scope
from organizations.api.shapes import (
    PROBLEMS,
    Body,
    Page,
    PageQuery,
    id_of,
    nothing,
    refuse_changed,
    shown,
)
from organizations.http import TenantRequest
from organizations.members.forms import MemberFilterForm, RoleForm
from organizations.members.listing import member_page
from organizations.models import Membership, Role

router = Router(tags=["Members"])


class CustomRole(Schema):
    """Abilities put together under a name, in place of those of the role."""

    id: UUID
    name: str


class Member(Schema):
    """One person's place in the organization."""

    id: UUID = Field(description="Their place here; it ends when they leave.")
    user: UUID = Field(description="Their account; the same in all organizations.")
    name: str
    email: str
    role: Role
    custom_role: CustomRole | None
    suspended_at: datetime | None = Field(description="Since when they are shut out.")
    created_at: datetime


class MemberPage(Page[Member]):
    """Some members; `next` is the cursor of what follows, null behind the last."""


class MemberQuery(PageQuery):
    """Which members, as the page's filters say it."""

    q: str | None = Field(
        None, max_length=100, description="A part of their name or address."
    )
    role: Role | None = None


class MemberChanges(Body):
    """What a member shall be."""

    role: Role = Field(description="None that may do more than the key.")


@router.get(
    "/members", auth=Scope("members.view"), response={200: MemberPage, **PROBLEMS}
)
def list_members(request: TenantRequest, filters: Query[MemberQuery]) -> HttpResponse:
    """List who belongs to the organization, the longest-standing first."""
    wanted = {"q": filters.q, "role": filters.role, "after": id_of(filters.cursor)}
    form = MemberFilterForm({name: value or "" for name, value in wanted.items()})
    checked(form, "query")
    rows, after = member_page(form, filters.limit)
    items = [shape(member) for member in rows]
    return shown(request, MemberPage(items=items, next=str(after) if after else None))


@router.get(
    "/members/{uuid:member_id}",
    auth=Scope("members.view"),
    response={200: Member, **PROBLEMS},
)
def get_member(request: TenantRequest, member_id: UUID) -> HttpResponse:
    """Read one member."""
    return shown(request, shape(found(member_id)))


@router.patch(
    "/members/{uuid:member_id}",
    auth=Scope("members.edit"),
    response={200: Member, **PROBLEMS},
)
def change_member(
    request: TenantRequest, member_id: UUID, data: MemberChanges
) -> HttpResponse:
    """Give a member another role; owners are changed by owners alone."""
    with transaction.atomic():
        member = changeable(request, member_id)
        own = request.abilities | IMPLIED
        form = RoleForm(data.model_dump(), member=member, own=own)
        role = Role(checked(form)["role"])
        flows.change_role(membership=member, role=role, by=None)
    return shown(request, shape(found(member_id)))


@router.post(
    "/members/{uuid:member_id}/suspend",
    auth=Scope("members.edit"),
    response={200: Member, **PROBLEMS},
)
def suspend_member(request: TenantRequest, member_id: UUID) -> HttpResponse:
    """Shut a member out until they are let in again; their work stays."""
    with transaction.atomic():
        flows.suspend_member(membership=changeable(request, member_id), by=None)
    return shown(request, shape(found(member_id)))


@router.post(
    "/members/{uuid:member_id}/resume",
    auth=Scope("members.edit"),
    response={200: Member, **PROBLEMS},
)
def resume_member(request: TenantRequest, member_id: UUID) -> HttpResponse:
    """Let a suspended member in again."""
    with transaction.atomic():
        flows.unsuspend_member(membership=changeable(request, member_id), by=None)
    return shown(request, shape(found(member_id)))


@router.delete(
    "/members/{uuid:member_id}",
    auth=Scope("members.edit"),
    response={204: None, **PROBLEMS},
)
def remove_member(request: TenantRequest, member_id: UUID) -> HttpResponse:
    """End a membership; the person's account and work stay."""
    with transaction.atomic():
        flows.remove_member(membership=changeable(request, member_id), by=None)
    return nothing()


def found(member_id: UUID, rows: Any = Membership.objects) -> Membership:
    joined = rows.select_related("user", "custom_role")
    member: Membership = get_object_or_404(joined, pk=member_id)
    return member


def changeable(request: TenantRequest, member_id: UUID) -> Membership:
    """Return a member that nobody else changes until the transaction ends.

    Problem for an owner, whom no program changes.
    """
    rows = Membership.objects.select_for_update(of=("self",))
    member = found(member_id, rows)
    refuse_changed(request, shape(member))
    if member.role == Role.OWNER:
        raise Problem("conflict", "Owners are changed by owners alone.")
    return member


def shape(member: Membership) -> Member:
    """Return a member as other programs see them."""
    own: Any = member.custom_role
    user: Any = member.user
    return Member(
        id=member.pk,
        user=user.pk,
        name=str(user),
        email=user.email,
        role=Role(member.role),
        custom_role=CustomRole(id=own.pk, name=own.name) if own else None,
        suspended_at=member.suspended_at,
        created_at=member.created_at,
    )
