import base64
import hashlib
import hmac
from io import StringIO
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

import pytest
from django.core.management import CommandError, call_command

from config.devdb import cluster, life
from config.devdb.paths import Place
from config.management.commands import create_roles as command

DATABASE = "made"


def entry(role: str, password: str) -> dict[str, str]:
    return {"NAME": DATABASE, "USER": f"made_{role}", "PASSWORD": password}


@pytest.fixture
def server(here: Place, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """A server of which the settings name two roles, but which has none yet."""
    life.hold()
    databases = {"default": entry("app", "one"), "owner": entry("owner", "it's two")}
    settings = SimpleNamespace(DATABASES=databases, ROLE_PREFIX="made")
    monkeypatch.setattr(command, "settings", settings)
    monkeypatch.setenv("DATABASE_URL", "of another server")
    address = f"postgres://postgres@{quote(str(here.socket), safe='')}/postgres"
    monkeypatch.setenv(command.ADMINISTRATOR, address)
    return databases


def create_roles(**options: Any) -> tuple[str, str]:
    out, error = StringIO(), StringIO()
    call_command("create_roles", stdout=out, stderr=error, **options)
    return out.getvalue(), error.getvalue()


def rows(here: Place, database: str, query: str) -> list[tuple[object, ...]]:
    with cluster.connect(here, database) as session:
        return session.execute(query.encode()).fetchall()


def test_roles_and_database_are_made_and_made_again(
    server: dict[str, Any], here: Place
) -> None:
    for _ in range(2):
        out, error = create_roles()
        assert out == "The roles of made are made; now run migrate.\n"
        assert error == (
            "No address for operator: its role gets no password.\n"
            "No address for backup: its role gets no password.\n"
        )
    query = (
        "SELECT rolname, rolcanlogin, rolpassword IS NOT NULL FROM pg_authid "
        "WHERE rolname LIKE 'made%' ORDER BY rolname"
    )
    assert rows(here, DATABASE, query) == [
        ("made_app", True, True),
        ("made_backup", True, False),
        ("made_definer", False, False),
        ("made_operator", True, False),
        ("made_owner", True, True),
    ]


def test_owner_owns_the_database_and_strangers_may_not_connect(
    server: dict[str, Any], here: Place
) -> None:
    create_roles()
    query = (
        "SELECT pg_get_userbyid(datdba), has_database_privilege('insula_app', oid, "
        "'CONNECT') FROM pg_database WHERE datname = 'made'"
    )
    assert rows(here, "postgres", query) == [("made_owner", False)]


def test_address_of_another_role_is_refused(
    server: dict[str, Any], here: Place
) -> None:
    server["default"]["USER"] = "root"
    with pytest.raises(CommandError, match="signs in as root, not made_app"):
        create_roles()


def test_without_an_administrator_the_command_says_what_it_needs(
    server: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(command.ADMINISTRATOR)
    with pytest.raises(CommandError, match="--admin-url or DATABASE_ADMIN_URL"):
        create_roles()


def test_server_that_is_away_is_said_in_one_sentence(server: dict[str, Any]) -> None:
    with pytest.raises(CommandError, match="The roles were not made: "):
        create_roles(admin_url="postgres://postgres@127.0.0.1:1/postgres")


def test_weak_administrator_is_told_what_is_missing(
    server: dict[str, Any], monkeypatch: pytest.MonkeyPatch, here: Place
) -> None:
    create_roles()
    hardening = "ALTER ROLE made_app SET track_activities = off"
    monkeypatch.setattr(
        command, "superuser_statements", lambda prefix: ["SET ROLE made_app", hardening]
    )
    assert "no superuser" in create_roles()[1]


def test_role_of_backups_reads_everything_and_gets_its_password(
    server: dict[str, Any], monkeypatch: pytest.MonkeyPatch, here: Place
) -> None:
    address = f"postgres://made_backup:three@nowhere.example/{DATABASE}"
    monkeypatch.setenv("DATABASE_BACKUP_URL", address)
    assert "backup" not in create_roles()[1]
    query = (
        "SELECT rolbypassrls, rolsuper, rolpassword IS NOT NULL, "
        "pg_has_role(oid, 'pg_read_all_data', 'USAGE') "
        "FROM pg_authid WHERE rolname = 'made_backup'"
    )
    assert rows(here, DATABASE, query) == [(True, False, True, True)]


def test_administrator_who_may_not_make_the_role_of_backups_is_told(
    server: dict[str, Any], monkeypatch: pytest.MonkeyPatch, here: Place
) -> None:
    create_roles()
    monkeypatch.setattr(
        command,
        "backup_statements",
        lambda prefix, database, passwords: ["SET ROLE made_app", "CREATE ROLE x"],
    )
    assert "which needs BYPASSRLS" in create_roles()[1]


def test_embedded_database_needs_no_administrator(
    server: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DATABASE_URL")
    assert create_roles()[0] == "The embedded database has its roles.\n"


def test_printed_statements_run_as_they_are(
    server: dict[str, Any], here: Place
) -> None:
    printed = create_roles(sql=True)[0]
    create_roles()
    statements = [line for line in printed.splitlines() if line.endswith(";")]
    assert statements[0] == 'CREATE DATABASE "made";'
    with cluster.connect(here, DATABASE) as session:
        for statement in statements[1:]:
            session.execute(statement.encode())
    assert "one" not in printed
    assert "\\password made_app" in printed


def test_password_with_a_quote_is_the_one_that_was_given(
    server: dict[str, Any], here: Place
) -> None:
    create_roles()
    query = "SELECT rolpassword FROM pg_authid WHERE rolname = 'made_owner'"
    ((stored,),) = rows(here, DATABASE, query)
    assert str(stored).startswith("SCRAM-SHA-256$")
    assert matches(str(stored), "it's two")
    assert not matches(str(stored), "its two")


def matches(stored: str, password: str) -> bool:
    """Say whether a SCRAM verifier was made from a password."""
    _, rounds_and_salt, keys = stored.split("$")
    rounds, salt = rounds_and_salt.split(":")
    salted = hashlib.pbkdf2_hmac(
        "sha256", password.encode(), base64.b64decode(salt), int(rounds)
    )
    client_key = hmac.digest(salted, b"Client Key", "sha256")
    expected = base64.b64encode(hashlib.sha256(client_key).digest()).decode()
    return keys.split(":")[0] == expected
