"""Everything that is no walled table: other tables, views and functions."""

from collections.abc import Iterator

from django.conf import settings

from organizations.tenancy import policies
from organizations.tenancy.proof.catalog import TABLE_KINDS, Catalog, Function, Relation
from organizations.tenancy.proof.expected import ExpectedFunction
from organizations.tenancy.proof.finding import Finding
from organizations.tenancy.proof.walls import rights_findings
from organizations.tenancy.rules import ALL_GRANTS, GlobalTable

KEY_TABLE = "app_private.seal_key"
SEARCH_PATH = "search_path=pg_catalog, pg_temp"


def relation_findings(catalog: Catalog) -> Iterator[Finding]:
    """Yield tables nobody knows, and views that would show a table without its walls."""
    walled = set(policies.walls())
    shared = policies.global_tables()
    for relation in catalog.relations.values():
        if relation.kind in TABLE_KINDS:
            rule = shared.get(relation.label)
            yield from table_findings(catalog, relation, walled, rule)
        else:
            yield from view_findings(catalog, relation)


def table_findings(
    catalog: Catalog, relation: Relation, walled: set[str], rule: GlobalTable | None
) -> Iterator[Finding]:
    """Yield what is wrong with a table that is not walled in."""
    label = relation.label
    if rule is not None:
        declared = policies.declared_rights(label, rule.grants, ALL_GRANTS)
        for finding in rights_findings(catalog, relation, declared):
            code = "I058" if finding.code == "I038" else finding.code
            yield Finding(code, finding.where, finding.text)
    if label in walled or label == KEY_TABLE:
        return
    if relation.is_child:
        # A partition's own walls are never asked when its parent is read.
        if catalog.grants_of(relation):
            yield Finding("I056", label, "is a partition that can be read by itself")
        return
    if "organization_id" in relation.columns and not relation.has_rls:
        yield Finding("I050", label, "has organization_id and no row level security")
    if rule is None:
        yield Finding("I055", label, "is a table that nobody declared")
    yield from inward_findings(catalog, relation)


def inward_findings(catalog: Catalog, relation: Relation) -> Iterator[Finding]:
    """Yield foreign keys that lead from outside into a tenant's table."""
    for key in catalog.foreign_keys.get(relation.oid, []):
        target = catalog.relations.get(key.target)
        if target is not None and "organization_id" in target.columns:
            where = f"{relation.label}.{key.name}"
            yield Finding("I011", where, f"leads into the tenant table {target.label}")


def view_findings(catalog: Catalog, relation: Relation) -> Iterator[Finding]:
    """Yield views that somebody may read with more than his own rights."""
    if not catalog.grants_of(relation):
        return
    if relation.kind == "m":
        yield Finding("I051", relation.label, "is a materialized view that can be read")
    elif relation.kind == "f":
        yield Finding("I055", relation.label, "is a foreign table that can be read")
    elif not {"security_invoker=true", "security_invoker=on"} & set(relation.options):
        yield Finding("I052", relation.label, "is a view without security_invoker")


def function_findings(
    catalog: Catalog, expected: dict[str, ExpectedFunction]
) -> Iterator[Finding]:
    """Yield functions that reach past the policies, or are not what we wrote."""
    seen = set()
    for function in catalog.functions:
        if function.is_definer:
            yield from definer_findings(function)
        if function.schema == "app":
            seen.add(function.name)
            yield from own_function_findings(function, expected.get(function.name))
    for name in sorted(expected.keys() - seen):
        yield Finding("I008", f"app.{name}", "the function is missing")


def definer_findings(function: Function) -> Iterator[Finding]:
    """Yield what is wrong with a function that runs with its owner's rights."""
    where = f"{function.schema}.{function.name}"
    allowed = settings.TENANCY["DEFINER_ALLOWED"]
    if function.schema != "app" or function.name not in allowed:
        yield Finding("I053", where, "is SECURITY DEFINER and not on the allow list")
    if SEARCH_PATH not in function.settings:
        yield Finding("I054", where, f"is SECURITY DEFINER without {SEARCH_PATH}")
    if function.language == "sql":
        yield Finding("I057", where, "is SECURITY DEFINER in SQL; write it in plpgsql")
    owner, _, _ = policies.roles()
    if function.owner not in {owner, policies.definer_role()}:
        yield Finding("I053", where, f"runs with the rights of {function.owner}")


def own_function_findings(
    function: Function, wanted: ExpectedFunction | None
) -> Iterator[Finding]:
    """Yield how a function of schema `app` differs from our text."""
    where = f"app.{function.name}"
    if wanted is None:
        yield Finding("I059", where, "is a function nobody declared")
        return
    # A sharded cluster needs settings of its own.
    settings = [item for item in function.settings if not item.startswith("citus.")]
    said = ExpectedFunction(function.source, function.is_definer, settings)
    if said != wanted:
        yield Finding("I008", where, "is not the function we wrote")
