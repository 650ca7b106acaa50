"""A stay in another person's place: how it starts, how it ends, what is noted of it.

All of it is written outside the context that the stay itself works in, which only reads.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.http import HttpRequest
from django.utils import timezone

from accounts.impersonation.models import Ended, Impersonation
from accounts.impersonation.sessions import begin, finish
from organizations.audit.recording import record, using
from organizations.models import Membership, Organization
from organizations.tenancy import identity, no_context, tenant
from organizations.tenancy.context import for_the_record


def start(
    *,
    staff: Any,
    person: Any,
    organization: Organization | None,
    reason: str,
    minutes: int,
) -> Impersonation:
    """Begin a stay and record it where the person belongs; runs in the console."""
    with transaction.atomic(using=using()):
        impersonation = Impersonation.objects.create(
            staff=staff,
            person=person,
            organization_id=organization and organization.pk,
            reason=reason,
            ends_at=timezone.now() + timedelta(minutes=minutes),
        )
        after = {"reason": reason, "minutes": minutes}
        record("support.started", impersonation, by=staff, after=after)
    return impersonation


def turn(request: HttpRequest, impersonation: Impersonation, back: str) -> None:
    """Let a session of staff look on from now on."""
    with no_context(), identity(impersonation.staff):
        begin(request, impersonation, back)


def leave(request: Any, why: str) -> str:
    """End a session's stay for good, and return the page that was left for it."""
    with for_the_record(), no_context(), identity():
        if request.impersonation is not None:
            end(impersonation=request.impersonation, why=why)
        return finish(request)


def end(*, impersonation: Impersonation, why: str) -> bool:
    """End a stay and record it; False when it has ended."""
    with transaction.atomic(using=using()):
        rows = Impersonation.objects.filter(pk=impersonation.pk, ended_at=None)
        if not rows.update(ended_at=timezone.now(), why=why):
            return False
        impersonation.why = why
        with where(impersonation) as is_there:
            if is_there:
                after = {"why": why}
                by = impersonation.staff
                record("support.ended", impersonation, by=by, after=after)
    return True


def end_of(person: Any) -> None:
    """End somebody's stays, and those in their place: their rights have changed."""
    for impersonation in open_ones(models.Q(staff=person) | models.Q(person=person)):
        is_staff = impersonation.staff_id == person.pk
        why = Ended.STAFF if is_staff else Ended.PERSON
        end(impersonation=impersonation, why=why)


def end_overdue() -> None:
    """End the stays whose time is up and that nobody has come back to."""
    for impersonation in open_ones(models.Q(ends_at__lte=timezone.now())):
        end(impersonation=impersonation, why=Ended.TIME)


def open_ones(which: models.Q) -> list[Impersonation]:
    rows = Impersonation.objects.filter(which, ended_at=None)
    return list(rows.select_related("staff", "person").order_by("pk"))


@contextmanager
def where(impersonation: Impersonation) -> Iterator[bool]:
    """Enter where a stay is recorded: its organization, if that is still there.

    Staff in the console are there already.
    """
    key = impersonation.organization_id
    if key is None:
        yield True
    elif using() == "operator":
        yield Organization.objects.filter(pk=key).exists()
    else:
        with no_context(), tenant(key, impersonation.staff):
            yield Organization.objects.filter(pk=key).exists()


def note(impersonation: Impersonation, *, path: str, title: str) -> None:
    """Record that a page was looked at."""
    staff = impersonation.staff
    with (
        for_the_record(),
        no_context(),
        identity(staff),
        where(impersonation) as is_there,
    ):
        if is_there:
            after, label = {"path": path}, title or path
            record("support.viewed", impersonation, by=staff, after=after, label=label)


def places_of(person: Any) -> list[Organization]:
    """Return the organizations in which a person can be shown."""
    rows = Membership.objects.filter(
        user=person,
        suspended_at=None,
        organization__is_active=True,
        organization__deleted_at=None,
    )
    found = rows.select_related("organization").order_by("organization__name")
    return [membership.organization for membership in found]


def holds(impersonation: Impersonation, memberships: list[Membership]) -> bool:
    """Whether the stay's organization is still open to its person."""
    key: UUID | None = impersonation.organization_id
    return key is None or any(
        one.organization_id == key
        and one.suspended_at is None
        and one.organization.is_active
        for one in memberships
    )
