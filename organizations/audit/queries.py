"""Writing an entry: one statement per kind of entry, made once.

Every change of every product table waits for it, so it is not compiled anew.
"""

import json
from functools import cache
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connections
from django.db.models import JSONField

from organizations.audit.models import Entry
from organizations.tenancy.context import CrossTenant, required_organization

# What the database gives: its clock, and the place in the chain.
GIVEN = ("created_at", "sequence", "hash")


@cache
def insertion(model: type[Entry]) -> tuple[str, tuple[str, ...]]:
    """Return the INSERT of a kind of entry and the attributes it takes, in order."""
    fields = [field for field in model._meta.concrete_fields if field.name not in GIVEN]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    marks = ", ".join(
        "%s::jsonb" if isinstance(field, JSONField) else "%s" for field in fields
    )
    sql = f'INSERT INTO "{model._meta.db_table}" ({columns}) VALUES ({marks})'  # noqa: S608
    return sql, tuple(field.attname for field in fields)


def insert(entry: Entry, using: str) -> None:
    """Write one entry; CrossTenant when it is another organization's."""
    organization_id = getattr(entry, "organization_id", None)
    if organization_id is not None:
        active = required_organization()
        if active is not None and active != organization_id:
            raise CrossTenant(f"an entry of {organization_id} inside {active}")
    sql, names = insertion(type(entry))
    with connections[using].cursor() as cursor:
        cursor.execute(sql, [plain(getattr(entry, name)) for name in names])
    entry._state.adding, entry._state.db = False, using
    # Read back only by whoever asks. RETURNING would need the right to read, which a
    # sign-up's entry gives nobody yet.
    for name in GIVEN:
        entry.__dict__.pop(name, None)


def plain(value: Any) -> Any:
    return (
        json.dumps(value, cls=DjangoJSONEncoder) if isinstance(value, dict) else value
    )
