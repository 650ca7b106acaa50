"""Migration operations that know the walls."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.contrib.postgres.operations import AddIndexConcurrently as Concurrently
from django.db import migrations
from django.db.migrations.operations import CreateModel
from django.db.migrations.operations.base import Operation

from organizations.tenancy.context import no_context, operator

INVALID = """
SELECT 1 FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
WHERE c.relname = %s AND NOT i.indisvalid AND pg_table_is_visible(c.oid)"""


class TenantRunPython(migrations.RunPython):
    """RunPython that sees every organization's rows.

    Forced policies hold for the owner too: a plain RunPython would change no row,
    and say nothing.
    """

    def __init__(self, code: Callable[[Any, Any], Any], *args: Any, **kw: Any) -> None:
        super().__init__(code, *args, **kw)

    def database_forwards(self, *args: Any, **kwargs: Any) -> None:
        with operator(None, "data migration"):
            super().database_forwards(*args, **kwargs)

    def database_backwards(self, *args: Any, **kwargs: Any) -> None:
        with operator(None, "data migration"):
            super().database_backwards(*args, **kwargs)


class AddIndexConcurrently(Concurrently):
    """Builds an index beside everybody's work, in a migration with `atomic = False`.

    What a killed build left behind is an invalid index of the same name: it goes
    first. Nobody waits for the build, so it may wait as long as it has to.
    """

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        quoted = schema_editor.quote_name(self.index.name)
        with no_context(), schema_editor.connection.cursor() as cursor:
            cursor.execute("SHOW lock_timeout")
            before = cursor.fetchone()[0]
            cursor.execute("SET lock_timeout = 0")
            cursor.execute(INVALID, [self.index.name])
            if cursor.fetchone():
                cursor.execute(f"DROP INDEX CONCURRENTLY {quoted}")
            try:
                super().database_forwards(
                    app_label, schema_editor, from_state, to_state
                )
            finally:
                cursor.execute(f"SET lock_timeout = '{before}'")


class MakeTogether(Operation):
    """Generated operations that make the tables of an app, done in one step.

    Django draws all related models anew for every operation; here they are drawn
    once, and each table is made as the last operation leaves it.
    """

    atomic = True
    reversible = True

    def __init__(self, operations: Sequence[Any]) -> None:
        self.operations = operations

    def state_forwards(self, app_label: str, state: Any) -> None:
        # What is not drawn yet is not drawn again.
        state.__dict__.pop("apps", None)
        for operation in self.operations:
            operation.state_forwards(app_label, state)

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        for model in self.made(app_label, to_state):
            schema_editor.create_model(model)

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        for model in self.made(app_label, from_state):
            schema_editor.delete_model(model)

    def made(self, app_label: str, state: Any) -> Iterator[Any]:
        """Yield the models that the operations make, as they are afterwards."""
        for operation in self.operations:
            if isinstance(operation, CreateModel):
                yield state.apps.get_model(app_label, operation.name)

    def describe(self) -> str:
        return f"Make {len(self.operations)} things together"
