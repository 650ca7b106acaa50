"""Which invitations wait for a person: a question across all organizations.

The function runs with the definer's rights and answers only about the person of the
sealed context, by their confirmed address.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from accounts.models import User
from organizations.invitations.models import Invitation
from organizations.models import Membership, Organization, Role
from organizations.tenancy import as_user, no_context
from organizations.tenancy.functions import of_definer

MINE = """
CREATE OR REPLACE FUNCTION app.my_invitations()
RETURNS TABLE (id uuid, organization_id uuid, name text, role text)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $f$
DECLARE me uuid := app.current_user_id();
BEGIN
  IF me IS NULL THEN RETURN; END IF;
  RETURN QUERY SELECT i.id, o.id, o.name::text, i.role::text
    FROM public.{user} p
    JOIN public.{invitation} i ON i.email = p.email AND i.accepted_at IS NULL
      AND i.declined_at IS NULL AND i.revoked_at IS NULL AND i.expires_at > now()
    JOIN public.{organization} o ON o.id = i.organization_id
    WHERE p.id = me AND p.email_verified AND o.is_active AND o.deleted_at IS NULL
      AND NOT EXISTS (SELECT FROM public.{membership} m
        WHERE m.organization_id = o.id AND m.user_id = me)
    ORDER BY lower(o.name), o.id LIMIT 50;
END $f$"""


@dataclass(frozen=True)
class Waiting:
    """An invitation to the person who asks; `pk` is the organization's."""

    invitation: UUID
    pk: UUID
    name: str
    role: str

    def __str__(self) -> str:
        return self.name

    @property
    def role_label(self) -> str:
        return str(Role(self.role).label)


def statements() -> Iterator[str]:
    """Yield what makes the function."""
    text = MINE.format(
        user=User._meta.db_table,
        invitation=Invitation._meta.db_table,
        organization=Organization._meta.db_table,
        membership=Membership._meta.db_table,
    )
    yield from of_definer("my_invitations()", text)


def waiting_for(user: Any) -> list[Waiting]:
    """Return the invitations that a person could accept now."""
    with no_context(), as_user(user), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM app.my_invitations()")
        return [Waiting(*row) for row in cursor.fetchall()]
