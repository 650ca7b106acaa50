"""Reconciles every policy and grant after migrations."""

from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate


class TenancyConfig(AppConfig):
    """The ground floor: no tables of its own, the walls of everybody else's."""

    name = "organizations.tenancy"
    label = "tenancy"

    def ready(self) -> None:
        from organizations.tenancy import checks  # noqa: F401

        post_migrate.connect(reconcile_walls, dispatch_uid="tenancy.reconcile")


def reconcile_walls(sender: Any, using: str, **kwargs: Any) -> None:
    """Make the walls right after a migration, once, and only as the owner."""
    from organizations.tenancy.apply import apply_walls
    from organizations.tenancy.policies import roles

    connection = connections[using]
    if sender.label == "tenancy" and connection.settings_dict["USER"] == roles()[0]:
        apply_walls(connection)
