"""Journeys of custom roles: making, changing, removing and giving them."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from organizations.audit.recording import record, using
from organizations.flows import broken_rule
from organizations.models import CustomRole, Membership, Role
from organizations.permissions import GRANTABLE

NAME_RULE = "organizations_role_uniq"


class NameTaken(Exception):
    """Another role of the organization is called so."""


class RoleHeld(Exception):
    """Members have the role; it goes once they have another one."""


class OwnersStay(Exception):
    """An owner has every ability, and no custom role."""


class MoreThanOnesOwn(Exception):
    """Nobody gives others what they may not do themselves."""


@contextmanager
def refusing_names() -> Iterator[None]:
    """Turn the database's refusal of a second role of a name into NameTaken."""
    try:
        yield
    except IntegrityError as error:
        if broken_rule(error) == NAME_RULE:
            raise NameTaken from error
        raise


def grantable(abilities: Collection[str]) -> list[str]:
    """Return abilities as the column keeps them; ValueError for one that owners keep."""
    if beyond := set(abilities) - GRANTABLE:
        raise ValueError(f"not to be given: {sorted(beyond)}")
    return sorted(abilities)


def create_role(
    *, name: str, base: Role, abilities: Collection[str], by: Any
) -> CustomRole:
    """Make a role; NameTaken when there is one of that name."""
    if base == Role.OWNER:
        raise OwnersStay
    given = grantable(abilities)
    with refusing_names(), transaction.atomic(using=using()):
        role = CustomRole.objects.create(name=name, base=base, abilities=given)
        facts = {"name": name, "base": str(base), "abilities": given}
        record("role.created", role, by=by, after=facts)
    return role


def edit_role(
    *, role: CustomRole, name: str, abilities: Collection[str], by: Any
) -> bool:
    """Change a role for everybody who has it; False when it is so already."""
    wanted = {"name": name, "abilities": grantable(abilities)}
    with refusing_names(), transaction.atomic(using=using()):
        kept = CustomRole.objects.select_for_update().get(pk=role.pk)
        before = {
            key: getattr(kept, key)
            for key, value in wanted.items()
            if getattr(kept, key) != value
        }
        if not before:
            return False
        for key in before:
            setattr(kept, key, wanted[key])
        kept.save(update_fields=list(before))
        after = {key: wanted[key] for key in before}
        record("role.changed", kept, by=by, before=before, after=after)
    return True


def remove_role(*, role: CustomRole, by: Any) -> None:
    """Remove a role that nobody has; RoleHeld when somebody does."""
    facts = {"name": role.name, "base": role.base, "abilities": role.abilities}
    try:
        with transaction.atomic(using=using()):
            gone, _tables = CustomRole.objects.filter(pk=role.pk).delete()
            if gone:
                record("role.removed", role, by=by, before=facts)
    except (IntegrityError, ProtectedError) as error:
        raise RoleHeld from error


def give_role(
    *,
    membership: Membership,
    role: CustomRole | None,
    by: Any,
    abilities: Collection[str] = GRANTABLE,
) -> bool:
    """Give a member a custom role, or none; False when it is so already.

    `abilities` are the giver's own, beyond which nothing can be given. Without a
    custom role the member has the one of the four that it was built on.
    """
    if role is not None and not set(role.abilities) <= set(abilities):
        raise MoreThanOnesOwn
    with transaction.atomic(using=using()):
        rows = Membership.objects.select_related("custom_role", "user")
        kept = rows.select_for_update(of=("self",)).get(pk=membership.pk)
        if kept.role == Role.OWNER:
            raise OwnersStay
        if kept.custom_role_id == (role.pk if role else None):
            return False
        before = standing(kept)
        kept.custom_role = role
        kept.role = role.base if role else kept.role
        kept.save(update_fields=["custom_role", "role"])
        after, label = standing(kept), str(kept.user)
        record(
            "member.role_changed", kept, by=by, before=before, after=after, label=label
        )
    return True


def standing(membership: Membership) -> dict[str, str]:
    """Return a member's role for the history."""
    custom = membership.custom_role
    facts = {"role": str(membership.role)}
    return facts | ({"custom_role": custom.name} if custom else {})
