"""The chain of an organization's entries, made and kept by the database.

Each entry's hash covers its text and the hash before it, so that whoever changes one,
even past every right, has to change all that follow, and the last hash with them.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db import connections
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from organizations.audit.models import AuditEntry

TABLE: Final = AuditEntry._meta.db_table
BATCH: Final = 1_000
# What a hash covers, as PostgreSQL writes jsonb: no spelling of time or address
# depends on the settings of a session.
TEXT: Final = """jsonb_build_object(
    'id', {row}.id, 'organization', {row}.organization_id,
    'sequence', {row}.sequence, 'actor', {row}.actor_id,
    'actor_type', {row}.actor_type, 'actor_label', {row}.actor_label,
    'impersonator', {row}.impersonator_id, 'action', {row}.action,
    'target_type', {row}.target_type, 'target_id', {row}.target_id,
    'target_label', {row}.target_label, 'before', {row}.before,
    'after', {row}.after, 'address', host({row}.address),
    'user_agent', {row}.user_agent, 'request_id', {row}.request_id,
    'at', to_char({row}.created_at AT TIME ZONE 'UTC',
      'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))::text"""

# It runs with the rights of whoever writes, who may read the organization's entries
# anyway. The lock lets one link be forged at a time; it goes with the transaction.
LINK: Final = """
CREATE OR REPLACE FUNCTION app.link_entry() RETURNS trigger
LANGUAGE plpgsql AS $f$
DECLARE last record;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('audit ' || NEW.organization_id, 0));
  SELECT e.sequence, e.hash INTO last FROM public.{table} e
    WHERE e.organization_id = NEW.organization_id ORDER BY e.sequence DESC LIMIT 1;
  NEW.sequence := coalesce(last.sequence, 0) + 1;
  NEW.hash := sha256(coalesce(last.hash, ''::bytea) || convert_to({text}, 'UTF8'));
  RETURN NEW;
END $f$"""
TRIGGER: Final = f"""
DO $do$ BEGIN
  IF EXISTS (SELECT FROM pg_attribute WHERE attname = 'hash'
      AND attrelid = to_regclass('public.{TABLE}')) THEN
    CREATE OR REPLACE TRIGGER link_entry BEFORE INSERT ON public.{TABLE}
      FOR EACH ROW EXECUTE FUNCTION app.link_entry();
  END IF;
END $do$"""


def link_function() -> str:
    """Return the statement that makes the trigger's function."""
    return LINK.format(table=TABLE, text=TEXT.format(row="NEW"))


def statements() -> Iterator[str]:
    """Yield what makes the chain: the function and its trigger."""
    yield link_function()
    yield TRIGGER


@dataclass(frozen=True)
class Link:
    """One entry as the chain has it: its place, its hash, and the text it covers."""

    sequence: int
    pk: UUID
    hash: bytes
    text: str


@dataclass(frozen=True)
class Verdict:
    """What reading a chain found: how long it is, its last hash, the first fault."""

    length: int
    head: str
    fault: str = ""
    sequence: int | None = None
    entry: str = ""


def links(organization_id: UUID, using: str) -> Iterator[Link]:
    """Yield an organization's entries in the order of the chain, in batches."""
    text = TEXT.format(row="e")
    query = (
        f"SELECT e.sequence, e.id, e.hash, {text} FROM {TABLE} e"  # noqa: S608
        " WHERE e.organization_id = %s AND e.sequence > %s"
        " ORDER BY e.sequence LIMIT %s"
    )
    last = 0
    while True:
        with connections[using].cursor() as cursor:
            cursor.execute(query, [organization_id, last, BATCH])
            rows = cursor.fetchall()
        for sequence, pk, digest, words in rows:
            yield Link(sequence, pk, bytes(digest), words)
        if len(rows) < BATCH:
            return
        last = rows[-1][0]


def with_text(rows: QuerySet[AuditEntry]) -> QuerySet[AuditEntry]:
    """Return entries that each carry, as `text`, what their hash covers."""
    return rows.annotate(text=RawSQL(TEXT.format(row=TABLE), []))  # noqa: S611


def verdict_on(found: Iterator[Link]) -> Verdict:
    """Read a chain to its first fault, or to its end."""
    before, count = b"", 0
    for link in found:
        fault = ""
        if link.sequence != count + 1:
            fault = f"entry {count + 1} is missing"
        elif link.hash != hashlib.sha256(before + link.text.encode()).digest():
            fault = "was changed, or what stood before it was"
        if fault:
            head = before.hex()
            return Verdict(count, head, fault, link.sequence, str(link.pk))
        before, count = link.hash, link.sequence
    return Verdict(count, before.hex())
