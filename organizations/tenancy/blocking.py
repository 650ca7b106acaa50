"""What in a migration would keep people waiting, told from its operations alone.

A table that exists may be locked for a moment, never for as long as its rows take; and
the code of before must go on working beside the migrated database.
"""

import re
from collections.abc import Iterator
from functools import singledispatchmethod
from typing import Any, Final

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import NotSupportedError, connection, migrations, models
from django.db.migrations.migration import Migration
from django.db.migrations.state import ProjectState
from django.db.models import NOT_PROVIDED

from organizations.tenancy.operations import MakeTogether

ALTERED: Final = re.compile(
    r"\b(?:ALTER TABLE(?: IF EXISTS)?(?: ONLY)?|LOCK(?: TABLE)?|TRIGGER \w+ .*? ON"
    r"|REINDEX TABLE|TRUNCATE(?: TABLE)?|INDEX(?: IF NOT EXISTS)? \w+ ON)"
    r"\s+\"?(?:public\.)?\"?(\w+)",
    re.IGNORECASE | re.DOTALL,
)
SLOW: Final = {
    r"\bADD CONSTRAINT\b(?!.*\b(?:NOT VALID|USING INDEX)\b)": (
        "adds a constraint that is checked under the lock: add it NOT VALID, and"
        " VALIDATE it in the next migration"
    ),
    r"\bCREATE (?:UNIQUE )?INDEX\b(?! CONCURRENTLY)": (
        "builds an index under a lock: use AddIndexConcurrently"
    ),
    r"\bSET NOT NULL\b": "reads every row under the lock: SET NOT NULL",
    r"\bALTER COLUMN \S+ (?:SET DATA )?TYPE\b": "writes every row anew: TYPE",
    r"\b(?:VACUUM FULL|CLUSTER|REINDEX (?!.*CONCURRENTLY))\b": (
        "stops everybody for as long as it takes"
    ),
}
# Functions that give each row another value, so that each one is written.
VOLATILE: Final = ("Random", "RandomUUID", "UUID4", "UUID7", "ClockTimestamp")


