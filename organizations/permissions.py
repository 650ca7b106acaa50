"""What each role may do: the one table, from which the tests' matrix is made."""

from collections.abc import Collection
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from organizations.models import Membership, Role

VIEWER, MEMBER, ADMIN, OWNER = Role.VIEWER, Role.MEMBER, Role.ADMIN, Role.OWNER

# Ability: the roles that have it, and the words a refusal uses.
ABILITIES: Final[dict[str, tuple[frozenset[Role], Promise]]] = {
    "tasks.view": (frozenset({VIEWER, MEMBER, ADMIN, OWNER}), _("see tasks")),
    "tasks.edit": (frozenset({MEMBER, ADMIN, OWNER}), _("change tasks")),
    "tasks.delete": (frozenset({MEMBER, ADMIN, OWNER}), _("delete tasks")),
    "members.view": (frozenset({VIEWER, MEMBER, ADMIN, OWNER}), _("see members")),
    "members.edit": (frozenset({ADMIN, OWNER}), _("change members")),
    "members.invite": (frozenset({ADMIN, OWNER}), _("invite people")),
    "teams.view": (frozenset({VIEWER, MEMBER, ADMIN, OWNER}), _("see teams")),
    "teams.edit": (frozenset({ADMIN, OWNER}), _("change teams")),
    "gallery.view": (frozenset({VIEWER, MEMBER, ADMIN, OWNER}), _("see the gallery")),
    "gallery.edit": (frozenset({MEMBER, ADMIN, OWNER}), _("change the gallery")),
    "owners.edit": (frozenset({OWNER}), _("change owners")),
    "organization.view": (
        frozenset({VIEWER, MEMBER, ADMIN, OWNER}),
        _("see the organization"),
    ),
    "domains.edit": (frozenset({ADMIN, OWNER}), _("change mail domains")),
    "organization.edit": (frozenset({ADMIN, OWNER}), _("change the organization")),
    "organization.export": (frozenset({OWNER}), _("export the organization")),
    "organization.import": (frozenset({OWNER}), _("take an archive in")),
    "organization.delete": (frozenset({OWNER}), _("delete the organization")),
    "roles.edit": (frozenset({OWNER}), _("change roles")),
    "security.edit": (frozenset({ADMIN, OWNER}), _("ask for a second step")),
    "audit.view": (frozenset({ADMIN, OWNER}), _("see the audit log")),
    "keys.edit": (frozenset({ADMIN, OWNER}), _("change API keys")),
    "webhooks.edit": (frozenset({ADMIN, OWNER}), _("change webhooks")),
    "support.edit": (frozenset({OWNER}), _("let Insula's staff change things")),
    "billing.view": (frozenset({ADMIN, OWNER}), _("see billing")),
    "billing.edit": (frozenset({ADMIN, OWNER}), _("change plan and payment")),
}

ROLE_ABILITIES: Final[dict[str, frozenset[str]]] = {
    role.value: frozenset(
        ability for ability, (roles, _words) in ABILITIES.items() if role in roles
    )
    for role in Role
}

# What staff who look on as a member never do, whatever an owner has granted them:
# money, secrets, the way in, and what cannot be taken back.
KEPT_FROM_STAFF: Final = frozenset(
    {
        "billing.edit",
        "keys.edit",
        "organization.delete",
        "organization.export",
        "organization.import",
        "owners.edit",
        "security.edit",
        "support.edit",
        "webhooks.edit",
    }
)

# What a custom role may hold: everything but what only owners have.
GRANTABLE: Final = frozenset(
    ability for ability, (roles, _words) in ABILITIES.items() if roles != {OWNER}
)


def effective(membership: Membership) -> frozenset[str]:
    """Return what a member may do: by their custom role, or else by their role.

    A custom role that cannot be read gives nothing, and none gives what owners keep.
    """
    if membership.custom_role_id is None:
        return abilities(membership.role)
    granted = membership.custom_role.abilities if membership.custom_role else ()
    return GRANTABLE.intersection(granted)


def abilities(role: str) -> frozenset[str]:
    """Return what a role may do."""
    return ROLE_ABILITIES[role]


def roles_with(ability: str) -> list[Role]:
    """Return the roles that have an ability, the widest first."""
    roles = ABILITIES[ability][0]
    return [role for role in Role if role in roles]


def described(role: str) -> list[Promise]:
    """Return what a role may do, in words, in the order of the table."""
    return [words for roles, words in ABILITIES.values() if role in roles]


def givable(own: Collection[str]) -> list[Role]:
    """Return the roles that somebody may give: none that may do more than they.

    Ownership is not given at all; it is offered, and accepted.
    """
    return [role for role in Role if role != Role.OWNER and abilities(role) <= set(own)]
