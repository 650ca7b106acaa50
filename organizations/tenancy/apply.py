"""Makes the walls what the models ask for; any number of times, as the owner."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from organizations.tenancy import policies
from organizations.tenancy.context import no_context
from organizations.tenancy.functions import key_statements, schema_statements
from organizations.tenancy.proof import expected
from organizations.tenancy.proof.catalog import Catalog, Policy, Relation
from organizations.tenancy.proof.walls import wall_findings
from organizations.tenancy.rules import ALL_GRANTS, Rls


def boot(connection: Any) -> None:
    """Make what the first sealed statement already needs: schema, functions, key."""
    with no_context(), connection.cursor() as cursor:
        for statement in schema_statements():
            cursor.execute(statement)
        for statement in key_statements(settings.TENANCY["SEAL_KEY"]):
            cursor.execute(statement)


def apply_walls(connection: Any) -> list[str]:
    """Repair every table whose walls are not exactly right, and return their names.

    One transaction a table, and none for those that stand: nothing that works waits
    for a lock.
    """
    boot(connection)
    repaired = []
    with no_context(), connection.cursor() as cursor:
        # A migrate of one app, or backwards, may leave tables missing: theirs are
        # seen to by the run that makes them.
        there = set(connection.introspection.table_names(cursor))
        run(connection, cursor, shared_statements(there))
        with transaction.atomic(using=connection.alias):
            wanted = expected(cursor)
            catalog = Catalog.read(cursor)
        for table, rls in policies.walls().items():
            relation = catalog.table(table)
            if relation and any(wall_findings(catalog, table, rls, wanted)):
                run(connection, cursor, mending(catalog, relation, rls))
                repaired.append(table)
    return repaired


def run(connection: Any, cursor: Any, statements: Iterator[str]) -> None:
    """Run statements as one change: others see the old walls or the new ones."""
    with transaction.atomic(using=connection.alias):
        for statement in statements:
            cursor.execute(statement)


def mending(catalog: Catalog, relation: Relation, rls: Rls) -> Iterator[str]:
    """Yield what makes one table's walls right, whatever is on it now."""
    name = f'"{relation.name}"'
    for policy in strangers(catalog.policies_of(relation)):
        yield f'DROP POLICY "{policy.name}" ON {name}'
    for role in sorted(catalog.strangers_with_rights(relation)):
        yield f'REVOKE ALL ON {name} FROM "{role}"'
    yield from policies.protect(relation.name, rls)
    if relation.name in policies.touched_tables():
        yield policies.touch(relation.name)


def strangers(found: list[Policy]) -> Iterator[Policy]:
    """Yield the policies nobody declared."""
    for policy in found:
        if policy.name not in policies.POLICY_NAMES:
            yield policy


def shared_statements(there: set[str]) -> Iterator[str]:
    """Yield the grants on tables without an organization, and the apps' own SQL."""
    _, app, operator = policies.roles()
    for table, rule in policies.global_tables().items():
        if table in there:
            yield from policies.table_grants(table, rule.grants, ALL_GRANTS)
    yield f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {app}, {operator}"
    for path in settings.TENANCY["EXTRA_SQL"]:
        yield from import_string(path)()
