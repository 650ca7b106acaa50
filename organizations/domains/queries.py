"""Which organizations a person could join: a question across all of them.

The function runs with the definer's rights and answers only about the person of the
sealed context: organizations that have proven the domain of their confirmed address.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from accounts.models import User
from organizations.domains.models import Joining, JoinRequest, OrganizationDomain
from organizations.models import Membership, Organization
from organizations.tenancy import as_user, no_context
from organizations.tenancy.functions import of_definer

JOINABLE = """
CREATE OR REPLACE FUNCTION app.joinable_organizations()
RETURNS TABLE (id uuid, name text, joining text, asked boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $f$
DECLARE me uuid := app.current_user_id();
BEGIN
  IF me IS NULL THEN RETURN; END IF;
  RETURN QUERY SELECT o.id, o.name::text, d.joining::text, EXISTS (
      SELECT FROM public.{request} r WHERE r.organization_id = o.id
      AND r.user_id = me AND r.approved_at IS NULL AND r.denied_at IS NULL)
    FROM public.{user} p
    JOIN public.{domain} d ON d.domain = split_part(p.email, '@', 2)
    JOIN public.{organization} o ON o.id = d.organization_id
    WHERE p.id = me AND p.email_verified AND d.verified_at IS NOT NULL
      AND d.joining <> '{invited}' AND o.is_active AND o.deleted_at IS NULL
      AND NOT EXISTS (SELECT FROM public.{membership} m
        WHERE m.organization_id = o.id AND m.user_id = me)
    ORDER BY lower(o.name), o.id LIMIT 50;
END $f$"""


@dataclass(frozen=True)
class Joinable:
    """An organization whose people share one's domain; `asked` waits for an answer."""

    pk: UUID
    name: str
    joining: str
    asked: bool

    def __str__(self) -> str:
        return self.name


def statements() -> Iterator[str]:
    """Yield what makes the function."""
    text = JOINABLE.format(
        request=JoinRequest._meta.db_table,
        user=User._meta.db_table,
        domain=OrganizationDomain._meta.db_table,
        organization=Organization._meta.db_table,
        membership=Membership._meta.db_table,
        invited=Joining.INVITED.value,
    )
    yield from of_definer("joinable_organizations()", text)


def joinable_by(user: Any) -> list[Joinable]:
    """Return the organizations a person could join, or ask to."""
    with no_context(), as_user(user), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM app.joinable_organizations()")
        return [Joinable(*row) for row in cursor.fetchall()]
