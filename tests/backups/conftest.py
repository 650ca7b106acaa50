"""A backup of the demo story, made once, and what tests do to copies of it."""

import shutil
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import call_command
from django.db import connections
from django.test import override_settings

from accounts.sessions import SessionStore
from config.backups import making
from organizations.tenancy import identity, no_context
from organizations.tenancy.postgresql import creation
from tests.tenancy.databases import spare_database

ALIASES = ["default", "owner", "operator"]


@pytest.fixture(scope="session")
def demo(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Path:
    """A backup of the demo story, in which somebody is signed in."""
    shelf = tmp_path_factory.mktemp("shelf")
    with django_db_blocker.unblock(), spare_database(), override_settings(DEBUG=True):
        call_command("seed", stdout=StringIO())
        with no_context(), identity():
            SessionStore().save(must_create=True)
        made = making.make(shelf, 3)
        for alias in connections:
            connections[alias].close()
    return made.path


@pytest.fixture
def copy(demo: Path, tmp_path: Path) -> Path:
    """A copy of that backup, to be spoilt."""
    return Path(shutil.copytree(demo, tmp_path / demo.name))


@pytest.fixture
def unblocked(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The cluster, for a test that works on databases of its own."""
    with django_db_blocker.unblock():
        yield
        for alias in connections:
            connections[alias].close()


def run(command: str, *args: Any, **options: Any) -> str:
    said = StringIO()
    call_command(command, *args, stdout=said, **options)
    return said.getvalue()


def databases(part: str) -> list[str]:
    """Return the databases of this run's cluster that have a text in their names."""
    own = connections["owner"].settings_dict["NAME"]
    with creation.server() as session:
        return [name for name in creation.databases(session, own) if part in name]


def ask(database: str, query: str) -> list[Any]:
    """Ask a database as its owner."""
    with psycopg.connect(**creation.owner_params(), dbname=database) as session:
        return session.execute(query.encode()).fetchall()
