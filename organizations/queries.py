"""The statement that every request begins with, made once and run as it is."""

import json
from functools import cache
from typing import Any
from uuid import UUID

from django.db import connection

from organizations.models import LastOrganization, Membership, Organization

# Not loaded with every request; reading one of them fetches it.
SELDOM = {"logo", "metadata"}
USER = Membership._meta.get_field("user")
ORGANIZATION = Membership._meta.get_field("organization")


def columns(model: Any, alias: str) -> tuple[list[str], str]:
    """Return the attribute names of a model's usual fields and their SQL."""
    fields = [
        field for field in model._meta.concrete_fields if field.name not in SELDOM
    ]
    names = [field.attname for field in fields]
    return names, ", ".join(f'{alias}."{field.column}"' for field in fields)


@cache
def belonging() -> tuple[str, list[str], list[str]]:
    """Return the SQL of a person's memberships, and the attributes its columns fill."""
    ours, our_columns = columns(Membership, "m")
    theirs, their_columns = columns(Organization, "o")
    sql = (
        f"SELECT l.user_id IS NOT NULL, {our_columns}, {their_columns}"  # noqa: S608
        f" FROM {Membership._meta.db_table} m"
        f" JOIN {Organization._meta.db_table} o ON o.id = m.organization_id"
        f" LEFT JOIN {LastOrganization._meta.db_table} l"
        " ON l.user_id = m.user_id AND l.organization_id = m.organization_id"
        " WHERE m.user_id = %s AND o.deleted_at IS NULL"
        " ORDER BY lower(o.name), o.id"
    )
    return sql, ours, theirs


def memberships_of(user: Any) -> tuple[list[Membership], UUID | None]:
    """Return a person's memberships with their organizations, and where they were last.

    It must run as that person; the policies show nobody anybody else's.
    """
    sql, ours, theirs = belonging()
    with connection.cursor() as cursor:
        cursor.execute(sql, [user.pk])
        rows = cursor.fetchall()
    split, found, last = 1 + len(ours), [], None
    for row in rows:
        membership = Membership.from_db("default", ours, row[1:split])
        USER.set_cached_value(membership, user)
        ORGANIZATION.set_cached_value(membership, organization_of(theirs, row[split:]))
        found.append(membership)
        if row[0]:
            last = membership.organization_id
    return found, last


def organization_of(names: list[str], values: tuple[Any, ...]) -> Organization:
    organization = Organization.from_db("default", names, values)
    # The driver hands JSON over as text; a field's converter is the compiler's work.
    organization.settings = json.loads(organization.settings)
    organization.limits = json.loads(organization.limits)
    return organization
