"""The roles: what they are, whose members, and what they may do by themselves."""

from collections.abc import Iterator

from django.conf import settings

from organizations.tenancy import policies
from organizations.tenancy.context import pads
from organizations.tenancy.proof.catalog import Catalog, Role
from organizations.tenancy.proof.finding import Finding
from organizations.tenancy.roles import role_name
from organizations.tenancy.versions import is_too_old, readable

ESCAPES = {"SUPERUSER", "BYPASSRLS"}
BACKUP_ATTRIBUTES = {"BYPASSRLS"}
BACKUP_GROUPS = {"pg_read_all_data"}


def role_findings(catalog: Catalog) -> Iterator[Finding]:
    """Yield what the roles could do past the policies."""
    owner, app, operator = policies.roles()
    for name in (owner, app, operator, policies.definer_role()):
        role = catalog.roles.get(name)
        if role is None:
            yield Finding("I004", name, "the role is missing")
        else:
            yield from attribute_findings(role, is_owner=name == owner)
    for name in (app, operator, policies.definer_role()):
        for group in catalog.roles[name].memberships if name in catalog.roles else ():
            yield Finding(
                "I002", name, f"is a member of {group}: SET ROLE is an escape"
            )
    for name, where, right in catalog.rights:
        if name != owner:
            yield Finding("I006", name, f"has {right} on {where}")
    yield from backup_findings(catalog)
    yield from connection_findings(catalog)


def backup_findings(catalog: Catalog) -> Iterator[Finding]:
    """Yield what the role of backups can do but read, and who else reads like it."""
    ours = {*policies.roles(), policies.definer_role()}
    for name, why in catalog.bypassers:
        # Of our own roles it is said as what they are.
        if name not in ours:
            yield Finding("I061", name, f"{why}: row security does not hold it")
    backup = catalog.backup
    if backup is None:
        name = role_name(settings.TENANCY["ROLE_PREFIX"], "backup")
        yield Finding("W002", name, "the role is missing: nothing can be backed up")
        return
    for attribute in sorted({*backup.attributes} - BACKUP_ATTRIBUTES):
        yield Finding("I062", backup.name, f"is {attribute}: it is there to read")
    for group in sorted({*backup.memberships} - BACKUP_GROUPS):
        yield Finding("I062", backup.name, f"is a member of {group}")
    for name, power in catalog.backup_powers:
        yield Finding("I062", name, f"has {power}: it is there to read")


def attribute_findings(role: Role, *, is_owner: bool) -> Iterator[Finding]:
    """Yield attributes that no role of ours should have."""
    for attribute in role.attributes:
        if attribute in ESCAPES:
            yield Finding("I001", role.name, f"is {attribute}: policies do not hold it")
        elif not (is_owner and attribute == "CREATEDB"):
            yield Finding("I003", role.name, f"has {attribute}")


def connection_findings(catalog: Catalog) -> Iterator[Finding]:
    """Yield what is wrong with the server and with how this house connects to it."""
    _, app, _ = policies.roles()
    if is_too_old(catalog.version):
        yield Finding(
            "I005",
            f"PostgreSQL {readable(catalog.version)}",
            "has known holes in row security: update it",
        )
    user = settings.DATABASES["default"]["USER"]
    if user != app:
        yield Finding("I007", "default", f"the house connects as {user}, not as {app}")
    inner_outer = catalog.seal_pads.get(1)
    if inner_outer != pads(settings.TENANCY["SEAL_KEY"]):
        yield Finding("I009", "seal key", "the database holds another key: migrate")
    if app in catalog.roles and (
        "track_activities=off" not in catalog.roles[app].settings
    ):
        yield Finding(
            "W001",
            app,
            "shows its running statements, so a seal could be read and replayed:"
            " a superuser should set track_activities = off for it",
        )
