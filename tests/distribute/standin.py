"""A stand-in for Citus: its names, what it writes down, and what it refuses.

It moves no row. What it refuses is what the engine refused when the recipe was run: a
table whose row security is forced, or that a foreign key still binds.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections

from organizations.tenancy import no_context

REFUSALS = """
  IF (SELECT relforcerowsecurity FROM pg_class WHERE oid = t) THEN
    RAISE EXCEPTION 'COPY FROM not supported with row-level security';
  END IF;
  IF EXISTS (SELECT FROM pg_constraint
      WHERE contype = 'f' AND t IN (conrelid, confrelid)) THEN
    RAISE EXCEPTION 'referenced table must be a distributed table';
  END IF;
  IF EXISTS (SELECT FROM pg_dist_partition WHERE logicalrelid = t) THEN
    RAISE EXCEPTION 'table % is already distributed', t;
  END IF;
  IF t::text = coalesce(current_setting('standin.breaks_at', true), '') THEN
    RAISE EXCEPTION 'the worker went away';
  END IF;
  IF current_setting('citus.multi_shard_modify_mode', true)
      IS DISTINCT FROM 'sequential' THEN
    RAISE EXCEPTION 'cannot run in parallel mode';
  END IF;"""
TABLES = (
    "CREATE TEMP TABLE pg_dist_partition"
    " (logicalrelid regclass, partmethod char, repmodel char)",
    "CREATE TEMP TABLE pg_dist_node (groupid int)",
    "INSERT INTO pg_dist_node VALUES (0), (1), (2)",
    "CREATE TEMP TABLE said (place serial, command text)",
    "CREATE TEMP TABLE truncated (place serial, name regclass)",
    "CREATE TEMP TABLE answers (node text, success boolean, result text)",
    "INSERT INTO answers VALUES ('worker1', true, 'ok'), ('worker2', true, 'ok')",
    "CREATE TEMP TABLE unforced (name text)",
)
FUNCTIONS = (
    "CREATE FUNCTION citus_version() RETURNS text LANGUAGE sql"
    " AS $f$ SELECT 'a stand-in' $f$",
    f"""
    CREATE FUNCTION create_reference_table(t regclass) RETURNS void
    LANGUAGE plpgsql AS $f$ BEGIN {REFUSALS}
      INSERT INTO pg_dist_partition VALUES (t, 'n', 't');
    END $f$""",
    f"""
    CREATE FUNCTION create_distributed_table(
      t regclass, distribution_column text, colocate_with text DEFAULT 'default')
    RETURNS void LANGUAGE plpgsql AS $f$ BEGIN {REFUSALS}
      IF colocate_with <> 'default' AND NOT EXISTS (SELECT FROM pg_dist_partition
          WHERE logicalrelid = colocate_with::regclass AND partmethod = 'h') THEN
        RAISE EXCEPTION 'relation % is not distributed', colocate_with;
      END IF;
      INSERT INTO pg_dist_partition VALUES (t, 'h', 's');
    END $f$""",
    """
    CREATE FUNCTION run_command_on_workers(command text)
    RETURNS TABLE (nodename text, nodeport int, success boolean, result text)
    LANGUAGE plpgsql AS $f$ BEGIN
      INSERT INTO said (command) VALUES (run_command_on_workers.command);
      RETURN QUERY SELECT a.node, 5432, a.success, a.result FROM answers a;
    END $f$""",
    """
    CREATE FUNCTION run_command_on_shards(t regclass, command text)
    RETURNS TABLE (shardid bigint, success boolean, result text)
    LANGUAGE plpgsql AS $f$ DECLARE answer text; BEGIN
      EXECUTE format(run_command_on_shards.command, t) INTO answer;
      IF EXISTS (SELECT FROM unforced WHERE name = t::text) THEN answer := 'f'; END IF;
      RETURN QUERY SELECT 102008::bigint, true, left(answer, 1);
    END $f$""",
    """
    CREATE FUNCTION truncate_local_data_after_distributing_table(t regclass)
    RETURNS void LANGUAGE plpgsql AS $f$ BEGIN
      INSERT INTO truncated (name) VALUES (t); END $f$""",
    "SET citus.propagate_set_commands = 'local'",
)


def install() -> None:
    """Make the stand-in: in a transaction it goes with it, else with the database."""
    run(*TABLES, *FUNCTIONS)


def run(*statements: str) -> None:
    """Run statements as the owner, outside every context."""
    with owner() as cursor:
        for statement in statements:
            cursor.execute(statement)


def rows(statement: str) -> list[tuple]:
    with owner() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()


def column(statement: str) -> list:
    return [row[0] for row in rows(statement)]


@contextmanager
def owner() -> Iterator:
    with no_context(), connections["owner"].cursor() as cursor:
        yield cursor


def already(plan, *left_out: str) -> None:
    """Let the cluster have a plan's tables, some left out."""
    for table in plan.moved:
        if table not in left_out:
            kind = "'h', 's'" if table in plan.distributed else "'n', 't'"
            run(f"INSERT INTO pg_dist_partition VALUES ('{table}', {kind})")