class Judge:
    """Reads one migration; `state` is what stood before it, `made` the new tables.

    Two attributes of a migration's class answer it: `takes_locks` names tables that
    its SQL locks and says why that is short, `two_steps` says since which version
    nothing reads what goes.
    """

    def __init__(
        self, migration: Migration, state: ProjectState, made: set[str]
    ) -> None:
        self.migration, self.state, self.made = migration, state, set(made)
        self.locked: set[str] = set()
        self.takes_locks: dict[str, str] = getattr(migration, "takes_locks", {})
        self.two_steps: str = getattr(migration, "two_steps", "")

    def reasons(self) -> Iterator[str]:
        """Yield a sentence for everything that would keep people waiting."""
        for operation in unpacked(self.migration.operations):
            for part in getattr(operation, "database_operations", [operation]):
                yield from self.judge(part)
            operation.state_forwards(self.migration.app_label, self.state)
        if len(self.locked) > 1 and self.migration.atomic:
            names = ", ".join(sorted(self.locked))
            yield f"locks {len(self.locked)} tables at once ({names}): one a migration"
        data = any(
            isinstance(o, migrations.RunPython) for o in self.migration.operations
        )
        if data and self.locked:
            yield "changes data under the lock of a table: two migrations"

    @singledispatchmethod
    def judge(self, operation: Any) -> Iterator[str]:
        """Yield what is wrong with one operation; unknown ones are not judged."""
        yield from ()

    def table(self, name: str) -> str:
        """Return a model's table, before the operation."""
        model = self.state.models[self.migration.app_label, name.lower()]
        given = model.options.get("db_table")
        return str(given or f"{self.migration.app_label}_{name.lower()}")

    def is_new(self, name: str) -> bool:
        """Return whether a model's table is made by this upgrade; else it is locked."""
        table = self.table(name)
        if table in self.made:
            return True
        self.locked.add(table)
        return False

    @judge.register
    def _(self, operation: migrations.CreateModel) -> Iterator[str]:
        given = operation.options.get("db_table")
        table = given or f"{self.migration.app_label}_{operation.name_lower}"
        self.made.add(str(table))
        yield from ()

    @judge.register
    def _(self, operation: migrations.AddIndex) -> Iterator[str]:
        if isinstance(operation, AddIndexConcurrently):
            if self.migration.atomic:
                yield f"builds {operation.index.name} beside: say atomic = False"
        elif not self.is_new(operation.model_name):
            yield (
                f"builds the index {operation.index.name} under a lock: use"
                " AddIndexConcurrently"
            )

    @judge.register
    def _(self, operation: migrations.AddConstraint) -> Iterator[str]:
        later = type(operation).__name__ == "AddConstraintNotValid"
        if not self.is_new(operation.model_name) and not later:
            name = operation.constraint.name
            yield (
                f"checks every row for {name} under a lock: AddConstraintNotValid and"
                " ValidateConstraint, or a unique index built beside"
            )

    @judge.register
    def _(self, operation: migrations.AddField) -> Iterator[str]:
        if self.is_new(operation.model_name):
            return
        field: Any = operation.field
        where = f"{operation.model_name}.{operation.name}"
        if (
            not field.null
            and field.db_default is NOT_PROVIDED
            and not field.many_to_many
        ):
            yield f"{where} may not be null and has no db_default: old code cannot write"
        if type(field.db_default).__name__ in VOLATILE or field.generated:
            yield f"{where} has another value in each row: every row is written anew"
        if field.unique or field.db_index:
            yield f"{where} brings an index built under a lock: db_index=False, then one"

    @judge.register
    def _(self, operation: migrations.AlterField) -> Iterator[str]:
        if self.is_new(operation.model_name):
            return
        key = self.migration.app_label, operation.model_name_lower
        former: Any = self.state.models[key].fields[operation.name]
        field: Any = operation.field
        where = f"{operation.model_name}.{operation.name}"
        if rewrites(former, field):
            yield f"{where} becomes another type: every row is written anew"
        if former.null and not field.null:
            yield f"{where} may be null no more: every row is read under the lock"
        if (field.unique, field.db_index) > (former.unique, former.db_index):
            yield f"{where} gets an index built under a lock"

    @judge.register(migrations.RenameField)
    @judge.register(migrations.RemoveField)
    @judge.register(migrations.AlterModelTable)
    def _(self, operation: Any) -> Iterator[str]:
        name = getattr(operation, "model_name", "") or operation.name
        if not self.is_new(name):
            yield from self.unannounced(operation)

    @judge.register(migrations.DeleteModel)
    def _(self, operation: migrations.DeleteModel) -> Iterator[str]:
        if not self.is_new(operation.name):
            yield from self.unannounced(operation)

    @judge.register
    def _(self, operation: migrations.RenameModel) -> Iterator[str]:
        if not self.is_new(operation.old_name):
            yield from self.unannounced(operation)

    def unannounced(self, operation: Any) -> Iterator[str]:
        """Yield that old code may still read what goes, unless that was thought of."""
        if not self.two_steps.strip():
            kind = type(operation).__name__
            yield (
                f"{kind}: the code of before still reads it. Stop reading it in one"
                " version, and say since which in two_steps"
            )

    @judge.register
    def _(self, operation: migrations.RunSQL) -> Iterator[str]:
        for text in statements(operation.sql):
            tables = set(ALTERED.findall(text)) - self.made
            self.locked |= tables
            for table in sorted(tables):
                if not self.takes_locks.get(table, "").strip():
                    yield f"SQL locks {table}: say in takes_locks why that is short"
            if tables:
                yield from slow(text)


def slow(text: str) -> Iterator[str]:
    """Yield what in a statement takes as long as there are rows."""
    for pattern, reason in SLOW.items():
        if re.search(pattern, text, re.IGNORECASE | re.DOTALL):
            yield reason


def statements(given: Any) -> Iterator[str]:
    """Yield the texts of a RunSQL, with or without parameters."""
    if isinstance(given, str):
        if given:
            yield from filter(str.strip, given.split(";"))
        return
    for one in given:
        yield from statements(one if isinstance(one, str) else one[0])


def unpacked(operations: Any) -> Iterator[Any]:
    """Yield operations, and those that are made together one by one."""
    for operation in operations:
        if isinstance(operation, MakeTogether):
            yield from operation.operations
        else:
            yield operation


def rewrites(former: models.Field, field: models.Field) -> bool:
    """Return whether a column's type changes otherwise than by a longer text."""
    try:
        before, after = (one.db_type(connection) for one in (former, field))
    except (NotSupportedError, AttributeError, ValueError):
        # The kind of a key stands at the other model, which is not at hand.
        return type(former) is not type(field)
    if before == after:
        return False
    grown = re.fullmatch(r"varchar\((\d+)\)", before or "")
    if not grown:
        return True
    wider = re.fullmatch(r"varchar\((\d+)\)", after or "")
    return not (after == "text" or (wider and int(wider[1]) >= int(grown[1])))
