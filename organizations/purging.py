"""The end of deleted organizations: thirty days to come back, then nothing is left.

No role may delete an organization. The function runs with the definer's rights, whose
one policy for it shows no organization that could still be restored.
"""

import json
from collections.abc import Iterator
from typing import Any, Final

from django.core.files.storage import default_storage
from django.db import connection, models, transaction
from django.db.models.functions import Now

from organizations.audit.recording import record
from organizations.models import (
    DAYS_RESTORABLE,
    RESTORABLE,
    Membership,
    Organization,
    Role,
    files_of,
)
from organizations.tenancy.functions import of_definer

# Whoever restores the row in between leaves nothing that fits the second condition.
PURGE_ORGANIZATION = """
CREATE OR REPLACE FUNCTION app.purge_organization() RETURNS json
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $f$
DECLARE due interval := interval '{days} days'; gone json;
BEGIN
  DELETE FROM public.{organization} o
    WHERE o.deleted_at <= now() - due AND o.id = (
      SELECT d.id FROM public.{organization} d
      WHERE d.deleted_at <= now() - due ORDER BY d.deleted_at, d.id LIMIT 1)
    RETURNING json_build_object('id', o.id, 'name', o.name, 'slug', o.slug,
      'logo', o.logo, 'deleted_at', o.deleted_at) INTO gone;
  RETURN gone;
END $f$"""
TAKES_LONG: Final = "SET LOCAL statement_timeout = '15min'"


def restorable() -> models.QuerySet[Organization]:
    """Return the deleted organizations that can still come back."""
    return Organization.objects.filter(deleted_at__gt=Now() - RESTORABLE)


def restorable_by(user: Any) -> list[Organization]:
    """Return the deleted organizations that a person may bring back."""
    own = Membership.own.filter(user=user, role=Role.OWNER, suspended_at=None)
    found = restorable().filter(pk__in=own.values("organization_id"))
    return list(found.order_by("deleted_at"))


def purge_deleted() -> None:
    """End every organization that was deleted long enough ago, one at a time."""
    while purge_next():
        pass


def purge_next() -> bool:
    """End the organization that was deleted first; False when none is due.

    Its files go before the rows are gone for good: after a failure the next run finds
    both again.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(TAKES_LONG)
        cursor.execute("SELECT app.purge_organization()::text")
        (found,) = cursor.fetchone()
        if found is None:
            return False
        gone = json.loads(found)
        remove_files(gone)
        record("organization.purged", before=gone, label=gone["name"])
    return True


def remove_files(gone: dict[str, Any]) -> None:
    """Delete an organization's files."""
    if gone["logo"]:
        default_storage.delete(gone["logo"])
    remove_below(files_of(gone["id"]))


def remove_below(folder: str) -> None:
    """Delete a folder of the storage with everything in it."""
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in folders:
        remove_below(f"{folder}/{name}")
    for name in files:
        default_storage.delete(f"{folder}/{name}")
    default_storage.delete(folder)


def statements() -> Iterator[str]:
    """Yield what makes the function, which nobody but our own roles may call."""
    text = PURGE_ORGANIZATION.format(
        organization=Organization._meta.db_table, days=DAYS_RESTORABLE
    )
    yield from of_definer("purge_organization()", text)
