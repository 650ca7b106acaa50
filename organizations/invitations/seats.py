"""How many people an organization holds, and how many more it may."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from organizations.invitations.models import Invitation
from organizations.limits.counting import Counted
from organizations.limits.models import Key
from organizations.limits.refusals import LimitReached
from organizations.limits.standing import require_good
from organizations.models import Membership, Organization, Standing


@dataclass(frozen=True)
class Seats:
    """Members, seats kept for the invited, and the limit; None means no limit."""

    members: int
    invited: int
    limit: int | None
    standing: str = Standing.GOOD

    @property
    def taken(self) -> int:
        return self.members + self.invited

    @property
    def free(self) -> int | None:
        if self.limit is None:
            return None
        return max(0, self.limit - self.taken)

    @property
    def reached(self) -> LimitReached:
        """What is said when there is no seat."""
        return LimitReached(Key.MEMBERS, self.taken, self.limit or 0)


def seats_of(organization: Any) -> Seats:
    """Return the seats of the active organization; a suspended member keeps theirs."""
    return Seats(
        members=Membership.objects.count(),
        invited=Invitation.objects.holding_a_seat().count(),
        limit=organization.limit(Key.MEMBERS),
        standing=organization.standing,
    )


def locked_seats(organization_id: Any) -> Seats:
    """Return the seats as nobody else can take any until the transaction ends."""
    rows = Organization.objects.select_for_update(of=("self",), no_key=True)
    return seats_of(rows.get(pk=organization_id))


def claim(organization_id: Any) -> None:
    """Hold the lock on the organization's seats; LimitReached unless one is free.

    BadStanding while unpaid bills let nobody in.
    """
    seats = locked_seats(organization_id)
    require_good(seats.standing)
    if seats.free == 0:
        raise seats.reached


def seats_in_use() -> Counted:
    """Return how many seats of the active organization are taken, and by whom."""
    people = Membership.objects.count()
    invited = Invitation.objects.holding_a_seat().count()
    words = ngettext("%(n)d person", "%(n)d people", people) % {"n": people}
    if invited:
        more = ngettext("%(n)d invitation", "%(n)d invitations", invited)
        words = _("%(people)s, %(invitations)s") % {
            "people": words,
            "invitations": more % {"n": invited},
        }
    return Counted(people + invited, words)
