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


def run_as_owner(sender: Any, using: str) -> bool:
    """Return whether a migrate signal is ours to act on: once, as the owner."""
    from organizations.tenancy.policies import roles

    if sender.label != "tenancy":
        return False
    return connections[using].settings_dict["USER"] == roles()[0]


def reconcile_walls(sender: Any, using: str, **kwargs: Any) -> None:
    from django.apps import apps

    from organizations.tenancy.policies import reconcile

    # A migrate of one app, or backwards, may leave tables missing: theirs are
    # reconciled by the run that makes them.
    if not run_as_owner(sender, using):
        return
    with connections[using].cursor() as cursor:
        tables = set(connections[using].introspection.table_names(cursor))
        if not {model._meta.db_table for model in apps.get_models()} <= tables:
            return
        for statement in reconcile():
            cursor.execute(statement)
