"""Migration operations that know the walls."""

from collections.abc import Callable
from typing import Any

from django.db import migrations

from organizations.tenancy.context import operator


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
