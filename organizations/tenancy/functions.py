"""The database half of the sealed context: schema `app`, one statement at a time."""

from collections.abc import Iterator

from django.conf import settings

from organizations.tenancy.context import pads
from organizations.tenancy.roles import role_name

# Runs as the owner, who alone can read the key. No seal means no context: NULL,
# so no row matches. NULLs are coalesced, or a forged context would compare to NULL
# and pass. Key 2 is the previous one while the seal key is being rotated. A seal for
# reading is good in a transaction that only reads: taken to another, it opens nothing.
VERIFIED = """
CREATE OR REPLACE FUNCTION app.verified(name text) RETURNS text
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $f$
DECLARE
  seal text := current_setting('app.seal', true);
  message bytea;
  key record;
BEGIN
  IF seal IS NULL OR seal = '' THEN RETURN NULL; END IF;
  message := convert_to(
    coalesce(current_setting('app.current_org_id', true), '') || '|' ||
    coalesce(current_setting('app.current_user_id', true), '') || '|' ||
    coalesce(current_setting('app.is_superadmin', true), '') || '|' ||
    left(seal, 10), 'UTF8');
  SELECT ipad, opad INTO STRICT key FROM app_private.seal_key WHERE id = 1;
  IF substr(seal, 12) IS DISTINCT FROM
     encode(sha256(key.opad || sha256(key.ipad || message)), 'hex') THEN
    SELECT ipad, opad INTO key FROM app_private.seal_key WHERE id = 2;
    IF NOT FOUND OR substr(seal, 12) IS DISTINCT FROM
       encode(sha256(key.opad || sha256(key.ipad || message)), 'hex') THEN
      RAISE EXCEPTION 'tenant context is forged' USING ERRCODE = '42501';
    END IF;
  END IF;
  IF left(seal, 10)::bigint < extract(epoch FROM now()) THEN
    RAISE EXCEPTION 'tenant context has expired' USING ERRCODE = '42501';
  END IF;
  IF current_setting('app.is_superadmin', true) = 'reading'
     AND current_setting('transaction_read_only') <> 'on' THEN
    RAISE EXCEPTION 'tenant context may only read' USING ERRCODE = '25006';
  END IF;
  RETURN nullif(current_setting(name, true), '');
END $f$"""

# SET LOCAL inside a function reaches the workers of a sharded cluster as well;
# set_config() would stay on the node that was asked. No transaction that only reads can be
# taken back to writing once it has begun. Not every version tells parallel workers that
# theirs only reads, so such a transaction does without them.
ENTER = """
CREATE OR REPLACE FUNCTION app.enter(o text, u text, m text, s text) RETURNS void
LANGUAGE plpgsql AS $f$ BEGIN
  EXECUTE format('SET LOCAL app.current_org_id=%L;SET LOCAL app.current_user_id=%L;'
    'SET LOCAL app.is_superadmin=%L;SET LOCAL app.seal=%L', o, u, m, s);
  IF m = 'reading' THEN
    SET LOCAL max_parallel_workers = 0;
    SET LOCAL transaction_read_only = on;
  END IF;
END $f$"""

# COST keeps the planner from running these per row where an index can answer.
GETTER = """
CREATE OR REPLACE FUNCTION app.{name}() RETURNS {returns}
LANGUAGE plpgsql STABLE PARALLEL SAFE COST 1000 AS $f$
BEGIN RETURN app.verified('app.{setting}')::{returns}; END $f$"""

IS_COLLEAGUE = """
CREATE OR REPLACE FUNCTION app.is_colleague(u uuid) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE COST 1000 AS $f$
BEGIN RETURN EXISTS (SELECT 1 FROM public.{membership} m
  WHERE m.user_id = u AND m.organization_id = app.current_org()); END $f$"""

IS_MY_ORGANIZATION = """
CREATE OR REPLACE FUNCTION app.is_my_organization(o uuid) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE COST 1000 AS $f$
BEGIN RETURN EXISTS (SELECT 1 FROM public.{membership} m
  WHERE m.organization_id = o AND m.user_id = app.current_user_id()); END $f$"""

# One's own, or everybody's where a job acts for nobody: asked once a statement, as an
# index condition, where a comparison with OR would be asked for each row.
ACTING_FOR = """
CREATE OR REPLACE FUNCTION app.acting_for() RETURNS uuid[]
LANGUAGE plpgsql STABLE PARALLEL SAFE COST 1000 AS $f$
DECLARE u uuid := app.current_user_id();
BEGIN
  IF u IS NOT NULL THEN RETURN ARRAY[u]; END IF;
  RETURN ARRAY(SELECT m.user_id FROM public.{membership} m
    WHERE m.organization_id = app.current_org());
END $f$"""

