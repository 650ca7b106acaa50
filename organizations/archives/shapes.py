"""What a manifest, a row and a file's name must look like before anything is done.

A signature says who wrote an archive, not that they meant well: whoever is trusted by a
key could still name a file of another organization, or write a line that is no row.
"""

import json
from typing import Any, Final
from uuid import UUID

from organizations.archives.files import ARCHIVES

NOWHERE: Final = {"", ".", ".."}
PERSON: Final = {"id", "email", "first_name", "last_name"}


def parsed(text: bytes) -> Any:
    """Return what a JSON text says; None when it is none."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def is_manifest(found: dict[str, Any]) -> bool:
    """Return whether a manifest has everything that is read of it, each of its kind."""
    try:
        UUID(found["organization"]["id"])
        kinds = [
            isinstance(found["organization"]["slug"], str),
            isinstance(found["made_at"], str),
            is_count(found["storage_bytes"]),
            all(map(is_member, found["members"].values())),
            all(map(is_table, found["tables"].values())),
        ]
    except (KeyError, TypeError, AttributeError, ValueError):
        return False
    return all(kinds)


def is_member(said: Any) -> bool:
    return is_count(said["bytes"]) and isinstance(said["sha256"], str)


def is_table(said: Any) -> bool:
    return is_count(said["rows"]) and isinstance(said["columns"], dict)


def is_count(value: Any) -> bool:
    return type(value) is int and value >= 0


def is_row(found: Any, columns: set[str]) -> bool:
    """Return whether a line is a row: a text or nothing in each of its columns."""
    return (
        isinstance(found, dict)
        and found.keys() == columns
        and all(value is None or isinstance(value, str) for value in found.values())
    )


def is_person(found: Any) -> bool:
    """Return whether a line says who somebody is."""
    try:
        return is_row(found, PERSON) and bool(UUID(found["id"]))
    except (TypeError, ValueError, AttributeError):
        return False


def is_own_file(name: str) -> bool:
    """Return whether a file of this name stands below the organization's folder."""
    parts = name.split("/")
    return (
        name.isprintable()
        and "\\" not in name
        and not NOWHERE & set(parts)
        and parts[0] != ARCHIVES
    )
