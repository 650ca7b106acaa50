"""Reading custom roles, and members to look up."""

from typing import Final

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Lower

from organizations.models import CustomRole, Membership

FOUND: Final = 20


def custom_roles() -> QuerySet[CustomRole]:
    """Return the organization's roles by name, each with how many have it."""
    rows = CustomRole.objects.annotate(people=Count("memberships"))
    return rows.order_by(Lower("name"))


def members_called(words: str) -> list[Membership]:
    """Return some members by name or address, with their person and roles."""
    rows = Membership.objects.select_related("user", "custom_role")
    if words:
        rows = rows.filter(
            Q(user__name__icontains=words) | Q(user__email__icontains=words)
        )
    return list(rows.order_by("pk")[:FOUND])
