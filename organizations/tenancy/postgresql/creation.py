"""Test databases: made by the owner from a cached template, used as the runtime role."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, ClassVar

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.db.backends.postgresql import creation
from psycopg import sql

from organizations.tenancy.postgresql.fingerprint import schema_fingerprint
from organizations.tenancy.roles import database_statements

TRIES_TO_DROP, SECONDS_BETWEEN = 50, 0.2


class DatabaseCreation(creation.DatabaseCreation):
    """Clones a template keyed by the migrations, so that a suite starts in a moment.

    Each process has a database of its own name, so suites run side by side. It is
    cloned anew every time; `keepdb` only leaves it there for a look afterwards.
    """

    guards: ClassVar[list[psycopg.Connection]] = []

    def create_test_db(
        self,
        verbosity: int = 1,
        autoclobber: bool = False,
        serialize: bool = False,
        keepdb: bool = False,
    ) -> str:
        name = f"{self._get_test_db_name()}_{os.getpid()}"
        self._make(name)
        use(name)
        return name

    def clone_test_db(
        self, suffix: str, verbosity: int = 1, autoclobber: bool = False, **kw: Any
    ) -> None:
        self._make(self.get_test_db_clone_settings(suffix)["NAME"])

    def destroy_test_db(
        self,
        old_database_name: str | None = None,
        verbosity: int = 1,
        keepdb: bool = False,
        suffix: str | None = None,
    ) -> None:
        name = self.connection.settings_dict["NAME"]
        if suffix is not None:
            name = self.get_test_db_clone_settings(suffix)["NAME"]
        for alias in connections:
            connections[alias].close()
        while self.guards:
            self.guards.pop().close()
        if not keepdb:
            # A thread may still be connected: the next run sweeps the database away.
            with server() as session, suppress(psycopg.errors.InsufficientPrivilege):
                drop(session, name)
        if old_database_name is not None and suffix is None:
            use(old_database_name)

    def _make(self, name: str) -> None:
        with server() as session:
            # One at a time: a template must neither be built twice nor go away
            # between its making and its copying.
            session.execute("SELECT pg_advisory_lock(hashtext('insula test template'))")
            sweep(session, self._get_test_db_name())
            clone(session, self._template(session), name)
            # A database somebody is connected to is not swept away as a leftover.
            self.guards.append(psycopg.connect(**owner_params(), dbname=name))

    def _template(self, session: psycopg.Connection) -> str:
        prefix = f"tpl_{settings.TENANCY['ROLE_PREFIX']}"
        name = f"{prefix}_{schema_fingerprint()}"
        if name not in databases(session, prefix):
            for old in databases(session, prefix):
                drop(session, old)
            self._build(session, name)
        return name

    def _build(self, session: psycopg.Connection, name: str) -> None:
        unfinished = f"new_{name}"
        drop(session, unfinished)
        make = sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'")
        session.execute(make.format(sql.Identifier(unfinished)))
        before = self.connection.settings_dict["NAME"]
        use(unfinished)
        try:
            call_command("migrate", database="owner", verbosity=0, interactive=False)
        finally:
            use(before)
        rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
        session.execute(rename.format(sql.Identifier(unfinished), sql.Identifier(name)))


def owner_params() -> dict[str, Any]:
    """Return how the owner connects, without a database."""
    owner = connections["owner"]
    owner.ensure_ready()
    params = owner.get_connection_params()
    wanted = ("host", "port", "user", "password")
    return {key: params[key] for key in wanted if key in params}


@contextmanager
def server() -> Iterator[psycopg.Connection]:
    """Connect to the cluster as the owner, who may create databases."""
    params = owner_params()
    with psycopg.connect(**params, dbname="postgres", autocommit=True) as session:
        # Another run may be building the template for a while.
        session.execute("SET lock_timeout = 0")
        yield session


def use(name: str) -> None:
    """Point every alias at a database."""
    for alias in connections:
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = name


def databases(session: psycopg.Connection, prefix: str) -> list[str]:
    """Return the databases whose name begins with a prefix."""
    query = "SELECT datname FROM pg_database WHERE starts_with(datname, %s)"
    return [name for (name,) in session.execute(query, [f"{prefix}_"]).fetchall()]


def drop(session: psycopg.Connection, name: str) -> None:
    """Drop a database and whoever is connected to it."""
    statement = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
    for _ in range(TRIES_TO_DROP):
        try:
            session.execute(statement.format(sql.Identifier(name)))
        except psycopg.errors.InsufficientPrivilege:
            # The server tidies up in it, which only a superuser could end.
            time.sleep(SECONDS_BETWEEN)
        else:
            return
    session.execute(statement.format(sql.Identifier(name)))


def sweep(session: psycopg.Connection, prefix: str) -> None:
    """Drop what killed runs left behind: databases nobody is connected to."""
    for name in databases(session, prefix):
        try:
            statement = sql.SQL("DROP DATABASE IF EXISTS {}")
            session.execute(statement.format(sql.Identifier(name)))
        except psycopg.errors.ObjectInUse:
            continue


def clone(session: psycopg.Connection, template: str, name: str) -> None:
    """Copy a template; the copy may lose its last moments with the machine."""
    drop(session, name)
    make = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
    session.execute(make.format(sql.Identifier(name), sql.Identifier(template)))
    fast = sql.SQL("ALTER DATABASE {} SET synchronous_commit = off")
    session.execute(fast.format(sql.Identifier(name)))
    # Grants on a database are not copied with it.
    for statement in database_statements(settings.TENANCY["ROLE_PREFIX"], name):
        session.execute(statement.encode())
