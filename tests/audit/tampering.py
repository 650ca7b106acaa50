"""What only a superuser can do to an organization's log, past grants and triggers."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection

from organizations.audit.models import AuditEntry
from organizations.audit.recording import build, record_many
from organizations.tenancy import no_context, tenant

COLUMNS = [field.column for field in AuditEntry._meta.concrete_fields]


@contextmanager
def superuser() -> Iterator[psycopg.Connection]:
    """Connect as the administrator, for whom no trigger fires in this session."""
    address = settings.TENANCY["ADMIN_URL"]
    name = connection.settings_dict["NAME"]
    with psycopg.connect(address, dbname=name, autocommit=True) as session:
        session.execute("SET session_replication_role = replica")
        yield session


def tamper(*statements: str, **values: Any) -> None:
    """Run statements as the superuser, once the log is written."""
    with superuser() as session:
        for statement in statements:
            session.execute(statement, values)


def insert_copy(place: int, **values: Any) -> None:
    """Write a copy of the entry at a place, with some columns made otherwise."""
    wanted = [str(values.get(name, f'"{name}"')) for name in COLUMNS]
    listed = ", ".join(f'"{name}"' for name in COLUMNS)
    tamper(
        f"INSERT INTO audit_auditentry ({listed}) SELECT {', '.join(wanted)}"
        f" FROM audit_auditentry WHERE sequence = {place}"
        f" AND organization_id = '{values['organization']}'"
    )


def write(cast: Any, home: str = "acme", number: int = 10) -> None:
    """Write numbered entries into an organization's log."""
    organization = getattr(cast, home)
    with no_context(), tenant(organization, cast.alice):
        record_many(
            [
                build("task.moved", organization, by=cast.bob, after={"number": one})
                for one in range(number)
            ]
        )


def inside(organization: Any, ask: Callable[[], Any]) -> Any:
    """Ask something in an organization's context."""
    with no_context(), tenant(organization):
        return ask()
