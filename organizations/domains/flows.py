"""Journeys of a domain: named, proven, joined through."""

from typing import Any

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from accounts.models import User
from organizations.audit.recording import record
from organizations.domains import jobs
from organizations.domains.dns import NoAnswer, texts_of
from organizations.domains.models import UNANSWERED, Joining, JoinRequest
from organizations.domains.models import OrganizationDomain as Domain
from organizations.flows import add_member
from organizations.invitations.seats import claim
from organizations.limits.standing import require_good
from organizations.models import Membership, Organization, Role
from organizations.tenancy import no_context, tenant
from organizations.tenancy.jobs import enqueue


class NotProven(Exception):
    """The domain does not say what it should; nobody answered, if `silent`."""

    def __init__(self, *, silent: bool) -> None:
        super().__init__(silent)
        self.silent = silent


class NotJoinable(Exception):
    """The organization takes nobody of the person's domain."""


@transaction.atomic
def add_domain(*, domain: str, by: Any, role: str = Role.MEMBER) -> Domain:
    """Name a domain; naming it again is the same as naming it once."""
    found, new = Domain.objects.get_or_create(domain=domain, defaults={"role": role})
    if new:
        record("domain.added", found, by=by)
    return found


def prove_domain(*, domain: Domain, by: Any) -> bool:
    """Ask the domain whose it is; False when it is proven already, else NotProven."""
    if domain.verified_at is not None:
        return False
    try:
        texts = texts_of(domain.domain)
    except NoAnswer as error:
        raise NotProven(silent=True) from error
    if domain.record not in texts:
        raise NotProven(silent=False)
    with transaction.atomic():
        unproven = Domain.objects.filter(pk=domain.pk, verified_at=None)
        if not unproven.update(verified_at=Now()):
            return False
        record("domain.verified", domain, by=by)
    return True


@transaction.atomic
def change_joining(*, domain: Domain, joining: str, role: str, by: Any) -> bool:
    """Say how people join through a domain; False when it is so already."""
    kept = Domain.objects.select_for_update().get(pk=domain.pk)
    before = {"joining": kept.joining, "role": kept.role}
    after = {"joining": joining, "role": role}
    if before == after:
        return False
    kept.joining, kept.role = joining, role
    kept.save(update_fields=["joining", "role"])
    record("domain.changed", kept, by=by, before=before, after=after)
    return True


@transaction.atomic
def remove_domain(*, domain: Domain, by: Any) -> bool:
    """Forget a domain and who asked through it; members stay. False when it is gone."""
    gone, _tables = Domain.objects.filter(pk=domain.pk).delete()
    if not gone:
        return False
    record("domain.removed", domain, by=by)
    return True


def join(*, organization_id: Any, user: Any) -> Membership | None:
    """Let a person in by their address, or note that they asked: then None.

    NotJoinable or a PlanRefusal when neither can be.
    """
    with no_context(), tenant(organization_id, user), transaction.atomic():
        domain = proven_domain_of(user)
        if domain is None:
            raise NotJoinable
        member = Membership.objects.filter(user=user).first()
        if member is not None:
            return member
        require_good(domain.organization.standing)
        if domain.joining == Joining.ASKING:
            ask(domain, user)
            return None
        return let_in(domain, user, by=user)


def proven_domain_of(user: Any) -> Domain | None:
    """Return the active organization's domain through which a person may join.

    Its row is locked: of two wishes at once the second sees the first.
    """
    house = Organization.objects.filter(is_active=True, deleted_at=None)
    if not user.email_verified or not house.exists():
        return None
    proven = Domain.objects.exclude(verified_at=None).exclude(joining=Joining.INVITED)
    proven = proven.select_for_update(of=("self",), no_key=True)
    return proven.filter(domain=user.email.rpartition("@")[2]).first()


def let_in(domain: Domain, user: Any, by: Any) -> Membership:
    """Make a person a member through a domain, on a seat claimed under the lock."""
    claim(domain.organization_id)
    how = {"domain": domain.domain}
    return add_member(
        organization=domain.organization,
        user=user,
        role=Role(domain.role),
        by=by,
        how=how,
    )


def ask(domain: Domain, user: Any) -> None:
    """Note a person's wish to join, once, and tell who can approve."""
    if JoinRequest.objects.filter(UNANSWERED, user=user).exists():
        return
    wish = JoinRequest.objects.create(
        domain=domain, user=user, name=str(user), email=user.email
    )
    record("join_request.made", wish, by=user, after={"domain": domain.domain})
    enqueue(jobs.mail_request, request_id=str(wish.pk))


@transaction.atomic
def approve(*, wish: JoinRequest, by: Any) -> bool:
    """Let in who asked; False when it was answered already, a PlanRefusal when
    nobody is let in.
    """
    waiting = JoinRequest.objects.select_for_update(of=("self",)).filter(
        UNANSWERED, pk=wish.pk
    )
    kept = waiting.select_related("domain", "domain__organization").first()
    if kept is None:
        return False
    kept.approved_at = timezone.now()
    kept.save(update_fields=["approved_at"])
    let_in(kept.domain, applicant(kept), by=by)
    enqueue(jobs.mail_answer, request_id=str(wish.pk))
    return True


def applicant(wish: JoinRequest) -> User:
    """Return who asked, as far as they may be named: no colleague's row is seen yet."""
    name, _space, rest = wish.name.partition(" ")
    return User(pk=wish.user_id, email=wish.email, first_name=name, last_name=rest)


@transaction.atomic
def deny(*, wish: JoinRequest, by: Any) -> bool:
    """Say no to who asked; False when it was answered already."""
    waiting = JoinRequest.objects.filter(UNANSWERED, pk=wish.pk)
    if not waiting.update(denied_at=Now()):
        return False
    record("join_request.denied", wish, by=by)
    return True
