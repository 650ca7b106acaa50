"""Two people edit one task: what each changed is kept, what both changed is asked.

A form carries fingerprints of the values it was opened with. What its person left alone
is not written; what they changed is, unless somebody else changed it meanwhile.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db.models import Model

LENGTH = 16


class EditConflict(Exception):
    """Somebody changed the same fields since the form was opened; nothing was written."""

    def __init__(self, fields: list[str]) -> None:
        super().__init__(", ".join(fields))
        self.fields = fields


def fingerprints(values: Mapping[str, Any]) -> dict[str, str]:
    """Return a short hash of each value."""
    return {name: fingerprint(value) for name, value in values.items()}


def fingerprint(value: Any) -> str:
    text = json.dumps(plain(value), ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:LENGTH]


def plain(value: Any) -> Any:
    """Return a value as a form and a row have it alike: people and labels are ids."""
    if isinstance(value, Model):
        return str(value.pk)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return value.replace("\r\n", "\n").strip()
    if isinstance(value, Iterable):
        return sorted(str(plain(each)) for each in value)
    return "" if value is None else str(value)


def settled(
    wanted: Mapping[str, Any], base: Mapping[str, str], present: Mapping[str, Any]
) -> dict[str, Any]:
    """Return what of the wanted values is to be written; EditConflict for the rest."""
    now, mine = fingerprints(present), fingerprints(wanted)
    touched = [name for name in wanted if mine[name] != base.get(name, now[name])]
    clashes = [
        name
        for name in touched
        if now[name] not in (base.get(name, now[name]), mine[name])
    ]
    if clashes:
        raise EditConflict(clashes)
    return {name: wanted[name] for name in touched}


def read_base(text: str) -> dict[str, str]:
    """Return the fingerprints a form sent; a mangled text has none."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {name: value for name, value in found.items() if isinstance(value, str)}
