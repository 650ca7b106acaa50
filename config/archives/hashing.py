"""What one organization holds, as one hash: its rows and its files.

Two hashes are given. `sha256` covers what travels in an archive, without the
organization's id: it is the same before an export and after the import. `everything`
covers the tables and columns that stay as well: it is the same as long as nobody wrote.
"""

import hashlib
from typing import Any

from django.db import connection

from config.fingerprints import (
    Fingerprint,
    altogether,
    columns_of,
    fingerprint,
    same_text,
)
from organizations.archives import files, rows
from organizations.archives.travelling import (
    OWN_KEY,
    Table,
    declared,
    organization_table,
    owned,
    tables,
)
from organizations.models import Organization
from organizations.tenancy import no_context, tenant
from organizations.tenancy.models import TenantRow

FILES = "files"


def tenant_hash(organization: Organization) -> dict[str, Any]:
    """Return rows and SHA-256 of each table, of the files, and of all together."""
    with no_context(), tenant(organization):
        with rows.snapshot(), connection.cursor() as cursor:
            same_text(cursor)
            travel = [organization_table(), *tables()]
            found = {one.name: hashed(cursor, one, organization) for one in travel}
            others = {
                m._meta.db_table: whole(cursor, m, organization) for m in staying()
            }
            others |= {
                f"{one.name} (whole)": whole(cursor, one.model, organization)
                for one in travel
                if one.left_out
            }
        found[FILES] = of_files(organization)
    return {
        "organization": str(organization.pk),
        "slug": organization.slug,
        "sha256": altogether(found),
        "everything": altogether(found | others),
        "tables": as_json(found),
        "staying": as_json(others),
    }


def hashed(cursor: Any, table: Table, organization: Organization) -> Fingerprint:
    condition = f'"{table.key}" = %s'
    return fingerprint(cursor, table.name, table.columns, condition, [organization.pk])


def staying() -> list[type[Any]]:
    """Return the tenant's tables that do not travel."""
    return [m for m in owned() if issubclass(m, TenantRow) and "stays" in declared(m)]


def whole(cursor: Any, model: type[Any], organization: Organization) -> Fingerprint:
    key = "id" if model is Organization else OWN_KEY
    return fingerprint(
        cursor,
        model._meta.db_table,
        columns_of(model),
        f'"{key}" = %s',
        [organization.pk],
    )


def of_files(organization: Organization) -> Fingerprint:
    """Return the hash of the files' names and bytes."""
    found = files.hashes(organization.pk)
    digest = hashlib.sha256()
    for name, sha256 in sorted(found.items()):
        digest.update(f"{name} {sha256}\n".encode())
    return Fingerprint(len(found), digest.hexdigest() if found else "")


def as_json(parts: dict[str, Fingerprint]) -> dict[str, Any]:
    return {
        name: {"rows": part.rows, "sha256": part.sha256}
        for name, part in sorted(parts.items())
    }
