"""The chain of an organization's entries, made by the database: who cannot rewrite all
that follows cannot change, remove or move an entry unnoticed.

The canonical text holds every column but the hash itself. It stays as it is for ever:
with another text no hash of before would be right. A column that comes later joins it
only where it has a value.
"""

from collections.abc import Iterator
from typing import Any

from django.db.models import Func, TextField

from organizations.audit.models import AuditEntry

TABLE = AuditEntry._meta.db_table

# `place` is the entry's sequence; another one asks where else it would fit.
AUDIT_TEXT = """
CREATE OR REPLACE FUNCTION app.audit_text(e record, place bigint) RETURNS text
LANGUAGE plpgsql STABLE AS $f$ BEGIN
  RETURN jsonb_build_object(
    'id', e.id, 'organization_id', e.organization_id, 'sequence', place,
    'created_at', to_char(e.created_at AT TIME ZONE 'UTC',
      'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
    'actor_id', e.actor_id, 'actor_type', e.actor_type, 'actor_label', e.actor_label,
    'impersonator_id', e.impersonator_id, 'action', e.action,
    'target_type', e.target_type, 'target_id', e.target_id,
    'target_label', e.target_label, 'before', e.before, 'after', e.after,
    'address', e.address, 'user_agent', e.user_agent, 'request_id', e.request_id)::text;
END $f$"""

# One organization's entries are written one after another: each looks again once the
# other has finished, and sees those of its own statement too, being VOLATILE.
AUDIT_CHAIN = """
CREATE OR REPLACE FUNCTION app.audit_chain() RETURNS trigger
LANGUAGE plpgsql AS $f$
DECLARE
  last bigint;
  head bytea;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('audit ' || NEW.organization_id, 0));
  SELECT a.sequence, a.hash INTO last, head FROM public.{table} a
    WHERE a.organization_id = NEW.organization_id ORDER BY a.sequence DESC LIMIT 1;
  NEW.sequence := coalesce(last, 0) + 1;
  NEW.hash := sha256(coalesce(head, '') ||
    convert_to(app.audit_text(NEW, NEW.sequence), 'UTF8'));
  RETURN NEW;
END $f$"""

# Of a table that has been taken back to a time before the chain, nothing is asked.
TRIGGER = """
DO $do$ BEGIN
  IF EXISTS (SELECT FROM pg_attribute WHERE attname = 'sequence'
      AND attrelid = to_regclass('public.{table}') AND NOT attisdropped) THEN
    CREATE OR REPLACE TRIGGER audit_chain BEFORE INSERT ON public.{table}
      FOR EACH ROW EXECUTE FUNCTION app.audit_chain();
  END IF;
END $do$"""

# For entries from before the chain. Nobody writes meanwhile: to set a trigger aside
# takes a lock on the table that holds until all is done.
LINK = """
DO $do$
DECLARE
  e public.{table};
  organization uuid;
  place bigint;
  head bytea;
BEGIN
  FOR e IN SELECT * FROM public.{table} ORDER BY organization_id, created_at, id LOOP
    IF e.organization_id IS DISTINCT FROM organization THEN
      organization := e.organization_id; place := 0; head := '';
    END IF;
    place := place + 1;
    head := sha256(head || convert_to(app.audit_text(e, place), 'UTF8'));
    UPDATE public.{table} a SET sequence = place, hash = head
      WHERE a.organization_id = e.organization_id AND a.id = e.id;
  END LOOP;
END $do$"""
ASIDE = 'ALTER TABLE public.{table} {change} TRIGGER "append_only_update"'


def statements() -> Iterator[str]:
    """Yield what makes the chain's functions and its trigger."""
    yield AUDIT_TEXT
    yield AUDIT_CHAIN.format(table=TABLE)
    yield TRIGGER.format(table=TABLE)


def linking() -> Iterator[str]:
    """Yield what chains the entries that are already there, in one transaction."""
    yield ASIDE.format(table=TABLE, change="DISABLE")
    yield from statements()
    yield LINK.format(table=TABLE)
    yield ASIDE.format(table=TABLE, change="ENABLE")


class CanonicalText(Func):
    """The text of an entry that its hash is made from, were it at the given place."""

    template = f'app.audit_text("{TABLE}", %(expressions)s)'
    output_field: Any = TextField()
