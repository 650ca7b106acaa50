"""How many people an organization holds, and how many more it may."""

from dataclasses import dataclass
from typing import Any

from organizations.invitations.models import Invitation
from organizations.models import Membership, Organization


class NoSeat(Exception):
    """The organization is full."""


@dataclass(frozen=True)
class Seats:
    """Members, seats kept for the invited, and the limit; None means no limit."""

    members: int
    invited: int
    limit: int | None

    @property
    def taken(self) -> int:
        return self.members + self.invited

    @property
    def free(self) -> int | None:
        if self.limit is None:
            return None
        return max(0, self.limit - self.taken)


def seats_of(organization: Any) -> Seats:
    """Return the seats of the active organization; a suspended member keeps theirs."""
    return Seats(
        members=Membership.objects.count(),
        invited=Invitation.objects.holding_a_seat().count(),
        limit=organization.limit("members"),
    )


def locked_seats(organization_id: Any) -> Seats:
    """Return the seats as nobody else can take any until the transaction ends."""
    rows = Organization.objects.select_for_update(of=("self",), no_key=True)
    return seats_of(rows.get(pk=organization_id))


def claim(organization_id: Any) -> None:
    """Hold the lock on the organization's seats; NoSeat unless one is free."""
    if locked_seats(organization_id).free == 0:
        raise NoSeat
