"""The statement that every request begins with, and the one of the nightly jobs."""

import json
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.db import connection

from organizations.models import (
    CustomRole,
    LastOrganization,
    Membership,
    Organization,
)
from organizations.tenancy.functions import handed_over
from organizations.tenancy.rules import IDENTITY

USER = Membership._meta.get_field("user")
ORGANIZATION = Membership._meta.get_field("organization")
# What a request needs; reading another column fetches it.
CUSTOM_ROLE = Membership._meta.get_field("custom_role")
OURS = (
    "id",
    "organization_id",
    "user_id",
    "role",
    "custom_role_id",
    "suspended_at",
)
THE_ROLES = ("id", "organization_id", "name", "base", "abilities")
THEIRS = (
    "id",
    "updated_at",
    "name",
    "slug",
    "logo",
    "task_prefix",
    "settings",
    "joining_role",
    "plan",
    "limits",
    "api_per_minute",
    "standing",
    "over",
    "is_active",
    "requires_second_factor",
)

# What is new in an inbox: the frame shows it, and a partial index has exactly these
# rows. Nobody counts further.
NOTIFICATION = "notifications_notification"
MOST_UNREAD = 100

UNREAD_OF = """
CREATE OR REPLACE FUNCTION app.unread_of(here uuid, person uuid) RETURNS bigint
LANGUAGE plpgsql STABLE AS $f$
BEGIN RETURN (SELECT count(*) FROM (SELECT FROM public.{notification} n
  WHERE n.organization_id = here AND n.user_id = person
    AND n.in_inbox AND n.archived_at IS NULL AND n.withdrawn_at IS NULL
    AND n.read_at IS NULL LIMIT {most}) u); END $f$"""

# Planning this join cost more than answering it. A function keeps its plan for as long
# as the connection lasts, also behind a pooler that keeps no prepared statements.
MEMBERSHIPS_OF = """
CREATE OR REPLACE FUNCTION app.memberships_of(person uuid) RETURNS json
LANGUAGE plpgsql STABLE AS $f$
DECLARE here uuid := app.current_org();
BEGIN RETURN (SELECT json_agg(b.found) FROM (
  SELECT json_build_array(l.user_id IS NOT NULL, json_build_array({ours}),
    json_build_array({theirs}),
    CASE WHEN r.id IS NOT NULL THEN json_build_array({the_roles}) END,
    CASE WHEN m.organization_id = here THEN app.unread_of(here, person) END) AS found
  FROM public.{membership} m
  JOIN public.{organization} o ON o.id = m.organization_id
  LEFT JOIN public.{custom} r
    ON r.organization_id = m.organization_id AND r.id = m.custom_role_id
  LEFT JOIN public.{last} l
    ON l.user_id = m.user_id AND l.organization_id = m.organization_id
  WHERE m.user_id = person AND o.deleted_at IS NULL
  ORDER BY lower(o.name), o.id) b); END $f$"""


# What the clock starts is inside no organization; only there are they all told, and
# only their ids.
OPEN_ORGANIZATIONS = """
CREATE OR REPLACE FUNCTION app.open_organizations() RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $f$
BEGIN RETURN (SELECT array_agg(o.id ORDER BY o.id) FROM public.{organization} o
  WHERE o.deleted_at IS NULL AND {identity}); END $f$"""


def statements() -> Iterator[str]:
    """Yield what makes the functions; the first runs with the caller's rights."""
    yield OPEN_ORGANIZATIONS.format(
        organization=Organization._meta.db_table, identity=IDENTITY
    )
    yield from handed_over("open_organizations()")
    yield UNREAD_OF.format(notification=NOTIFICATION, most=MOST_UNREAD)
    yield MEMBERSHIPS_OF.format(
        ours=columns(Membership, OURS, "m"),
        theirs=columns(Organization, THEIRS, "o"),
        the_roles=columns(CustomRole, THE_ROLES, "r"),
        custom=CustomRole._meta.db_table,
        membership=Membership._meta.db_table,
        organization=Organization._meta.db_table,
        last=LastOrganization._meta.db_table,
    )


def columns(model: Any, names: tuple[str, ...], alias: str) -> str:
    """Return some attributes' columns of a model as SQL."""
    fields = {field.attname: field.column for field in model._meta.concrete_fields}
    return ", ".join(f"{alias}.{fields[name]}" for name in names)


@cache
def order(model: Any, names: tuple[str, ...]) -> list[int]:
    """Return where each of the model's loaded fields stands among the names."""
    fields = [field.attname for field in model._meta.concrete_fields]
    return [names.index(name) for name in fields if name in names]


def open_organizations() -> list[UUID]:
    """Return every organization that is not deleted, for jobs that enter each."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT app.open_organizations()")
        (found,) = cursor.fetchone()
    return found or []


def memberships_of(user: Any) -> tuple[list[Membership], UUID | None]:
    """Return a person's memberships with their organizations, and where they were last.

    That of the active organization has `unread`, how much is new in its inbox. It must
    run as that person; the policies show nobody anybody else's.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT app.memberships_of(%s)::text", [user.pk])
        row = cursor.fetchone()
    found, last = [], None
    for was_last, ours, theirs, custom, unread in json.loads(row[0] or "[]"):
        membership = membership_of(ours)
        USER.set_cached_value(membership, user)
        ORGANIZATION.set_cached_value(membership, organization_of(theirs))
        # None as well where it cannot be read: nobody asks again, and nobody gets more.
        CUSTOM_ROLE.set_cached_value(membership, custom_role_of(custom))
        membership.unread = unread
        found.append(membership)
        if was_last:
            last = membership.organization_id
    return found, last


def membership_of(values: list[Any]) -> Membership:
    *keys, role, custom_role_id, suspended_at = values
    if custom_role_id is not None:
        custom_role_id = UUID(custom_role_id)
    if suspended_at is not None:
        suspended_at = datetime.fromisoformat(suspended_at)
    return instance(
        Membership,
        OURS,
        [*map(UUID, keys), role, custom_role_id, suspended_at],
    )


def custom_role_of(values: list[Any] | None) -> CustomRole | None:
    if values is None:
        return None
    key, organization_id, *rest = values
    return instance(CustomRole, THE_ROLES, [UUID(key), UUID(organization_id), *rest])


def organization_of(values: list[Any]) -> Organization:
    key, updated_at, *rest = values
    changed = datetime.fromisoformat(updated_at)
    return instance(Organization, THEIRS, [UUID(key), changed, *rest])


def instance(model: Any, names: tuple[str, ...], values: list[Any]) -> Any:
    """Return a saved instance with some of its fields loaded."""
    places = order(model, names)
    loaded = [names[place] for place in places]
    return model.from_db("default", loaded, [values[place] for place in places])
