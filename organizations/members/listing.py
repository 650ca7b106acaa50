"""Reading who belongs to an organization, a page at a time."""

from typing import Final
from uuid import UUID

from django.db.models import Count, Q

from organizations.members.forms import MemberFilterForm
from organizations.models import Membership, Role

PAGE: Final = 50


def member_page(
    form: MemberFilterForm, most: int = PAGE
) -> tuple[list[Membership], UUID | None]:
    """Return a page of members, the longest-standing first, and where the next begins.

    Ids grow with time, and the table's key ends with them: the page costs the same in
    an organization of five and of five thousand.
    """
    form.is_valid()
    wanted = form.cleaned_data
    rows = Membership.objects.select_related("user", "custom_role").order_by("pk")
    if wanted.get("role"):
        rows = rows.filter(role=wanted["role"])
    if wanted.get("q"):
        words = wanted["q"]
        rows = rows.filter(
            Q(user__name__icontains=words) | Q(user__email__icontains=words)
        )
    if wanted.get("after"):
        rows = rows.filter(pk__gt=wanted["after"])
    found = list(rows[: most + 1])
    more = len(found) > most
    return found[:most], found[most - 1].pk if more else None


def role_counts() -> dict[Role, int]:
    """Return how many members the active organization has in each role."""
    rows = Membership.objects.values_list("role").annotate(Count("pk")).order_by()
    counts = dict(rows)
    return {role: counts.get(role.value, 0) for role in Role}
