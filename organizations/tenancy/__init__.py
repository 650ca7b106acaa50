"""The walls: every statement runs inside a sealed context, or sees no rows."""

from organizations.tenancy.context import (
    Context,
    CrossTenant,
    NoTenant,
    TenancyError,
    as_user,
    bind,
    current,
    identity,
    no_context,
    operator,
    tenant,
)

__all__ = [
    "Context",
    "CrossTenant",
    "NoTenant",
    "TenancyError",
    "as_user",
    "bind",
    "current",
    "identity",
    "no_context",
    "operator",
    "tenant",
]
