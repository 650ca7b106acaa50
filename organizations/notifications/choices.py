"""What each person wants to hear and how: their choice, else the organization's, else
the kind's own default."""

from collections import defaultdict
from collections.abc import Collection
from typing import Any, Final
from uuid import UUID

from organizations.models import Membership, Organization
from organizations.notifications.kinds import DIGEST, EMAIL, KINDS, Kind
from organizations.notifications.models import Channel, Preference
from organizations.permissions import effective
from organizations.tenancy.context import required_organization

# By this an organization decides for all who have not chosen.
BY_MAIL: Final = "notifications.email"

Chosen = dict[tuple[str, str], bool]


def defaults_of(kind: Kind, organization: Organization) -> frozenset[Channel]:
    """Return how people hear of a kind until they choose.

    What is critical has its channels for good.
    """
    if kind.is_critical:
        return kind.defaults
    found = set(kind.defaults)
    if not organization.preference(BY_MAIL):
        found.discard(EMAIL)
    return kind.channels.intersection(found)


def channels_of(
    kind: Kind, organization: Organization, chosen: Chosen
) -> frozenset[Channel]:
    """Return how somebody with these choices hears of a kind."""
    defaults = defaults_of(kind, organization)
    if kind.is_critical:
        return defaults
    return frozenset(
        channel
        for channel in kind.channels
        if chosen.get((kind.code, channel), channel in defaults)
    )


def wanted_by(kind: Kind, people: Collection[UUID]) -> dict[UUID, frozenset[Channel]]:
    """Return how each of some people hears of a kind in the active organization."""
    if not people:
        return {}
    key: Any = required_organization()
    organization = Organization.objects.get(pk=key)
    chosen: dict[UUID, Chosen] = defaultdict(dict)
    rows = Preference.objects.filter(kind=kind.code, user_id__in=people)
    for user_id, channel, is_on in rows.values_list("user_id", "channel", "is_on"):
        chosen[user_id][kind.code, channel] = is_on
    return {
        user_id: channels_of(kind, organization, chosen[user_id])
        for user_id in sorted(people)
    }


def choices_of(user: Any) -> Chosen:
    """Return what a person has chosen in the active organization."""
    rows = Preference.objects.filter(user=user)
    return {
        (kind, channel): is_on
        for kind, channel, is_on in rows.values_list("kind", "channel", "is_on")
    }


def digested_for(user_id: Any) -> list[str]:
    """Return the kinds that somebody wants in a digest now, and may hear of."""
    member = present(user_id)
    if member is None:
        return []
    chosen, abilities = choices_of(member.user), effective(member)
    return [
        kind.code
        for kind in KINDS.values()
        if kind.concerns(abilities)
        and DIGEST in channels_of(kind, member.organization, chosen)
    ]


def present(user_id: Any) -> Membership | None:
    """Return who is a member of the active organization still, and not suspended."""
    rows = Membership.objects.filter(
        user_id=user_id, suspended_at=None, user__is_active=True
    )
    return rows.select_related("user", "custom_role", "organization").first()
