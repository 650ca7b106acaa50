"""The schema editor that walls a tenant's table in as it is made."""

from collections.abc import Iterator
from typing import Any

from django.db import models
from django.db.backends.postgresql import schema

from organizations.tenancy.fields import OrganizationKey, TenantForeignKey, UpdatedAt
from organizations.tenancy.policies import TENANT, organization_key, protect, touch


class SchemaEditor(schema.DatabaseSchemaEditor):
    """Adds keys, policies, grants and triggers by the class of a field."""

    # Inline constraints would be made by Django alone; ours are composite.
    sql_create_column_inline_fk = None  # type: ignore[assignment]

    def create_model(self, model: type[models.Model]) -> None:
        super().create_model(model)
        for field in model._meta.local_fields:
            self._after_column(model, field)

    def add_field(self, model: type[models.Model], field: models.Field) -> None:
        # makemigrations may make the table first and add the organization later.
        super().add_field(model, field)
        self._after_column(model, field)

    def alter_field(
        self,
        model: type[models.Model],
        old_field: models.Field,
        new_field: models.Field,
        strict: bool = False,
    ) -> None:
        super().alter_field(model, old_field, new_field, strict)
        if type(old_field) is not type(new_field):
            self._after_column(model, new_field)

    def alter_db_table(
        self, model: type[models.Model], old_db_table: str, new_db_table: str
    ) -> None:
        super().alter_db_table(model, old_db_table, new_db_table)
        if old_db_table == new_db_table or not organization_key(model):
            return
        # The old names would be in the way of a new table called like the old one.
        for suffix in ("pkey", "id"):
            self.execute(
                f'ALTER INDEX IF EXISTS "{old_db_table}_{suffix}"'
                f' RENAME TO "{new_db_table}_{suffix}"',
                None,
            )

    def _after_column(self, model: type[models.Model], field: models.Field) -> None:
        table = model._meta.db_table
        if isinstance(field, OrganizationKey):
            for statement in wall_statements(table):
                self.execute(statement, None)
        elif isinstance(field, UpdatedAt):
            self.execute(touch(table), None)

    def _constraint_names(
        self, model: Any, column_names: Any = None, *args: Any, **kwargs: Any
    ) -> list[str]:
        # Django looks for the constraint of one column; a tenant's key has two.
        if kwargs.get("foreign_key") and column_names and len(column_names) == 1:
            column = column_names[0]
            if any(
                isinstance(field, TenantForeignKey) and field.column == column
                for field in model._meta.local_fields
            ):
                column_names = ["organization_id", column]
        return super()._constraint_names(model, column_names, *args, **kwargs)

    def _field_should_be_altered(
        self, old_field: Any, new_field: Any, ignore: Any = None
    ) -> bool:
        # For Django on_delete is Python's matter; our keys carry it out themselves.
        if is_tenant_key(old_field) and is_tenant_key(new_field):
            before, after = old_field.remote_field, new_field.remote_field
            if before.on_delete is not after.on_delete:
                return True
        return super()._field_should_be_altered(old_field, new_field, ignore)

    def _create_fk_sql(self, model: Any, field: Any, suffix: str) -> Any:
        if not is_tenant_key(field):
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
        if rule is models.CASCADE or isinstance(field, OrganizationKey):
            return " ON DELETE CASCADE"
        if rule is models.SET_NULL:
            return f" ON DELETE SET NULL ({self.quote_name(field.column)})"
        return ""


def is_tenant_key(field: models.Field) -> bool:
    """Return whether the field's foreign key is one of ours."""
    return isinstance(field, TenantForeignKey | OrganizationKey)


def wall_statements(table: str) -> Iterator[str]:
    """Yield what makes a new table a tenant's: composite key, id index, policies."""
    yield (
        f'ALTER TABLE "{table}" DROP CONSTRAINT "{table}_pkey",'
        f' ADD CONSTRAINT "{table}_pkey" PRIMARY KEY (organization_id, id)'
    )
    # Staff look a row up by its id alone; not unique, so it tells nobody anything.
    yield f'CREATE INDEX "{table}_id" ON "{table}" (id)'
    yield from protect(table, TENANT)
