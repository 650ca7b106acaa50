"""Policy texts: one idempotent list of statements per kind of table."""

from collections.abc import Iterable, Iterator

from django.apps import apps as global_apps
from django.conf import settings
from django.db.models import Model
from django.utils.module_loading import import_string

from organizations.tenancy.fields import OrganizationKey
from organizations.tenancy.roles import role_name
from organizations.tenancy.rules import ALL_GRANTS, MODE, Rls

POLICY_NAMES = (
    "tenant_all",
    "tenant_read",
    "tenant_insert",
    "tenant_update",
    "tenant_delete",
    "operator_all",
)


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


def protect(table: str, rls: Rls = TENANT) -> Iterator[str]:
    """Yield the statements that wall a table in; running them again changes nothing."""
    owner, app, operator = roles()
    name = f'"{table}"'
    yield f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY"
    yield f"ALTER TABLE {name} FORCE ROW LEVEL SECURITY"
    for policy in POLICY_NAMES:
        yield f"DROP POLICY IF EXISTS {policy} ON {name}"
    yield from tenant_policies(name, rls, app)
    everything = f"{MODE} = 'on'"
    yield (
        f"CREATE POLICY operator_all ON {name} FOR ALL TO {operator}, {owner}"
        f" USING ({everything}) WITH CHECK ({everything})"
    )
    yield f"REVOKE ALL ON {name} FROM {app}, {operator}"
    yield f"GRANT {rls.operator_grants} ON {name} TO {operator}"
    # Last: until this grant a half-made table answers "permission denied".
    yield f"GRANT {rls.grants} ON {name} TO {app}"


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


def managed_models() -> Iterable[type[Model]]:
    """Return every model with a table of its own, automatic join tables included."""
    return [
        model
        for model in global_apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
    ]


def reconcile() -> Iterator[str]:
    """Yield every policy and grant the models ask for: the repair, and the last step
    of each migration."""
    _, app, operator = roles()
    for model in managed_models():
        rls = rules(model)
        if rls is not None:
            yield from protect(model._meta.db_table, rls)
    for table, rule in settings.TENANCY["GLOBAL_TABLES"].items():
        yield f'REVOKE ALL ON "{table}" FROM {app}, {operator}'
        if rule.grants:
            yield f'GRANT {rule.grants} ON "{table}" TO {app}'
        yield f'GRANT {ALL_GRANTS} ON "{table}" TO {operator}'
    yield f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {app}, {operator}"
    for path in settings.TENANCY["EXTRA_SQL"]:
        yield from import_string(path)()
