"""What invitations look like to other programs."""

from collections.abc import Iterable
from datetime import datetime
from typing import Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from organizations.api.people import Person, people, person
from organizations.api.shapes import Body, Page
from organizations.invitations.addresses import LONGEST
from organizations.invitations.models import Invitation as Row
from organizations.models import Role


class InvitedTo(Schema):
    """The team that whoever accepts begins in."""

    id: UUID
    name: str


class Invitation(Schema):
    """One way into the organization: for one address, or by a link without any."""

    id: UUID
    email: str | None = Field(description="Null for a link that several people use.")
    role: Role
    team: InvitedTo | None
    state: Literal["open", "accepted", "declined", "revoked", "expired", "used_up"]
    inviter: Person | None = Field(
        description="Null for a program, and once who invited has left."
    )
    sent_at: datetime | None = Field(description="Null until its mail is written.")
    expires_at: datetime
    created_at: datetime


class InvitationPage(Page[Invitation]):
    """Some invitations; `next` is the cursor of what follows, null behind the last."""


class NewInvitation(Body):
    """Whom to invite, as what and into which team."""

    email: str = Field(min_length=3, max_length=LONGEST)
    role: Literal["admin", "member", "viewer"] | None = Field(
        None,
        description="None that may do more than the key; without it, as newcomers.",
    )
    team: UUID | None = None


def invitation_shapes(rows: Iterable[Row]) -> list[Invitation]:
    """Return invitations with who made them."""
    every = list(rows)
    inviters = people(row.inviter_id for row in every)
    return [
        Invitation(
            id=row.pk,
            email=row.email or None,
            role=Role(row.role),
            team=InvitedTo(id=row.team.pk, name=row.team.name) if row.team else None,
            state=row.state.value,  # type: ignore[arg-type]
            inviter=person(inviters, row.inviter_id),
            sent_at=row.sent_at,
            expires_at=row.expires_at,
            created_at=row.created_at,
        )
        for row in every
    ]
