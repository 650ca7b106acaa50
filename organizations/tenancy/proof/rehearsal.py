"""Breaks each wall in a transaction, looks whether the proof notices, rolls back."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from django.conf import settings
from django.db import Error, transaction

from organizations.tenancy.context import no_context
from organizations.tenancy.proof import expected, findings
from organizations.tenancy.proof.breaks import Break, planned_breaks
from organizations.tenancy.proof.expected import Expected


@dataclass(frozen=True)
class Outcome:
    """What became of one planted break."""

    planted: Break
    state: str
    detail: str = ""

    def __str__(self) -> str:
        line = f"{self.state:8}{self.planted.code} {self.planted.name}"
        return f"{line} ({self.detail})" if self.detail else line

    @property
    def is_caught(self) -> bool:
        return self.state == "caught"

    @property
    def is_missed(self) -> bool:
        return self.state == "MISSED"


def rehearse(connection: Any) -> Iterator[Outcome]:
    """Yield what became of each planted break; nothing of them stays."""
    with no_context(), transaction.atomic(using=connection.alias):
        wanted = expected(connection.cursor())
    with administrator(connection) as admin:
        for planted in planned_breaks():
            if not planted.needs_administrator:
                yield as_owner(connection, planted, wanted)
            elif admin is None:
                yield Outcome(planted, "skipped", "no administrator at hand")
            else:
                yield as_administrator(admin, planted, wanted)


@contextmanager
def administrator(connection: Any) -> Iterator[psycopg.Connection | None]:
    """Connect to the owner's database as its administrator, if there is one."""
    address = settings.TENANCY["ADMIN_URL"]
    if not address:
        yield None
        return
    with psycopg.connect(address, dbname=connection.settings_dict["NAME"]) as session:
        yield session


def as_owner(connection: Any, planted: Break, wanted: Expected) -> Outcome:
    """Plant a break on the owner's connection."""
    try:
        with no_context(), transaction.atomic(using=connection.alias):
            outcome = plant(connection.cursor(), planted, wanted)
            transaction.set_rollback(True, using=connection.alias)
    except Error as error:
        return Outcome(planted, "skipped", first_line(error))
    return outcome


def as_administrator(
    admin: psycopg.Connection, planted: Break, wanted: Expected
) -> Outcome:
    """Plant a break that only an administrator could make."""
    try:
        with admin.transaction(force_rollback=True):
            return plant(admin.cursor(), planted, wanted)
    except psycopg.Error as error:
        return Outcome(planted, "skipped", first_line(error))


def plant(cursor: Any, planted: Break, wanted: Expected) -> Outcome:
    """Make one break and ask the proof."""
    cursor.execute("SET LOCAL lock_timeout = '5s'")
    with planted.tampered():
        for statement in planted.statements:
            cursor.execute(statement)
        found = findings(cursor, wanted)
    codes = sorted({finding.code for finding in found if not finding.is_warning})
    if planted.code in codes:
        return Outcome(planted, "caught")
    return Outcome(planted, "MISSED", f"found {', '.join(codes) or 'nothing'}")


def first_line(error: Exception) -> str:
    """Return the first line of a database's complaint."""
    return str(error).strip().partition("\n")[0]