# Bulk updates and raw SQL move updated_at too, which no model method could promise.
TOUCH = """
CREATE OR REPLACE FUNCTION app.touch() RETURNS trigger
LANGUAGE plpgsql AS $f$ BEGIN NEW.updated_at := statement_timestamp(); RETURN NEW; END $f$"""

# A row goes only with its whole organization, by the foreign key's cascade.
REFUSE_CHANGE = """
CREATE OR REPLACE FUNCTION app.refuse_change() RETURNS trigger
LANGUAGE plpgsql AS $f$ BEGIN
  IF TG_OP = 'DELETE' AND pg_trigger_depth() > 1 THEN RETURN OLD; END IF;
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = '42501';
END $f$"""


def function_statements() -> Iterator[str]:
    """Yield the functions that policies and triggers call."""
    membership = settings.TENANCY["MEMBERSHIP_TABLE"]
    yield VERIFIED
    yield ENTER
    yield GETTER.format(name="current_org", returns="uuid", setting="current_org_id")
    yield GETTER.format(
        name="current_user_id", returns="uuid", setting="current_user_id"
    )
    yield GETTER.format(name="mode", returns="text", setting="is_superadmin")
    yield IS_COLLEAGUE.format(membership=membership)
    yield IS_MY_ORGANIZATION.format(membership=membership)
    yield ACTING_FOR.format(membership=membership)
    yield TOUCH
    yield REFUSE_CHANGE


def schema_statements() -> Iterator[str]:
    """Yield what must exist before the first tenant table; idempotent."""
    owner = role_name(settings.TENANCY["ROLE_PREFIX"], "owner")
    yield "CREATE SCHEMA IF NOT EXISTS app"
    yield "CREATE SCHEMA IF NOT EXISTS app_private"
    yield (
        "CREATE TABLE IF NOT EXISTS app_private.seal_key"
        "(id int PRIMARY KEY, ipad bytea NOT NULL, opad bytea NOT NULL)"
    )
    yield "REVOKE ALL ON SCHEMA app_private FROM PUBLIC"
    yield "REVOKE CREATE ON SCHEMA public FROM PUBLIC"
    yield from function_statements()
    yield f"ALTER FUNCTION app.verified(text) OWNER TO {owner}"
    yield from grant_statements()


def grant_statements() -> Iterator[str]:
    """Yield the grants on the context functions."""
    prefix = settings.TENANCY["ROLE_PREFIX"]
    users = ", ".join(role_name(prefix, role) for role in ("app", "operator"))
    users += f", {role_name(prefix, 'definer')}"
    yield f"GRANT USAGE ON SCHEMA app, public TO {users}"
    yield f"GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA app TO {users}"


def handed_over(signature: str) -> Iterator[str]:
    """Yield what makes a function of schema `app` run with the definer's rights."""
    definer = role_name(settings.TENANCY["ROLE_PREFIX"], "definer")
    yield f"GRANT CREATE ON SCHEMA app TO {definer}"
    yield f"ALTER FUNCTION app.{signature} OWNER TO {definer}"
    yield f"REVOKE CREATE ON SCHEMA app FROM {definer}"


PREVIOUS_KEY = """
INSERT INTO app_private.seal_key
SELECT 2, ipad, opad FROM app_private.seal_key WHERE id = 1 AND ipad <> '\\x{inner}'
ON CONFLICT (id) DO UPDATE SET ipad = excluded.ipad, opad = excluded.opad"""
CURRENT_KEY = """
INSERT INTO app_private.seal_key VALUES (1, '\\x{inner}', '\\x{outer}')
ON CONFLICT (id) DO UPDATE SET ipad = excluded.ipad, opad = excluded.opad"""
FORGET_PREVIOUS_KEY = "DELETE FROM app_private.seal_key WHERE id = 2"


def key_statements(secret: str) -> Iterator[str]:
    """Yield what makes a seal key the current one, and the one before it slot 2.

    So a process that still seals with the old key goes on working until it is
    restarted with the new one.
    """
    inner, outer = (pad.hex() for pad in pads(secret))
    yield PREVIOUS_KEY.format(inner=inner)
    yield CURRENT_KEY.format(inner=inner, outer=outer)


def of_definer(signature: str, text: str) -> Iterator[str]:
    """Yield what makes a function that runs with the rights of the definer, whom
    nobody signs in as; only our own roles may call it."""
    prefix = settings.TENANCY["ROLE_PREFIX"]
    callers = ", ".join(
        role_name(prefix, role) for role in ("app", "operator", "owner")
    )
    yield f"DROP FUNCTION IF EXISTS app.{signature}"
    yield text
    yield f"REVOKE ALL ON FUNCTION app.{signature} FROM PUBLIC"
    yield f"GRANT EXECUTE ON FUNCTION app.{signature} TO {callers}"
    yield from handed_over(signature)
