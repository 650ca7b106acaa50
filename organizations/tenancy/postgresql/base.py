"""Django's PostgreSQL backend with our cursor, schema editor and test databases."""

from typing import Any

import psycopg
from django.conf import settings
from django.db.backends.postgresql import base, features, operations
from django.utils.module_loading import import_string
from psycopg.pq import ExecStatus

from organizations.tenancy.postgresql.creation import DatabaseCreation
from organizations.tenancy.postgresql.cursor import TenantCursor, refuse_named_cursor
from organizations.tenancy.postgresql.flush import empty_tables
from organizations.tenancy.postgresql.schema import SchemaEditor


class DatabaseFeatures(features.DatabaseFeatures):
    """What differs because tenant tables have composite keys."""

    # Tenant keys are checked at the statement, so the error reaches the form's view.
    can_defer_constraint_checks = False

    def allows_group_by_selected_pks_on_model(self, model: Any) -> bool:
        # The database's key is (organization_id, id): grouping by id alone is refused.
        if hasattr(model, "organization_id"):
            return False
        return super().allows_group_by_selected_pks_on_model(model)


class DatabaseOperations(operations.DatabaseOperations):
    """Plain VALUES lists, and a flush that the runtime role could not do itself."""

    compiler_module = "django.db.models.sql.compiler"

    def sql_flush(
        self, style: Any, tables: Any, *args: Any, **kwargs: Any
    ) -> list[str]:
        """Return the tables to empty; what migrations wrote is kept."""
        kept = settings.TENANCY["REFERENCE_DATA"]
        return [table for table in tables if table not in kept]

    def execute_sql_flush(self, sql_list: Any) -> None:
        empty_tables(self.connection, sql_list)


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that may first have to wake an embedded server."""

    features_class = DatabaseFeatures
    ops_class = DatabaseOperations
    SchemaEditorClass = SchemaEditor
    creation_class = DatabaseCreation

    def get_connection_params(self) -> dict[str, Any]:
        params = super().get_connection_params()
        params["cursor_factory"] = TenantCursor
        return params

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        self.ensure_ready()
        connection = super().get_new_connection(conn_params)
        connection.server_cursor_factory = refuse_named_cursor
        return connection

    def ensure_ready(self) -> None:
        """Run the configured call that makes the server answer, if there is one."""
        before_connect = self.settings_dict.get("BEFORE_CONNECT")
        if before_connect:
            import_string(before_connect)()

    def is_usable(self) -> bool:
        """Say whether the server still answers; it runs before every request's first
        statement, so it asks for nothing and needs no context."""
        if self.connection is None:
            return False
        try:
            answer = self.connection.pgconn.exec_(b"")
        except psycopg.Error:
            return False
        return bool(answer.status == ExecStatus.EMPTY_QUERY)
