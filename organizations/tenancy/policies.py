"""Policy texts: one idempotent list of statements per kind of table."""

from collections.abc import Iterator

from django.apps import apps as global_apps
from django.conf import settings
from django.db.models import Model

from organizations.tenancy.fields import OrganizationKey, UpdatedAt
from organizations.tenancy.roles import role_name
from organizations.tenancy.rules import MODE, GlobalTable, Rls

POLICY_NAMES = (
    "tenant_all",
    "tenant_read",
    "tenant_insert",
    "tenant_update",
    "tenant_delete",
    "operator_all",
    "definer",
    "definer_purge",
)
APPEND_ONLY_EVENTS = (("UPDATE", "ROW"), ("DELETE", "ROW"), ("TRUNCATE", "STATEMENT"))
TENANT = Rls()


def organization_key(model: type[Model]) -> OrganizationKey | None:
    """Return the model's own tenant column, if it has one."""
    for field in model._meta.local_fields:
        if isinstance(field, OrganizationKey):
            return field
    return None


def rules(model: type[Model]) -> Rls | None:
    """Return the row rules of a model: declared, or a tenant table's, or none."""
    # A plain mapping, so that a model below this floor can declare it unaided.
    declared = model.__dict__.get("rls") or settings.TENANCY["TABLE_RULES"].get(
        model._meta.db_table
    )
    if declared is not None:
        return Rls(**declared)
    return TENANT if organization_key(model) else None


def roles() -> tuple[str, str, str]:
    """Return the names of the owner, runtime and operator roles."""
    prefix = settings.TENANCY["ROLE_PREFIX"]
    return (
        role_name(prefix, "owner"),
        role_name(prefix, "app"),
        role_name(prefix, "operator"),
    )


def protect(table: str, rls: Rls) -> Iterator[str]:
    """Yield the statements that wall a table in; running them again changes nothing."""
    name = f'"{table}"'
    yield f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY"
    yield f"ALTER TABLE {name} FORCE ROW LEVEL SECURITY"
    for policy in POLICY_NAMES:
        yield f"DROP POLICY IF EXISTS {policy} ON {name}"
    yield from policy_statements(table, name, rls)
    if is_append_only(rls):
        yield from append_only(table)
    yield from table_grants(table, rls.grants, rls.operator_grants)


def policy_statements(table: str, name: str, rls: Rls) -> Iterator[str]:
    """Yield a table's policies, written on the relation `name`."""
    owner, app, operator = roles()
    yield from tenant_policies(name, rls, app)
    everything = f"{MODE} = 'on'"
    yield (
        f"CREATE POLICY operator_all ON {name} FOR ALL TO {operator}, {owner}"
        f" USING ({everything}) WITH CHECK ({everything})"
    )
    if table in settings.TENANCY["DEFINER_READS"]:
        # Its functions name the organization themselves; nobody signs in as it.
        yield (
            f"CREATE POLICY definer ON {name} FOR SELECT TO {definer_role()}"
            " USING (true)"
        )
    if condition := settings.TENANCY["DEFINER_PURGES"].get(table):
        yield (
            f"CREATE POLICY definer_purge ON {name} FOR DELETE TO {definer_role()}"
            f" USING ({condition})"
        )


def table_grants(table: str, app_rights: str, operator_rights: str) -> Iterator[str]:
    """Yield a table's grants, exactly the declared ones."""
    _, app, operator = roles()
    name = f'"{table}"'
    definer = definer_role()
    yield f"REVOKE ALL ON {name} FROM PUBLIC, {app}, {operator}, {definer}"
    if table in settings.TENANCY["DEFINER_READS"]:
        yield f"GRANT SELECT ON {name} TO {definer}"
    if table in settings.TENANCY["DEFINER_PURGES"]:
        yield f"GRANT DELETE ON {name} TO {definer}"
    if operator_rights:
        yield f"GRANT {operator_rights} ON {name} TO {operator}"
    # Last: until this grant a half-made table answers "permission denied".
    if app_rights:
        yield f"GRANT {app_rights} ON {name} TO {app}"


def declared_rights(
    table: str, app_rights: str, operator_rights: str
) -> dict[str, set[str]]:
    """Return each role's rights on a table, as a set."""
    _, app, operator = roles()
    tables = {"SELECT": "DEFINER_READS", "DELETE": "DEFINER_PURGES"}
    definers = {
        right for right, key in tables.items() if table in settings.TENANCY[key]
    }
    return {
        app: set(filter(None, app_rights.split(", "))),
        operator: set(filter(None, operator_rights.split(", "))),
        definer_role(): definers,
    }


def definer_role() -> str:
    """Return the name of the role that owns the few functions that look across organizations."""
    return role_name(settings.TENANCY["ROLE_PREFIX"], "definer")


def is_append_only(rls: Rls) -> bool:
    """Return whether not even staff may change the table's rows."""
    return not {"UPDATE", "DELETE"} & set(rls.operator_grants.split(", "))


def append_only(table: str) -> Iterator[str]:
    """Yield the triggers that refuse changes to every role."""
    for event, level in APPEND_ONLY_EVENTS:
        yield (
            f"CREATE OR REPLACE TRIGGER append_only_{event.lower()} BEFORE {event}"
            f' ON "{table}" FOR EACH {level} EXECUTE FUNCTION app.refuse_change()'
        )


def touch(table: str) -> str:
    """Return the trigger that moves `updated_at` with every change of a row."""
    return (
        f'CREATE OR REPLACE TRIGGER touch BEFORE UPDATE ON "{table}"'
        " FOR EACH ROW EXECUTE FUNCTION app.touch()"
    )


def tenant_policies(name: str, rls: Rls, app: str) -> Iterator[str]:
    """Yield the runtime role's policies: one, or four where reading differs."""
    if rls.read == rls.write:
        yield (
            f"CREATE POLICY tenant_all ON {name} FOR ALL TO {app}"
            f" USING ({rls.read}) WITH CHECK ({rls.write})"
        )
        return
    yield f"CREATE POLICY tenant_read ON {name} FOR SELECT TO {app} USING ({rls.read})"
    yield (
        f"CREATE POLICY tenant_insert ON {name} FOR INSERT TO {app}"
        f" WITH CHECK ({rls.write})"
    )
    yield (
        f"CREATE POLICY tenant_update ON {name} FOR UPDATE TO {app}"
        f" USING ({rls.write}) WITH CHECK ({rls.write})"
    )
    yield (
        f"CREATE POLICY tenant_delete ON {name} FOR DELETE TO {app} USING ({rls.write})"
    )


def managed_models() -> list[type[Model]]:
    """Return every model with a table of its own, automatic join tables included."""
    return [
        model
        for model in global_apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
    ]


def walls() -> dict[str, Rls]:
    """Return the tables that need policies, and their rules."""
    found = {}
    for model in managed_models():
        rls = rules(model)
        if rls is not None:
            found[model._meta.db_table] = rls
    return found


def global_tables() -> dict[str, GlobalTable]:
    """Return the tables without an organization: those listed, and whole apps' ones."""
    whole = settings.TENANCY["GLOBAL_APPS"]
    found = {
        model._meta.db_table: whole[model._meta.app_label]
        for model in managed_models()
        if model._meta.app_label in whole
    }
    return found | settings.TENANCY["GLOBAL_TABLES"]


def touched_tables() -> set[str]:
    """Return the tables whose `updated_at` the database keeps."""
    return {
        model._meta.db_table
        for model in managed_models()
        if any(isinstance(field, UpdatedAt) for field in model._meta.local_fields)
    }
