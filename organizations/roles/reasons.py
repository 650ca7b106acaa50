"""Why somebody may do a thing, or may not: traced to the role that says so."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from organizations.models import Membership
from organizations.permissions import (
    ABILITIES,
    GRANTABLE,
    abilities,
    effective,
    roles_with,
)


@dataclass(frozen=True)
class Reason:
    """One ability in words, whether the member has it, and why."""

    ability: str
    words: str
    may: bool
    because: str


def reasons(membership: Membership) -> Iterator[Reason]:
    """Yield every ability with what gives it to a member or keeps it from them."""
    mine = effective(membership)
    for ability, (_roles, words) in ABILITIES.items():
        may = ability in mine
        why = because(membership, ability, may=may)
        yield Reason(ability, capfirst(str(words)), may, why)


def because(membership: Membership, ability: str, *, may: bool) -> str:
    """Return the sentence that traces an ability to a role."""
    facts: dict[str, Any] = {
        "role": membership.get_role_display(),
        "custom": membership.custom_role,
        "others": ", ".join(str(role.label) for role in roles_with(ability)),
    }
    by_role = ability in abilities(membership.role)
    if membership.custom_role is None:
        text = _("%(role)s has it.") if may else _("Only these have it: %(others)s.")
    elif ability not in GRANTABLE:
        text = _("Only owners have it; no custom role can give it.")
    elif may:
        kept, added = _("%(custom)s keeps it, as %(role)s."), _("%(custom)s adds it.")
        text = kept if by_role else added
    else:
        text = _("%(custom)s leaves it out.")
        if not by_role:
            text = _("Neither %(custom)s nor %(role)s has it.")
    return text % facts
