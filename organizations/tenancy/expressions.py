"""The tenant condition, bound when SQL is made rather than when a queryset is built."""

from typing import Any

from django.core.exceptions import FullResultSet
from django.db import models
from django.db.models.expressions import Expression

from organizations.tenancy.context import required_organization


class InTenant(Expression):
    """`organization_id = <active organization>`; raises NoTenant without one."""

    conditional = True
    output_field = models.BooleanField()

    def __init__(self, column: Expression | None = None) -> None:
        super().__init__()
        self.column = column

    def get_source_expressions(self) -> list[Expression]:
        return [] if self.column is None else [self.column]

    def set_source_expressions(self, exprs: Any) -> None:
        self.column = exprs[0] if exprs else None

    def resolve_expression(
        self,
        query: Any = None,
        allow_joins: bool = True,
        reuse: Any = None,
        summarize: bool = False,
        for_save: bool = False,
    ) -> "InTenant":
        # A sub-query's condition is resolved again against the outer query; bound
        # once, it must go on naming its own table.
        if self.column is not None:
            return self
        bound = self.copy()
        bound.column = query.resolve_ref(
            "organization_id", allow_joins, reuse, summarize
        )
        return bound

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        organization_id = required_organization()
        if organization_id is None:
            raise FullResultSet
        sql, params = compiler.compile(self.column)
        return f"{sql} = %s", [*params, organization_id]
