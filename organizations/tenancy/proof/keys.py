"""The keys of tenant tables: unique rules and foreign keys name the organization."""

from collections.abc import Iterator

from django.db.models import Model

from organizations.tenancy.fields import TenantForeignKey
from organizations.tenancy.policies import organization_key
from organizations.tenancy.proof.catalog import Catalog, ForeignKey, Relation
from organizations.tenancy.proof.finding import Finding


def key_findings(
    catalog: Catalog, model: type[Model], tenant_tables: set[str]
) -> Iterator[Finding]:
    """Yield what is wrong with the keys and indexes of one tenant table."""
    relation = catalog.table(model._meta.db_table)
    if relation is None or organization_key(model) is None:
        return
    yield from index_findings(catalog, relation)
    yield from foreign_key_findings(catalog, relation, tenant_tables)
    yield from composite_findings(catalog, relation, model)
    for column in relation.enums:
        where = f"{relation.label}.{column}"
        yield Finding("I044", where, "is an enum, which no index helps under a policy")


def index_findings(catalog: Catalog, relation: Relation) -> Iterator[Finding]:
    """Yield unique indexes that tell of other organizations, and missing ones."""
    leads = False
    for index in catalog.indexes.get(relation.oid, []):
        begins = index.columns[:1] == ["organization_id"]
        leads |= begins and not index.is_partial
        if index.is_unique and not begins:
            yield Finding(
                "I040",
                f"{relation.label}.{index.name}",
                "is unique without beginning with organization_id",
            )
        if index.is_primary and index.columns != ["organization_id", "id"]:
            yield Finding(
                "I046", relation.label, "its key is not (organization_id, id)"
            )
    if not leads:
        yield Finding(
            "I041", relation.label, "no full index begins with organization_id"
        )


def foreign_key_findings(
    catalog: Catalog, relation: Relation, tenant_tables: set[str]
) -> Iterator[Finding]:
    """Yield foreign keys to tenant tables that leave the organization out."""
    for key in catalog.foreign_keys.get(relation.oid, []):
        target = catalog.relations.get(key.target)
        if target is None or target.label not in tenant_tables:
            continue
        where = f"{relation.label}.{key.name}"
        if key.columns[:1] != ["organization_id"]:
            yield Finding(
                "I042", where, f"leads to {target.label} without organization_id"
            )
        elif not is_immediate(key):
            yield Finding(
                "I045", where, "is not DEFERRABLE INITIALLY IMMEDIATE and valid"
            )


def is_immediate(key: ForeignKey) -> bool:
    """Return whether a key speaks at the statement, and has been checked."""
    return key.deferrable and not key.deferred and key.validated


def composite_findings(
    catalog: Catalog, relation: Relation, model: type[Model]
) -> Iterator[Finding]:
    """Yield the tenant keys of a model that the database does not have."""
    have = {
        (tuple(key.columns), key.target)
        for key in catalog.foreign_keys.get(relation.oid, [])
    }
    for field in model._meta.local_fields:
        if not isinstance(field, TenantForeignKey):
            continue
        target = catalog.table(field.related_model._meta.db_table)
        wanted = ("organization_id", field.column)
        if target is None or (wanted, target.oid) not in have:
            where = f"{relation.label}.{field.column}"
            yield Finding("I043", where, "its composite foreign key is missing")
