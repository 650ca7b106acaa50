"""System checks that refuse settings the walls cannot stand on."""

from typing import Any

from django.conf import settings
from django.core.checks import Error, register


@register
def check_cursor_protocol(app_configs: Any, **kwargs: Any) -> list[Error]:
    """Refuse options that need the extended protocol, which carries no prefix."""
    errors = []
    for alias, config in settings.DATABASES.items():
        if not config.get("DISABLE_SERVER_SIDE_CURSORS"):
            errors.append(
                Error(
                    f"DATABASES[{alias!r}] needs DISABLE_SERVER_SIDE_CURSORS = True",
                    id="tenancy.E001",
                )
            )
        if config.get("OPTIONS", {}).get("server_side_binding"):
            errors.append(
                Error(
                    f"DATABASES[{alias!r}] must not use server_side_binding:"
                    " the tenant context travels by the simple protocol",
                    id="tenancy.E002",
                )
            )
    return errors
