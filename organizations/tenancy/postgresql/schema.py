"""The schema editor that walls a tenant's table in as it is made."""

from collections.abc import Iterator
from typing import Any

from django.db import models
from django.db.backends.postgresql import schema

from organizations.tenancy.fields import OrganizationKey, TenantForeignKey, UpdatedAt


class SchemaEditor(schema.DatabaseSchemaEditor):
    """Adds keys, policies, grants and triggers by the class of a field."""

    # Inline constraints would be made by Django alone; ours are composite.
    sql_create_column_inline_fk = None

    def create_model(self, model: type[models.Model]) -> None:
        super().create_model(model)
        for field in model._meta.local_fields:
            self._after_column(model, field)

    def add_field(self, model: type[models.Model], field: models.Field) -> None:
        # makemigrations may make the table first and add the organization later.
        super().add_field(model, field)
        self._after_column(model, field)

    def _after_column(self, model: type[models.Model], field: models.Field) -> None:
        table = model._meta.db_table
        if isinstance(field, OrganizationKey):
            for statement in wall_statements(table):
                self.execute(statement, None)
        elif isinstance(field, UpdatedAt):
            self.execute(
                f'CREATE OR REPLACE TRIGGER touch BEFORE UPDATE ON "{table}"'
                " FOR EACH ROW EXECUTE FUNCTION app.touch()",
                None,
            )

    def _create_fk_sql(self, model: Any, field: Any, suffix: str) -> Any:
        if not isinstance(field, TenantForeignKey | OrganizationKey):
            return super()._create_fk_sql(model, field, suffix)
        table, column = model._meta.db_table, field.column
        target = field.remote_field.model._meta.db_table
        name = self.quote_name(f"{table}_{column}_tenant_fk"[:63])
        here, there = "organization_id", "id"
        if isinstance(field, TenantForeignKey):
            here = f"organization_id, {self.quote_name(column)}"
            there = "organization_id, id"
        return (
            f"ALTER TABLE {self.quote_name(table)} ADD CONSTRAINT {name}"
            f" FOREIGN KEY ({here}) REFERENCES {self.quote_name(target)} ({there})"
            f"{self._on_delete(field)} DEFERRABLE INITIALLY IMMEDIATE"
        )

    def _on_delete(self, field: models.ForeignKey) -> str:
        rule = field.remote_field.on_delete
        if rule is models.CASCADE:
            return " ON DELETE CASCADE"
        if rule is models.SET_NULL:
            return f" ON DELETE SET NULL ({self.quote_name(field.column)})"
        return ""


def wall_statements(table: str) -> Iterator[str]:
    """Yield what makes a new table a tenant's: composite key, id index, policies."""
    from organizations.tenancy.policies import protect

    yield (
        f'ALTER TABLE "{table}" DROP CONSTRAINT "{table}_pkey",'
        f' ADD CONSTRAINT "{table}_pkey" PRIMARY KEY (organization_id, id)'
    )
    # Staff look a row up by its id alone; not unique, so it tells nobody anything.
    yield f'CREATE INDEX "{table}_id" ON "{table}" (id)'
    yield from protect(table)
