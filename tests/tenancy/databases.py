"""A database of its own for a test that changes the schema."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psycopg
from django.apps import apps
from django.apps.config import AppConfig
from django.db import connections
from psycopg.errors import InsufficientPrivilege

from organizations.tenancy.postgresql import creation


@contextmanager
def spare_database() -> Iterator[None]:
    """Point every alias at a fresh copy of the template for a block."""
    maker = connections["default"].creation
    before = connections["default"].settings_dict["NAME"]
    name = f"{before}_spare"
    with creation.server() as session:
        session.execute("SELECT pg_advisory_lock(hashtext('insula test template'))")
        creation.clone(session, maker._template(session), name)
        guard = psycopg.connect(**creation.owner_params(), dbname=name)
    creation.use(name)
    try:
        yield
    finally:
        creation.use(before)
        guard.close()
        with creation.server() as session, suppress(InsufficientPrivilege):
            creation.drop(session, name)


@contextmanager
def extra_app(name: str) -> Iterator[AppConfig]:
    """Install an app for a block and forget its models afterwards."""
    config = AppConfig.create(name)
    config.apps = apps
    apps.app_configs[config.label] = config
    try:
        config.import_models()
        apps.clear_cache()
        yield config
    finally:
        del apps.app_configs[config.label]
        apps.all_models.pop(config.label, None)
        apps.clear_cache()
