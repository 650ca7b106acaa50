"""The change itself: one transaction, one statement a message, all of it or nothing."""

import re
from typing import Any, Final

from django.db import transaction

from config.distribute.cluster import NESTED, ClusterError, kinds, knows
from config.distribute.obstacles import Asked
from config.distribute.tables import Spread
from organizations.tenancy.context import no_context
from organizations.tenancy.proof.catalog import Catalog, fetch

KEYS: Final = """
SELECT k.conrelid::regclass::text, quote_ident(k.conname), pg_get_constraintdef(k.oid)
FROM pg_constraint k JOIN pg_class s ON s.oid = k.conrelid
  JOIN pg_class t ON t.oid = k.confrelid
WHERE k.contype = 'f' AND k.conparentid = 0
  AND k.connamespace = 'public'::regnamespace
  AND (s.relname = ANY(%(tables)s) OR t.relname = ANY(%(tables)s))
ORDER BY 1, 2"""
FORCED: Final = """
SELECT oid::regclass::text FROM pg_class
WHERE relforcerowsecurity AND relnamespace = 'public'::regnamespace ORDER BY 1"""
SIGNATURES: Final = f"""
SELECT oid::regprocedure::text FROM pg_proc
WHERE pronamespace = 'app'::regnamespace AND proname = ANY(%s)
  AND NOT coalesce(proconfig, '{{}}') @> ARRAY['{NESTED}=on'] ORDER BY 1"""  # noqa: S608
# Without it every second ALTER of a transaction is refused.
SEQUENTIAL: Final = "SET LOCAL citus.multi_shard_modify_mode = 'sequential'"
TRIGGERS: Final = "SET LOCAL citus.enable_unsafe_triggers = on"
REFERENCE: Final = "SELECT create_reference_table(%s::regclass)"
FIRST: Final = "SELECT create_distributed_table(%s::regclass, 'organization_id')"
BESIDE: Final = (
    "SELECT create_distributed_table(%s::regclass, 'organization_id',"
    " colocate_with => %s)"
)
EMPTY: Final = "SELECT truncate_local_data_after_distributing_table(%s::regclass)"


def move(connection: Any, plan: Spread, *, with_triggers: bool) -> list[str]:
    """Make the cluster's tables what they should be; return those that moved.

    The foreign keys afterwards are those of before, to the letter, and row security is
    forced wherever it was: otherwise ClusterError, and nothing has happened.
    """
    with (
        no_context(),
        transaction.atomic(using=connection.alias),
        connection.cursor() as cursor,
    ):
        there = kinds(cursor)
        missing = [table for table in plan.moved if table not in there]
        if missing:
            cursor.execute(SEQUENTIAL)
            if with_triggers:
                cursor.execute(TRIGGERS)
            spread_all(cursor, plan, missing)
        if knows(cursor, NESTED):
            let_policies_ask(cursor, plan)
    return missing


def spread_all(cursor: Any, plan: Spread, missing: list[str]) -> None:
    """Move tables with their foreign keys down, and row security unforced, meanwhile."""
    before, forced = keys(cursor, missing), fetch(cursor, FORCED)
    for table, name, _text in before:
        cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    # Also where nothing moves: a key is checked as the owner, who must see its rows.
    for (table,) in forced:
        cursor.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    hand_over(cursor, plan, missing)
    for table, name, text in before:
        cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {text}")
    for (table,) in forced:
        cursor.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    if keys(cursor, missing) != before or fetch(cursor, FORCED) != forced:
        raise ClusterError("The tables would not be bound and walled in as before.")


def hand_over(cursor: Any, plan: Spread, missing: list[str]) -> None:
    """Give the tables to the cluster: first those that sharded ones point at."""
    for table in plan.reference:
        if table in missing:
            cursor.execute(REFERENCE, [f'public."{table}"'])
    beside = [table for table in plan.distributed if table not in missing]
    for table in plan.distributed:
        if table in missing:
            name = f'public."{table}"'
            if beside:
                cursor.execute(BESIDE, [name, f'public."{beside[0]}"'])
            else:
                cursor.execute(FIRST, [name])
            beside.append(table)


def keys(cursor: Any, tables: list[str]) -> list[tuple[str, str, str]]:
    """Return the foreign keys from and to tables, as they are written."""
    cursor.execute(KEYS, {"tables": tables})
    return list(cursor.fetchall())


def let_policies_ask(cursor: Any, plan: Spread) -> None:
    """Let the policies' functions read tables of every node from within a shard.

    Making a function anew, as `migrate` does, takes it away again.
    """
    catalog = Catalog.read(cursor)
    asked = Asked(catalog.functions, set(plan.reference))
    policies = [each for rows in catalog.policies.values() for each in rows]
    text = " ".join(f"{each.using} {each.check}" for each in policies)
    called = sorted(set(re.findall(r"\bapp\.(\w+)", text)))
    names = [name for name in called if asked.of(f"app.{name}")]
    for (signature,) in fetch(cursor, SIGNATURES, names):
        cursor.execute(f"ALTER FUNCTION {signature} SET {NESTED} = on")


def empty_coordinator(connection: Any, plan: Spread) -> None:
    """Throw away the rows that sharded tables left on the coordinator.

    It goes on to the tables that point at one; so not before all of them are sharded.
    """
    with no_context(), connection.cursor() as cursor:
        there = kinds(cursor)
        if left := [table for table in plan.distributed if table not in there]:
            raise ClusterError(f"Not distributed yet: {', '.join(left)}.")
        for table in plan.distributed:
            cursor.execute(EMPTY, [f'public."{table}"'])
