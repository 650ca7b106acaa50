"""The organization that a command's user means, looked up as staff."""

from typing import Any
from uuid import UUID

from django.core.management.base import CommandError
from django.db import connections
from django.db.models import Q

from organizations.models import Organization
from organizations.tenancy import operator


def the_organization(wanted: str, command: str) -> Organization:
    """Return the organization with an address or id; CommandError without one.

    Of those with one address it is the open one: deleted ones give theirs away.
    """
    if "operator" not in connections:
        raise CommandError("Set DATABASE_OPERATOR_URL: the operator finds it.")
    with operator(None, command):
        rows = Organization.objects.filter(asked_for(wanted))
        found = (
            rows.filter(deleted_at=None).first() or rows.order_by("-deleted_at").first()
        )
    if found is None:
        raise CommandError(f"There is no organization {wanted}.")
    return found


def asked_for(wanted: str) -> Q:
    try:
        return Q(pk=UUID(wanted))
    except ValueError:
        return Q(slug=wanted)


def is_here(organization_id: Any, command: str) -> bool:
    """Return whether an organization has rows here, deleted ones included."""
    with operator(None, command):
        return Organization.objects.filter(pk=organization_id).exists()
