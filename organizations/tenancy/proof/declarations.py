"""What the models say about themselves, before any database is asked."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Field, Model

from organizations.tenancy import policies
from organizations.tenancy.fields import TenantForeignKey
from organizations.tenancy.managers import TenantManager
from organizations.tenancy.policies import organization_key
from organizations.tenancy.proof.finding import Finding


def declaration_findings() -> Iterator[Finding]:
    """Yield models that are neither a tenant's nor declared, and tenants' that slip."""
    for model in policies.managed_models():
        if organization_key(model) is None:
            yield from global_findings(model)
        else:
            yield from tenant_findings(model)
    for table, rule in policies.global_tables().items():
        if not rule.reason.strip():
            yield Finding("I012", table, "is in GLOBAL_TABLES without a reason")


def global_findings(model: type[Model]) -> Iterator[Finding]:
    """Yield what is wrong with a table that has no organization."""
    table = model._meta.db_table
    if policies.rules(model) is None and table not in policies.global_tables():
        yield Finding(
            "I010", table, "is no tenant model, has no rls= and is not in GLOBAL_TABLES"
        )
    for field in model._meta.local_fields:
        if leads_to_tenant(field):
            yield Finding(
                "I011",
                f"{table}.{field.name}",
                "leads from no tenant into a tenant table",
            )


def tenant_findings(model: type[Model]) -> Iterator[Finding]:
    """Yield what is wrong with a tenant's model."""
    table = model._meta.db_table
    managers = (model._base_manager, model._default_manager)
    if not all(isinstance(manager, TenantManager) for manager in managers):
        yield Finding("I020", table, "its base or default manager is no TenantManager")
    key = organization_key(model)
    if key is None or key.null:
        yield Finding("I021", table, "its organization may be null")
    for relation in model._meta.local_many_to_many:
        through: Any = relation.remote_field.through
        if through._meta.auto_created:
            where = f"{table}.{relation.name}"
            yield Finding("I022", where, "has no tenant model as its `through`")
    for field in model._meta.local_fields:
        if leads_to_tenant(field) and not isinstance(field, TenantForeignKey):
            yield Finding("I023", f"{table}.{field.name}", "must be a TenantForeignKey")


def leads_to_tenant(field: Field) -> bool:
    """Return whether a field is a foreign key to a tenant's table."""
    target = field.related_model if field.is_relation else None
    if not isinstance(target, type):
        return False
    return organization_key(target) is not None
