"""What the catalog should say, in PostgreSQL's own words."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from organizations.tenancy import policies
from organizations.tenancy.functions import function_statements
from organizations.tenancy.proof import queries
from organizations.tenancy.proof.catalog import Policy, fetch
from organizations.tenancy.rules import Rls

Expected = Mapping[str, list[Policy]]

SKETCH = "wall_sketch"
FUNCTION = re.compile(
    r"CREATE OR REPLACE FUNCTION app\.(\w+)\((.*?)\$f\$(.*)\$f\$", re.DOTALL
)
SETTING = re.compile(r"\bSET (\w+) = (.+?)(?=\s+SET\s|\s+AS\s)")


def expected_policies(cursor: Any, walls: Mapping[str, Rls]) -> Expected:
    """Return each table's policies as PostgreSQL prints them.

    They are written on temporary tables of the same columns and read back, so the
    comparison is exact and locks nothing.
    """
    known: dict[Any, list[Policy]] = {}
    found = {}
    for table, rls in walls.items():
        # Tables with the ordinary rule differ in nothing that a policy names.
        purged = settings.TENANCY["DEFINER_PURGES"].get(table)
        kind = (rls, table in settings.TENANCY["DEFINER_READS"], purged)
        if kind not in known:
            known[kind] = sketched(cursor, table, rls)
        found[table] = known[kind]
    return found


def sketched(cursor: Any, table: str, rls: Rls) -> list[Policy]:
    """Return a table's policies, tried on a temporary copy of its columns."""
    cursor.execute("SAVEPOINT wall_sketch")
    cursor.execute("SET LOCAL search_path = pg_catalog")
    cursor.execute(f'CREATE TEMP TABLE {SKETCH} (LIKE public."{table}")')
    for statement in policies.policy_statements(table, f"pg_temp.{SKETCH}", rls):
        cursor.execute(statement)
    query = f"{queries.POLICIES} WHERE p.polrelid = 'pg_temp.{SKETCH}'::regclass"
    found = [replace(Policy(*row), relation=0) for row in fetch(cursor, query)]
    cursor.execute("ROLLBACK TO SAVEPOINT wall_sketch")
    return found


@dataclass(frozen=True)
class ExpectedFunction:
    """What a function of ours has to be."""

    source: str
    is_definer: bool
    settings: list[str]


def expected_functions() -> dict[str, ExpectedFunction]:
    """Return the functions of schema `app`, from the statements that make them."""
    statements = list(function_statements())
    for path in settings.TENANCY["EXTRA_SQL"]:
        statements += import_string(path)()
    found = {}
    for statement in statements:
        if match := FUNCTION.search(statement):
            name, head, source = match.groups()
            found[name] = ExpectedFunction(
                source,
                "SECURITY DEFINER" in head,
                [f"{key}={value}" for key, value in SETTING.findall(head)],
            )
    return found
