"""The proof: reads the catalog and says where it is not exactly what the models ask."""

from collections.abc import Iterator
from typing import Any

from organizations.tenancy import policies
from organizations.tenancy.policies import organization_key
from organizations.tenancy.proof.catalog import Catalog
from organizations.tenancy.proof.declarations import declaration_findings
from organizations.tenancy.proof.expected import (
    Expected,
    expected_functions,
    expected_policies,
)
from organizations.tenancy.proof.finding import Finding
from organizations.tenancy.proof.keys import key_findings
from organizations.tenancy.proof.objects import function_findings, relation_findings
from organizations.tenancy.proof.roles import role_findings
from organizations.tenancy.proof.walls import wall_findings

__all__ = ["Finding", "expected", "findings", "prove"]


def prove(cursor: Any) -> list[Finding]:
    """Return every finding; runs inside a transaction on the owner's connection."""
    return findings(cursor, expected(cursor))


def expected(cursor: Any) -> Expected:
    """Return the policies the models ask for, tables that are missing left out."""
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    there = {name for (name,) in cursor.fetchall()}
    walls = {table: rls for table, rls in policies.walls().items() if table in there}
    return expected_policies(cursor, walls)


def findings(cursor: Any, wanted: Expected) -> list[Finding]:
    """Return every finding, given what the policies should be."""
    return sorted(set(all_findings(Catalog.read(cursor), wanted)))


def all_findings(catalog: Catalog, wanted: Expected) -> Iterator[Finding]:
    """Yield every finding about one reading of the catalog."""
    yield from role_findings(catalog)
    yield from declaration_findings()
    for table, rls in policies.walls().items():
        yield from wall_findings(catalog, table, rls, wanted)
    models = policies.managed_models()
    tenants = {model._meta.db_table for model in models if organization_key(model)}
    for model in models:
        yield from key_findings(catalog, model, tenants)
    yield from relation_findings(catalog)
    yield from function_findings(catalog, expected_functions())
