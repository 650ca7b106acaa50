"""Who the people of an archive are here: by their id, and if not by their address."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from accounts.models import User
from organizations.archives.models import Refusal
from organizations.archives.reading import ArchiveFile, Unreadable
from organizations.archives.travelling import Table, tables
from organizations.models import Membership, Role
from organizations.personal.erasure import is_erased
from organizations.tenancy import identity, no_context


@dataclass
class People:
    """Whom each id in an archive means here, and who is not known, or erased since."""

    meant: dict[str, str] = field(default_factory=dict)
    unknown: list[dict[str, Any]] = field(default_factory=list)
    made: list[str] = field(default_factory=list)
    erased: set[str] = field(default_factory=set)
    owner: str = ""

    @property
    def are_the_same(self) -> bool:
        """Whether everybody has here the id they have in the archive."""
        return not self.unknown and all(a == b for a, b in self.meant.items())


def matched(archive: ArchiveFile, owner: str = "", *, create: bool = False) -> People:
    """Find everybody; whoever is unknown is only made when that was asked for.

    `owner` is the address of somebody who stands in for people who are not known.
    """
    found = People()
    with no_context(), identity():
        for one in archive.people():
            match(one, found, create=create)
        found.owner = address_to_id(owner) if owner else ""
    found.owner = found.owner or known_owner(archive, found)
    return found


def match(one: dict[str, Any], found: People, *, create: bool) -> None:
    key = one["id"]
    by_id = User.objects.filter(pk=key)
    person = by_id.first() or address_of(one["email"])
    if person is None and create and one["email"]:
        person = User.objects.create_user(
            one["email"],
            id=UUID(key),
            first_name=one["first_name"],
            last_name=one["last_name"],
        )
        found.made.append(person.email)
    if person is None:
        found.unknown.append(one)
    else:
        found.meant[key] = str(person.pk)
        if is_erased(person):
            found.erased.add(str(person.pk))


def address_of(email: str | None) -> User | None:
    return User.objects.filter(email=email.lower()).first() if email else None


def address_to_id(email: str) -> str:
    person = address_of(email)
    if person is None:
        raise LookupError(email)
    return str(person.pk)


def known_owner(archive: ArchiveFile, found: People) -> str:
    """Return somebody known here who owns the organization in the archive."""
    (table,) = (one for one in tables() if one.model is Membership)
    for row in archive.rows(table):
        known = found.meant.get(row["user_id"] or "")
        if known in found.erased:
            continue
        if known and row["role"] == Role.OWNER and row["suspended_at"] is None:
            return known
    return ""


def in_place_of(table: Table, column: str, found: People) -> str | None:
    """Return who stands where an unknown person stood: nobody, where that can be.

    LookupError when the row cannot be anybody else's.
    """
    if table.people[column]:
        return None
    if table.only_once:
        raise LookupError(column)
    if not found.owner:
        raise Unreadable(
            f"{table.name}: {column} names somebody unknown, and nobody is known who"
            " owned the organization: name somebody who will.",
            Refusal.NO_OWNER,
        )
    return found.owner
