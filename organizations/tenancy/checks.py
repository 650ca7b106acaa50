"""System checks that refuse settings the walls cannot stand on."""

from typing import Any

from django.conf import settings
from django.core.checks import Error, Tags, register
from django.db import connections

from organizations.tenancy.startup import refusal


@register
def check_cursor_protocol(app_configs: Any, **kwargs: Any) -> list[Error]:
    """Refuse options that need the extended protocol, or that change the role."""
    errors = []
    for alias, config in settings.DATABASES.items():
        options = config.get("OPTIONS", {})
        if not config.get("DISABLE_SERVER_SIDE_CURSORS"):
            errors.append(
                Error(
                    f"DATABASES[{alias!r}] needs DISABLE_SERVER_SIDE_CURSORS = True",
                    id="tenancy.E001",
                )
            )
        if options.get("server_side_binding"):
            errors.append(
                Error(
                    f"DATABASES[{alias!r}] must not use server_side_binding:"
                    " the tenant context travels by the simple protocol",
                    id="tenancy.E002",
                )
            )
        if options.get("assume_role"):
            errors.append(
                Error(
                    f"DATABASES[{alias!r}] must not use assume_role:"
                    " a role one can enter is a role one can leave",
                    id="tenancy.E003",
                )
            )
    return errors


@register(Tags.database)
def check_runtime_role(
    app_configs: Any, databases: Any = None, **kwargs: Any
) -> list[Error]:
    """Refuse a runtime connection that could see past the policies."""
    if "default" not in (databases or ()):
        return []
    connection = connections["default"]
    connection.ensure_connection()
    sentence = refusal(connection)
    return [Error(sentence, id="tenancy.E004")] if sentence else []
