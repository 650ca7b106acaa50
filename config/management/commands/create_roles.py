from argparse import ArgumentParser
from typing import Any

import psycopg
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from psycopg import sql

from config import devdb, env
from organizations.tenancy.roles import (
    backup_statements,
    role_name,
    role_statements,
    superuser_statements,
)

# Which connection signs in as which role.
ALIASES = {"default": "app", "owner": "owner", "operator": "operator"}
ADMINISTRATOR = "DATABASE_ADMIN_URL"


class Command(BaseCommand):
    help = "Make the database and its roles, or print the SQL for a DBA"
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--admin-url", help=f"an administrator's address (or {ADMINISTRATOR})"
        )
        parser.add_argument("--sql", action="store_true", help="print, change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["sql"]:
            self.show()
            return
        if devdb.is_used():
            devdb.hold()
            self.stdout.write("The embedded database has its roles.")
            return
        address = options["admin_url"] or env.text(ADMINISTRATOR, "")
        if not address:
            raise CommandError(
                f"Give an administrator's address with --admin-url or {ADMINISTRATOR}, "
                "or print the SQL with --sql."
            )
        try:
            self.create(address)
        except psycopg.Error as error:
            raise CommandError(f"The roles were not made: {error}") from error

    def show(self) -> None:
        database = settings.DATABASES["default"]["NAME"]
        self.stdout.write(f'CREATE DATABASE "{database}";\n\\connect "{database}"')
        for statement in role_statements(settings.ROLE_PREFIX, database):
            self.stdout.write(f"{statement};")
        self.stdout.write("-- As a superuser, where the server allows it:")
        for statement in backup_statements(settings.ROLE_PREFIX, database):
            self.stdout.write(f"{statement};")
        for statement in superuser_statements(settings.ROLE_PREFIX):
            self.stdout.write(f"{statement};")
        self.stdout.write("-- Then give the roles that sign in their passwords:")
        for role in (*ALIASES.values(), "backup"):
            self.stdout.write(f"\\password {role_name(settings.ROLE_PREFIX, role)}")

    def create(self, address: str) -> None:
        database, passwords = settings.DATABASES["default"]["NAME"], self.passwords()
        with psycopg.connect(address, autocommit=True) as session:
            self.create_database(session, database)
        with psycopg.connect(address, autocommit=True, dbname=database) as session:
            with session.transaction():
                for statement in role_statements(
                    settings.ROLE_PREFIX, database, passwords
                ):
                    session.execute(statement.encode())
            self.harden(session)
            self.let_back_up(session, database, passwords)
        self.stdout.write(f"The roles of {database} are made; now run migrate.")

    def create_database(self, session: psycopg.Connection, database: str) -> None:
        found = session.execute(
            "SELECT 1 FROM pg_database WHERE datname = %s", [database]
        ).fetchone()
        if not found:
            name = sql.Identifier(database)
            session.execute(
                sql.SQL("CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE template0").format(
                    name
                )
            )

    def harden(self, session: psycopg.Connection) -> None:
        try:
            for statement in superuser_statements(settings.ROLE_PREFIX):
                session.execute(statement.encode())
        except psycopg.errors.InsufficientPrivilege:
            self.stderr.write(
                "The administrator is no superuser: the runtime role keeps showing its "
                "statements to itself. See `create_roles --sql`."
            )

    def let_back_up(
        self, session: psycopg.Connection, database: str, passwords: dict[str, str]
    ) -> None:
        try:
            with session.transaction():
                for statement in backup_statements(
                    settings.ROLE_PREFIX, database, passwords
                ):
                    session.execute(statement.encode())
        except psycopg.errors.InsufficientPrivilege:
            self.stderr.write(
                "The administrator may not make the role of backups, which needs "
                "BYPASSRLS. See `create_roles --sql`."
            )

    def passwords(self) -> dict[str, str]:
        found = {}
        entries = {alias: settings.DATABASES.get(alias) for alias in ALIASES}
        entries["backup"] = backup_address()
        for alias, role in {**ALIASES, "backup": "backup"}.items():
            entry = entries[alias]
            if entry is None:
                self.stderr.write(f"No address for {role}: its role gets no password.")
                continue
            expected = role_name(settings.ROLE_PREFIX, role)
            if entry["USER"] != expected:
                raise CommandError(
                    f"The {role} address signs in as {entry['USER']}, not {expected}: "
                    "correct it, or set DATABASE_ROLE_PREFIX."
                )
            if entry["PASSWORD"]:
                found[role] = entry["PASSWORD"]
        return found


def backup_address() -> dict[str, Any] | None:
    """Return the address of the role of backups, where one is given."""
    name = "DATABASE_BACKUP_URL"
    return env.database(name) if env.is_set(name) else None
