"""No organization without an owner who can enter it: the database's own promise.

The functions run with the definer's rights: whoever leaves may see neither the other
owners nor the organizations of a person who is banned.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import IntegrityError

from accounts.models import User
from organizations.models import Membership, Organization, Role
from organizations.tenancy.functions import handed_over

RULE = "organizations_last_owner"

# One organization's owners change one after another: each looks again once the other
# has finished. A deleted organization needs no owner, and one that is gone has none.
KEEP_AN_OWNER = """
CREATE OR REPLACE FUNCTION app.keep_an_owner() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $f$
BEGIN
  IF OLD.suspended_at IS NULL AND (TG_OP = 'DELETE'
      OR NEW.role <> '{owner}' OR NEW.suspended_at IS NOT NULL) THEN
    PERFORM pg_advisory_xact_lock(hashtextextended('owners ' || OLD.organization_id, 0));
    IF EXISTS (SELECT FROM public.{organization} o
        WHERE o.id = OLD.organization_id AND o.deleted_at IS NULL)
      AND NOT EXISTS (SELECT FROM public.{membership} m
        JOIN public.{user} p ON p.id = m.user_id
        WHERE m.organization_id = OLD.organization_id AND m.id <> OLD.id
        AND m.role = '{owner}' AND m.suspended_at IS NULL AND p.is_active
        AND NOT (p.banned AND coalesce(p.ban_expires_at > now(), true))) THEN
      RAISE EXCEPTION 'the last owner stays'
        USING ERRCODE = '23514', CONSTRAINT = '{rule}';
    END IF;
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  RETURN NEW;
END $f$"""

# Staff close an organization first whose only owner they want to shut out.
KEEP_OWNERS = """
CREATE OR REPLACE FUNCTION app.keep_owners() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $f$
DECLARE owned uuid;
BEGIN
  IF NEW.is_active AND NOT (NEW.banned
      AND coalesce(NEW.ban_expires_at > now(), true)) THEN
    RETURN NEW;
  END IF;
  FOR owned IN SELECT m.organization_id FROM public.{membership} m
      JOIN public.{organization} o ON o.id = m.organization_id
      WHERE m.user_id = OLD.id AND m.role = '{owner}' AND m.suspended_at IS NULL
      AND o.is_active AND o.deleted_at IS NULL ORDER BY m.organization_id LOOP
    PERFORM pg_advisory_xact_lock(hashtextextended('owners ' || owned, 0));
    IF NOT EXISTS (SELECT FROM public.{membership} m
        JOIN public.{user} p ON p.id = m.user_id
        WHERE m.organization_id = owned AND m.user_id <> OLD.id
        AND m.role = '{owner}' AND m.suspended_at IS NULL AND p.is_active
        AND NOT (p.banned AND coalesce(p.ban_expires_at > now(), true))) THEN
      RAISE EXCEPTION 'the last owner stays'
        USING ERRCODE = '23514', CONSTRAINT = '{rule}';
    END IF;
  END LOOP;
  RETURN NEW;
END $f$"""


# A migration of a part may leave the tables missing.
TRIGGERS = """
DO $do$ BEGIN
  IF to_regclass('public.{membership}') IS NOT NULL THEN
    CREATE OR REPLACE TRIGGER keep_an_owner BEFORE UPDATE OR DELETE
      ON public.{membership} FOR EACH ROW WHEN (OLD.role = '{owner}')
      EXECUTE FUNCTION app.keep_an_owner();
    CREATE OR REPLACE TRIGGER keep_owners BEFORE UPDATE
      OF banned, ban_expires_at, is_active ON public.{user}
      FOR EACH ROW WHEN (NEW.banned OR NOT NEW.is_active)
      EXECUTE FUNCTION app.keep_owners();
  END IF;
END $do$"""


class LastOwner(Exception):
    """Without this person an organization would have no owner who can enter it."""


@contextmanager
def keeping_an_owner() -> Iterator[None]:
    """Turn the database's refusal to lose the last owner into LastOwner."""
    try:
        yield
    except IntegrityError as error:
        if refused_by_rule(error):
            raise LastOwner from error
        raise


def refused_by_rule(error: Any) -> bool:
    """Return whether the database refused a change for want of an owner."""
    return error.__cause__.diag.constraint_name == RULE


def statements() -> Iterator[str]:
    """Yield what makes the two triggers."""
    names = {
        "owner": Role.OWNER.value,
        "membership": Membership._meta.db_table,
        "organization": Organization._meta.db_table,
        "user": User._meta.db_table,
        "rule": RULE,
    }
    for name, text in (("keep_an_owner", KEEP_AN_OWNER), ("keep_owners", KEEP_OWNERS)):
        yield text.format(**names)
        yield from handed_over(f"{name}()")
    yield TRIGGERS.format(**names)
