"""Journeys of the invited: asked in, reminded, let in, or not."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from django.db import models, transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from organizations.audit.recording import record
from organizations.flows import add_member
from organizations.invitations import jobs
from organizations.invitations.addresses import address_in
from organizations.invitations.models import Invitation, State
from organizations.invitations.seats import Seats, locked_seats
from organizations.invitations.tokens import hash_of, new_token, organization_in
from organizations.limits.standing import require_good
from organizations.models import Membership, Organization, Role
from organizations.teams.flows import add_to_team
from organizations.teams.models import Team
from organizations.tenancy import no_context, tenant
from organizations.tenancy.jobs import enqueue

LASTS: Final = timedelta(days=7)
# Enough for a large firm, too few to be worth a spammer's while.
MOST_A_DAY: Final = 500


class Outcome(models.TextChoices):
    """What became of one line of a list of addresses."""

    SENT = "sent", _("Invited")
    MEMBER = "member", _("Already a member")
    INVITED = "invited", _("Already invited")
    INVALID = "invalid", _("Not an e-mail address")
    NO_SEAT = "no_seat", _("No seat left")
    TOO_MANY = "too_many", _("Too many for one day")


@dataclass(frozen=True)
class Result:
    """One line of a list of addresses and what became of it."""

    entry: str
    outcome: Outcome

    @property
    def is_mendable(self) -> bool:
        """Whether the line is worth keeping for another try."""
        return self.outcome in {Outcome.INVALID, Outcome.NO_SEAT, Outcome.TOO_MANY}


class NotUsable(Exception):
    """An invitation lets nobody in now; `state` says why."""

    def __init__(self, state: State) -> None:
        super().__init__(state)
        self.state = state


class WrongAddress(Exception):
    """The invitation is meant for another address than the person's."""


def invite(
    *,
    organization: Organization,
    by: Any,
    entries: Iterable[str],
    role: Role,
    team: Team | None = None,
) -> list[Result]:
    """Invite everybody on a list, and tell line by line what became of it."""
    with transaction.atomic():
        seats = locked_seats(organization.pk)
        today = left_today()
        addresses = [(entry, address_in(entry)) for entry in entries]
        known = {address for _entry, address in addresses if address}
        members, waiting = emails_of_members(known), emails_of_invited(known)
        results, free = [], seats.free
        for entry, address in addresses:
            outcome = judged(address, members, waiting, free, today)
            results.append(Result(entry, outcome))
            if address is None or outcome != Outcome.SENT:
                continue
            write(address, role, team, by)
            waiting.add(address)
            today -= 1
            free = free - 1 if free is not None else None
    return results


def judged(
    address: str | None,
    members: set[str],
    waiting: set[str],
    free: int | None,
    today: int,
) -> Outcome:
    """Return what becomes of one address."""
    if address is None:
        return Outcome.INVALID
    if address in members:
        return Outcome.MEMBER
    if address in waiting:
        return Outcome.INVITED
    if free is not None and free < 1:
        return Outcome.NO_SEAT
    return Outcome.SENT if today > 0 else Outcome.TOO_MANY


def left_today() -> int:
    """Return how many more the organization may invite within a day."""
    since = timezone.now() - timedelta(days=1)
    made = Invitation.objects.filter(created_at__gt=since).exclude(email="")
    return MOST_A_DAY - made.count()


def emails_of_members(addresses: set[str]) -> set[str]:
    found = Membership.objects.filter(user__email__in=addresses)
    return set(found.values_list("user__email", flat=True))


def emails_of_invited(addresses: set[str]) -> set[str]:
    found = Invitation.objects.waiting().filter(expires_at__gt=Now())
    return set(found.filter(email__in=addresses).values_list("email", flat=True))


def newcomers(entries: Iterable[str]) -> set[str]:
    """Return the addresses on a list that an invitation would take a seat for."""
    known = {address for entry in entries if (address := address_in(entry))}
    return known - emails_of_members(known) - emails_of_invited(known)


def facts(role: Role, team: Team | None) -> dict[str, Any]:
    """Return what history says of an invitation; the team only if there is one."""
    return {"role": role} | ({"team": team.name} if team else {})


def write(address: str, role: Role, team: Team | None, by: Any) -> Invitation:
    """Write one invitation, in place of an expired one, and have it mailed."""
    Invitation.objects.waiting().filter(email=address).update(revoked_at=Now())
    invitation = Invitation.objects.create(
        email=address,
        role=role,
        team=team,
        inviter=by,
        expires_at=timezone.now() + LASTS,
    )
    record("invitation.sent", invitation, by=by, after=facts(role, team))
    enqueue(jobs.mail_invitation, invitation_id=str(invitation.pk))
    return invitation


@transaction.atomic
def resend(*, invitation: Invitation, by: Any, reason: str = "") -> bool:
    """Mail an invitation again with another seven days; False when it was answered.

    The link of the mail before it ends. Staff say a `reason`, which is recorded.
    """
    found = Invitation.objects.waiting().exclude(email="").filter(pk=invitation.pk)
    seats = locked_seats(invitation.organization_id)
    holds = found.filter(expires_at__gt=Now()).exists()
    if not holds and seats.free == 0:
        raise seats.reached
    expires_at = timezone.now() + LASTS
    if not found.update(expires_at=expires_at, token_hash=None, asked_again_at=None):
        return False
    after = {"reason": reason} if reason else {}
    record("invitation.resent", invitation, by=by, after=after)
    enqueue(jobs.mail_invitation, invitation_id=str(invitation.pk))
    return True


