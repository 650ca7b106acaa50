"""What the database's catalog says about tables, rights and functions, read once."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Self

from organizations.tenancy.proof import queries

TABLE_KINDS = {"r", "p"}


@dataclass(frozen=True)
class Relation:
    """A table, view, materialized view or foreign table."""

    oid: int
    schema: str
    name: str
    kind: str
    owner: str
    has_rls: bool
    is_forced: bool
    options: list[str]
    is_child: bool
    columns: list[str]
    enums: list[str]

    @property
    def label(self) -> str:
        return self.name if self.schema == "public" else f"{self.schema}.{self.name}"


@dataclass(frozen=True)
class Policy:
    """One row policy as PostgreSQL prints it."""

    relation: int
    name: str
    command: str
    permissive: bool
    roles: list[str]
    using: str | None
    check: str | None


@dataclass(frozen=True)
class Grant:
    """One privilege on a relation or a column of it, its owner's own left out."""

    relation: int
    grantee: str
    privilege: str
    column: str | None


@dataclass(frozen=True)
class Index:
    """One index; a column is None where it is an expression."""

    relation: int
    name: str
    is_unique: bool
    is_primary: bool
    is_partial: bool
    columns: list[str | None]


@dataclass(frozen=True)
class ForeignKey:
    """One foreign key."""

    relation: int
    name: str
    columns: list[str]
    target: int
    deferrable: bool
    deferred: bool
    validated: bool


@dataclass(frozen=True)
class Trigger:
    """One trigger of ours; `enabled` is PostgreSQL's letter."""

    relation: int
    name: str
    function: str
    enabled: str


@dataclass(frozen=True)
class Function:
    """One function outside the system's schemas."""

    schema: str
    name: str
    is_definer: bool
    language: str
    settings: list[str]
    owner: str
    source: str


@dataclass(frozen=True)
class Role:
    """One of the product's roles and what it may do by itself."""

    name: str
    attributes: list[str]
    memberships: list[str]
    settings: list[str]


@dataclass
class Catalog:
    """Everything the proof looks at, from one moment."""

    version: int
    relations: dict[int, Relation]
    policies: dict[int, list[Policy]]
    grants: dict[int, list[Grant]]
    indexes: dict[int, list[Index]]
    foreign_keys: dict[int, list[ForeignKey]]
    triggers: dict[int, list[Trigger]]
    functions: list[Function]
    roles: dict[str, Role]
    rights: list[tuple[str, str, str]]
    seal_pads: dict[int, tuple[bytes, bytes]]
    backup: Role | None
    backup_powers: list[tuple[str, str]]
    bypassers: list[tuple[str, str]]
    names: dict[str, Relation] = field(init=False)

    def __post_init__(self) -> None:
        self.names = {item.label: item for item in self.relations.values()}

    @classmethod
    def read(cls, cursor: Any) -> Self:
        """Read it all inside a transaction; names are printed with their schema."""
        cursor.execute("SHOW search_path")
        before = cursor.fetchone()[0]
        cursor.execute("SET LOCAL search_path = pg_catalog")
        relations = [Relation(*row) for row in fetch(cursor, queries.RELATIONS)]
        found = cls(
            version=int(fetch(cursor, queries.VERSION)[0][0]),
            relations={item.oid: item for item in relations},
            policies=grouped(Policy(*row) for row in fetch(cursor, queries.POLICIES)),
            grants=grouped(Grant(*row) for row in fetch(cursor, queries.GRANTS)),
            indexes=grouped(Index(*row) for row in fetch(cursor, queries.INDEXES)),
            foreign_keys=grouped(
                ForeignKey(*row) for row in fetch(cursor, queries.FOREIGN_KEYS)
            ),
            triggers=grouped(Trigger(*row) for row in fetch(cursor, queries.TRIGGERS)),
            functions=[Function(*row) for row in fetch(cursor, queries.FUNCTIONS)],
            roles={
                row[0]: Role(*row)
                for row in fetch(cursor, queries.ROLES, queries.role_names())
            },
            rights=fetch(cursor, queries.RIGHTS, queries.role_names()),
            seal_pads={
                row[0]: (bytes(row[1]), bytes(row[2]))
                for row in fetch(cursor, queries.SEAL_KEYS)
            },
            **of_backups(cursor),
        )
        cursor.execute("SELECT set_config('search_path', %s, true)", [before])
        return found

    def table(self, label: str) -> Relation | None:
        """Return a table by its name."""
        relation = self.names.get(label)
        return relation if relation and relation.kind in TABLE_KINDS else None

    def policies_of(self, relation: Relation) -> list[Policy]:
        return self.policies.get(relation.oid, [])

    def grants_of(self, relation: Relation) -> list[Grant]:
        return self.grants.get(relation.oid, [])

    def strangers_with_rights(self, relation: Relation) -> set[str]:
        """Return the roles that hold rights on a table and are none of ours."""
        ours = {*queries.role_names(), "PUBLIC"}
        return {grant.grantee for grant in self.grants_of(relation)} - ours


def of_backups(cursor: Any) -> dict[str, Any]:
    """Return what is known of the role of backups, and of others like it."""
    names = queries.backup_names()
    roles = [Role(*row) for row in fetch(cursor, queries.ROLES, names)]
    return {
        "backup": roles[0] if roles else None,
        "backup_powers": fetch(cursor, queries.BACKUP_POWERS, names),
        "bypassers": fetch(cursor, queries.BYPASSERS, names),
    }


def fetch(cursor: Any, query: str, names: list[str] | None = None) -> list[Any]:
    """Return a query's rows; `names` fills its one parameter."""
    cursor.execute(query, [names] if names else None)
    return cursor.fetchall()


def grouped(items: Iterable[Any]) -> dict[int, list[Any]]:
    """Return items by the relation they are on."""
    found = defaultdict(list)
    for item in items:
        found[item.relation].append(item)
    return dict(found)
