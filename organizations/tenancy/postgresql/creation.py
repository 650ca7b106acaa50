"""Test databases: made by the owner from a cached template, used as the runtime role."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.db.backends.postgresql import creation
from psycopg import sql


class DatabaseCreation(creation.DatabaseCreation):
    """Clones a template keyed by the migrations, so that a suite starts in a moment."""

    @contextmanager
    def _administrator(self) -> Iterator[psycopg.Connection]:
        owner = connections["owner"]
        owner.ensure_ready()
        params = owner.get_connection_params()
        params = {
            key: value
            for key, value in params.items()
            if key in ("host", "port", "user", "password")
        }
        with psycopg.connect(**params, dbname="postgres", autocommit=True) as session:
            yield session

    def create_test_db(
        self,
        verbosity: int = 1,
        autoclobber: bool = False,
        serialize: bool = False,
        keepdb: bool = False,
    ) -> str:
        with self._administrator() as session:
            name = self._get_test_db_name()
            self._clone(session, self._template(session), name)
        self._use(name)
        return name

    def clone_test_db(
        self, suffix: str, verbosity: int = 1, autoclobber: bool = False, **kw: Any
    ) -> None:
        with self._administrator() as session:
            name = self.get_test_db_clone_settings(suffix)["NAME"]
            self._clone(session, self._template(session), name)

    def _use(self, name: str) -> None:
        for alias in connections:
            connections[alias].close()
            connections[alias].settings_dict["NAME"] = name

    def _clone(self, session: psycopg.Connection, template: str, name: str) -> None:
        drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
        session.execute(drop.format(sql.Identifier(name)))
        make = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        session.execute(make.format(sql.Identifier(name), sql.Identifier(template)))
        # A test database may lose its last moments with the machine.
        fast = sql.SQL("ALTER DATABASE {} SET synchronous_commit = off")
        session.execute(fast.format(sql.Identifier(name)))

    def _template(self, session: psycopg.Connection) -> str:
        name = f"{self._get_test_db_name_base()}_{schema_fingerprint()}"
        session.execute("SELECT pg_advisory_lock(hashtext('insula test template'))")
        try:
            if not exists(session, name):
                self._forget_old_templates(session)
                self._build(session, name)
        finally:
            session.execute(
                "SELECT pg_advisory_unlock(hashtext('insula test template'))"
            )
        return name

    def _get_test_db_name_base(self) -> str:
        return f"tpl_{settings.TENANCY['ROLE_PREFIX']}"

    def _forget_old_templates(self, session: psycopg.Connection) -> None:
        rows = session.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE %s",
            [self._get_test_db_name_base() + r"\_%"],
        ).fetchall()
        for (old,) in rows:
            drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
            session.execute(drop.format(sql.Identifier(old)))

    def _build(self, session: psycopg.Connection, name: str) -> None:
        unfinished = f"new_{name}"
        drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
        session.execute(drop.format(sql.Identifier(unfinished)))
        session.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(
                sql.Identifier(unfinished)
            )
        )
        before = self.connection.settings_dict["NAME"]
        self._use(unfinished)
        call_command("migrate", database="owner", verbosity=0, interactive=False)
        self._use(before)
        rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
        session.execute(
            rename.format(sql.Identifier(unfinished), sql.Identifier(name))
        )

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
        if not keepdb:
            with self._administrator() as session:
                drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
                session.execute(drop.format(sql.Identifier(name)))
        if old_database_name is not None and suffix is None:
            self._use(old_database_name)


def exists(session: psycopg.Connection, name: str) -> bool:
    """Return whether the cluster has a database of this name."""
    query = "SELECT 1 FROM pg_database WHERE datname = %s"
    return session.execute(query, [name]).fetchone() is not None


def schema_fingerprint() -> str:
    """Return a digest of every migration and of the code that writes the walls."""
    digest = hashlib.sha256()
    folders = [Path(config.path) / "migrations" for config in apps.get_app_configs()]
    folders.append(Path(__file__).resolve().parent.parent)
    for folder in folders:
        for path in sorted(folder.rglob("*.py")):
            digest.update(path.name.encode() + path.read_bytes())
    for config in apps.get_app_configs():
        digest.update(config.name.encode())
        models = Path(config.path) / "models.py"
        if models.exists():
            digest.update(models.read_bytes())
    digest.update(repr(settings.TENANCY["GLOBAL_TABLES"]).encode())
    digest.update(repr(settings.TENANCY["EXTRA_SQL"]).encode())
    digest.update(settings.TENANCY["SEAL_KEY"].encode())
    return digest.hexdigest()[:16]