@transaction.atomic
def revoke(*, invitation: Invitation, by: Any) -> bool:
    """Withdraw an invitation; False when it was answered or withdrawn before."""
    found = Invitation.objects.waiting().filter(pk=invitation.pk)
    if not found.update(revoked_at=Now()):
        return False
    record("invitation.revoked", invitation, by=by)
    return True


@transaction.atomic
def make_link(
    *,
    organization: Organization,
    by: Any,
    role: Role,
    days: int,
    max_uses: int | None,
    allowed_domains: Sequence[str],
    team: Team | None = None,
) -> tuple[Invitation, str]:
    """Make a link that lets several people in; its token is told only now."""
    token = new_token(organization.pk)
    link = Invitation.objects.create(
        role=role,
        team=team,
        inviter=by,
        token_hash=hash_of(token),
        expires_at=timezone.now() + timedelta(days=days),
        max_uses=max_uses,
        allowed_domains=list(allowed_domains),
    )
    after = {
        **facts(role, team),
        "days": days,
        "uses": max_uses,
        "domains": list(allowed_domains),
    }
    record("invitation.link_made", link, by=by, after=after)
    return link, token


def find(token: str) -> Invitation | None:
    """Return the invitation of a token with its organization and inviter.

    The organization named in it is entered for this one look, and left again.
    """
    organization_id = organization_in(token)
    if organization_id is None:
        return None
    with no_context(), tenant(organization_id):
        rows = Invitation.objects.select_related("organization", "inviter")
        found = rows.filter(token_hash=hash_of(token)).first()
    if found is None or not is_open(found.organization):
        return None
    return found


def find_mine(*, organization_id: Any, invitation: Any) -> Invitation | None:
    """Return a mailed invitation by its ids, for whoever it is addressed to."""
    with no_context(), tenant(organization_id):
        rows = Invitation.objects.select_related("organization", "inviter")
        found = rows.exclude(email="").filter(pk=invitation).first()
    if found is None or not is_open(found.organization):
        return None
    return found


def is_open(organization: Organization) -> bool:
    return organization.is_active and organization.deleted_at is None


def accept(*, invitation: Invitation, user: Any) -> Membership:
    """Let a person in; whoever is a member already stays what they are.

    NotUsable, WrongAddress or a PlanRefusal when the door stays shut. The seat is claimed
    under the organization's lock, so a link's last use is used once.
    """
    with (
        no_context(),
        tenant(invitation.organization_id, user),
        transaction.atomic(),
    ):
        seats = locked_seats(invitation.organization_id)
        kept = Invitation.objects.select_for_update().get(pk=invitation.pk)
        if not kept.takes(user):
            raise WrongAddress
        member = Membership.objects.filter(user=user).first()
        if member is not None:
            return member
        refuse_unusable(kept)
        refuse_full(kept, seats)
        note_use(kept)
        how = {"invitation": str(kept.pk), "inviter": str(kept.inviter_id or "")}
        member = add_member(
            organization=invitation.organization,
            user=user,
            role=Role(kept.role),
            by=user,
            how=how,
        )
        # A team in the trash takes nobody.
        for team in Team.objects.filter(pk=kept.team_id):
            add_to_team(team=team, member=member, by=user)
        return member


def refuse_unusable(invitation: Invitation) -> None:
    """Raise NotUsable unless an invitation is open and its inviter still belongs."""
    if invitation.state != State.OPEN:
        raise NotUsable(invitation.state)
    inviter = invitation.inviter_id
    if inviter is not None and not stands_behind(inviter):
        raise NotUsable(State.REVOKED)


def stands_behind(inviter_id: Any) -> bool:
    """Return whether an inviter is still a member who can enter."""
    found = Membership.objects.filter(user_id=inviter_id, suspended_at=None)
    inviter = found.select_related("user").first()
    return inviter is not None and inviter.user.may_sign_in


def refuse_full(invitation: Invitation, seats: Seats) -> None:
    """Raise LimitReached when nobody fits in; a mailed invitation has kept its seat.

    BadStanding while unpaid bills let nobody in.
    """
    require_good(seats.standing)
    if seats.limit is None:
        return
    taken = seats.taken if invitation.is_link else seats.members
    if taken >= seats.limit:
        raise seats.reached


def note_use(invitation: Invitation) -> None:
    if invitation.is_link:
        invitation.uses += 1
        invitation.save(update_fields=["uses"])
    else:
        invitation.accepted_at = timezone.now()
        invitation.save(update_fields=["accepted_at"])


def decline(*, invitation: Invitation) -> bool:
    """Say no to a mailed invitation; False when there is nothing to decline."""
    with no_context(), tenant(invitation.organization_id), transaction.atomic():
        found = Invitation.objects.waiting().exclude(email="").filter(pk=invitation.pk)
        if not found.update(declined_at=Now()):
            return False
        record("invitation.declined", invitation)
    return True


def ask_again(*, invitation: Invitation) -> bool:
    """Tell the inviter that an expired invitation is still wanted, once."""
    with no_context(), tenant(invitation.organization_id), transaction.atomic():
        found = Invitation.objects.waiting().exclude(email="")
        found = found.filter(pk=invitation.pk, asked_again_at=None)
        if not found.filter(expires_at__lte=Now()).update(asked_again_at=Now()):
            return False
        record("invitation.wanted", invitation)
        enqueue(jobs.mail_wanted, invitation_id=str(invitation.pk))
    return True
