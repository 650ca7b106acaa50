"""The cluster itself: whether there is one, what it has, and what its nodes are told.

Everything is looked up by the names that Citus gives its functions and tables.
"""

from typing import Any, Final

from config.distribute.tables import Spread
from organizations.tenancy.policies import roles, walls
from organizations.tenancy.proof.catalog import fetch

NEEDED: Final = [
    "create_distributed_table",
    "create_reference_table",
    "run_command_on_shards",
    "run_command_on_workers",
    "truncate_local_data_after_distributing_table",
]
CALLABLE: Final = """
SELECT DISTINCT p.proname::text, has_function_privilege(p.oid, 'EXECUTE')
FROM pg_proc p WHERE p.proname = ANY(%s) AND pg_function_is_visible(p.oid)"""
NESTED: Final = "citus.allow_nested_distributed_execution"
KNOWN: Final = "SELECT EXISTS (SELECT FROM pg_settings WHERE name = ANY(%s))"
SETTING: Final = (
    "SELECT coalesce(current_setting('citus.propagate_set_commands', true), '')"
)
COORDINATOR: Final = "SELECT EXISTS (SELECT FROM pg_dist_node WHERE groupid = 0)"
# Local tables that Citus has in its books as well are neither of the two.
KINDS: Final = """
SELECT c.relname::text, CASE d.partmethod WHEN 'h' THEN 'distributed' ELSE 'reference' END
FROM pg_dist_partition d JOIN pg_class c ON c.oid = d.logicalrelid
WHERE c.relnamespace = 'public'::regnamespace
  AND (d.partmethod = 'h' OR d.repmodel = 't')"""
ON_WORKERS: Final = "SELECT nodename, success, result FROM run_command_on_workers(%s)"
ON_SHARDS: Final = """
SELECT shardid, success, result FROM run_command_on_shards(%s::regclass, %s)"""
IS_FORCED: Final = (
    "SELECT relrowsecurity AND relforcerowsecurity FROM pg_class"
    " WHERE oid = '%s'::regclass"
)
KEY_TABLE: Final = (
    "CREATE TABLE IF NOT EXISTS app_private.seal_key"
    "(id int PRIMARY KEY, ipad bytea NOT NULL, opad bytea NOT NULL)"
)
OUR_KEYS: Final = (
    "SELECT id, encode(ipad, 'hex'), encode(opad, 'hex') FROM app_private.seal_key"
)
FORGET_KEYS: Final = "DELETE FROM app_private.seal_key WHERE id NOT IN ({kept})"
GIVE_KEY: Final = (
    "INSERT INTO app_private.seal_key VALUES ({id}, '\\x{ipad}', '\\x{opad}')"
    " ON CONFLICT (id) DO UPDATE SET ipad = excluded.ipad, opad = excluded.opad"
)


class ClusterError(Exception):
    """The cluster is missing, refuses, or is not as it should be; one sentence."""


def is_there(cursor: Any) -> bool:
    """Return whether this database has the extension."""
    return bool(fetch(cursor, CALLABLE, ["citus_version"]))


def knows(cursor: Any, setting: str) -> bool:
    """Return whether the extension has a setting: nobody else may write it down."""
    return bool(fetch(cursor, KNOWN, [setting])[0][0])


def refuse_half(cursor: Any, plan: Spread) -> None:
    """Raise ClusterError where not everything could be done from here."""
    if not is_there(cursor):
        raise ClusterError("The extension citus is not in this database.")
    may = dict(fetch(cursor, CALLABLE, NEEDED))
    closed = [name for name in NEEDED if not may.get(name)]
    if closed:
        raise ClusterError(f"{roles()[0]} may not call {', '.join(closed)}.")
    if fetch(cursor, SETTING)[0][0] != "local":
        raise ClusterError(
            "Set citus.propagate_set_commands = 'local' on every node, or no worker"
            " learns of the context."
        )
    if not fetch(cursor, COORDINATOR)[0][0]:
        raise ClusterError(
            "The coordinator does not know itself: run citus_set_coordinator_host."
        )
    refuse_other_kinds(kinds(cursor), plan)


def kinds(cursor: Any) -> dict[str, str]:
    """Return the tables that are the cluster's already: `distributed` or `reference`."""
    return dict(fetch(cursor, KINDS))


def refuse_other_kinds(there: dict[str, str], plan: Spread) -> None:
    """Raise ClusterError when a table was once spread in another way."""
    wanted = dict.fromkeys(plan.distributed, "distributed")
    wanted |= dict.fromkeys(plan.reference, "reference")
    for table, kind in sorted(there.items()):
        if kind != wanted.get(table):
            raise ClusterError(
                f"{table} is {kind} and should be {wanted.get(table, 'local')}:"
                " undistribute it first."
            )


def give_keys(cursor: Any) -> int:
    """Give every worker exactly the coordinator's seal keys; return how many workers.

    They are asked on connections of their own: nothing of it is rolled back.
    """
    rows = fetch(cursor, OUR_KEYS)
    kept = ", ".join(str(row[0]) for row in rows)
    nodes = told(cursor, KEY_TABLE)
    for key, ipad, opad in rows:
        told(cursor, GIVE_KEY.format(id=key, ipad=ipad, opad=opad))
    told(cursor, FORGET_KEYS.format(kept=kept))
    return nodes


def told(cursor: Any, statement: str) -> int:
    """Run a statement on every worker; raise ClusterError when one refuses."""
    cursor.execute(ON_WORKERS, [statement])
    answers = cursor.fetchall()
    for node, success, result in answers:
        if not success:
            raise ClusterError(f"The worker {node} refuses its seal key: {result}")
    return len(answers)


def open_shards(cursor: Any, plan: Spread) -> list[str]:
    """Return the shards whose row security is not both on and forced."""
    found = []
    for table in sorted(set(plan.moved) & set(walls())):
        cursor.execute(ON_SHARDS, [f'public."{table}"', IS_FORCED])
        for shard, success, result in cursor.fetchall():
            if not success or result != "t":
                found.append(f"{table} {shard}")
    return found
