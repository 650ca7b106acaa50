"""Handing an organization on: offered by an owner, accepted by the receiver."""

from datetime import timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from organizations.audit.recording import record
from organizations.members import jobs
from organizations.members.models import OwnershipOffer
from organizations.models import Membership, Role
from organizations.owners import keeping_an_owner
from organizations.tenancy.jobs import enqueue

OFFER_LASTS: Final = timedelta(days=7)


class NotOffered(Exception):
    """The offer has been answered, withdrawn or is too old, or its owner is none."""


@transaction.atomic
def offer_ownership(
    *, to: Membership, by: Membership, stays_owner: bool
) -> OwnershipOffer:
    """Offer a member to become an owner, in place of any offer before it."""
    OwnershipOffer.objects.filter(
        accepted_at=None, declined_at=None, withdrawn_at=None
    ).update(withdrawn_at=Now())
    offer = OwnershipOffer.objects.create(
        offered_to=to,
        offered_by=by,
        stays_owner=stays_owner,
        expires_at=timezone.now() + OFFER_LASTS,
    )
    record(
        "ownership.offered",
        offer,
        by=by.user,
        after={"to": str(to.user_id), "stays_owner": stays_owner},
        label=str(to.user),
    )
    enqueue(jobs.mail_offer, offer_id=str(offer.pk))
    return offer


@transaction.atomic
def accept_ownership(*, offer: OwnershipOffer) -> OwnershipOffer:
    """Make the receiver an owner; NotOffered when there is nothing to accept now."""
    offer = still_open(offer)
    receiver, giver = offer.offered_to, offer.offered_by
    if giver.role != Role.OWNER or giver.is_suspended or receiver.is_suspended:
        raise NotOffered
    before = {"receiver": receiver.role, "giver": giver.role}
    answer(offer, "accepted_at")
    give_role(receiver, Role.OWNER)
    if not offer.stays_owner:
        with keeping_an_owner():
            give_role(giver, Role.ADMIN)
    record(
        "ownership.accepted",
        offer,
        by=receiver.user,
        before=before,
        after={"receiver": receiver.role, "giver": giver.role},
        label=str(receiver.user),
    )
    return offer


@transaction.atomic
def decline_ownership(*, offer: OwnershipOffer) -> None:
    """Say no to an offer; NotOffered when it is gone."""
    offer = still_open(offer)
    answer(offer, "declined_at")
    name = str(offer.offered_to.user)
    record("ownership.declined", offer, by=offer.offered_to.user, label=name)


@transaction.atomic
def withdraw_offer(*, offer: OwnershipOffer, by: Any) -> None:
    """Take an offer back; NotOffered when it is gone."""
    offer = still_open(offer)
    answer(offer, "withdrawn_at")
    record("ownership.withdrawn", offer, by=by, label=str(offer.offered_to.user))


def still_open(offer: OwnershipOffer) -> OwnershipOffer:
    """Return an offer locked, with both sides; NotOffered unless it is open."""
    rows = OwnershipOffer.open.select_for_update(
        of=("self", "offered_by", "offered_to")
    )
    found: OwnershipOffer | None = rows.filter(pk=offer.pk).first()
    if found is None:
        raise NotOffered
    return found


def answer(offer: OwnershipOffer, field: str) -> None:
    setattr(offer, field, timezone.now())
    offer.save(update_fields=[field])


def give_role(member: Membership, role: Role) -> None:
    member.role = role
    member.save(update_fields=["role"])
