"""A process that could see past the policies does not serve."""

import os
import subprocess
import sys

import psycopg
import pytest
from django.conf import settings
from django.core.checks import run_checks
from django.db import connections
from django.db.backends.signals import connection_created
from django.db.utils import OperationalError

from config.settings import BASE_DIR
from organizations.tenancy import checks, startup

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])

SERVE = """
import django
from django.conf import settings
django.setup()
settings.TENANCY["EXAMINE_AT_START"] = True
settings.DATABASES["default"].update(USER={user!r}, NAME={name!r})
from organizations.tenancy import startup
startup.guard()
print("serving")
"""


def serve(user):
    name = connections["default"].settings_dict["NAME"]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    return subprocess.run(
        [sys.executable, "-c", SERVE.format(user=user, name=name)],
        cwd=BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_the_runtime_role_serves():
    ended = serve("insula_app")
    assert (ended.returncode, ended.stdout) == (0, "serving\n")


def test_the_owner_does_not_serve_and_says_why_in_one_sentence():
    ended = serve("insula_owner")
    assert ended.returncode == startup.BOOT_ERROR
    assert ended.stdout == ""
    sentences = [line for line in ended.stderr.splitlines() if line]
    assert len(sentences) == 1
    assert "insula_owner owns tables" in sentences[0]


def powers_of(role, prepared="SELECT 1"):
    """Ask as another role, inside a transaction of the administrator's."""
    alias = connections["default"]
    with psycopg.connect(
        settings.TENANCY["ADMIN_URL"], dbname=alias.settings_dict["NAME"]
    ) as admin:
        admin.execute(prepared)
        admin.execute(f"SET SESSION AUTHORIZATION {role}")
        rows = admin.execute(startup.POWERS).fetchall()
        admin.rollback()
    return rows


@pytest.mark.parametrize(
    ("role", "prepared", "powers"),
    [
        ("insula_app", "SELECT 1", {("insula_app", False, False, False)}),
        ("insula_owner", "SELECT 1", {("insula_owner", False, False, True)}),
        (
            "insula_app",
            "ALTER ROLE insula_app BYPASSRLS",
            {("insula_app", False, True, False)},
        ),
        (
            "insula_app",
            "GRANT insula_operator TO insula_app",
            {
                ("insula_app", False, False, False),
                ("insula_operator", False, False, False),
            },
        ),
        (
            "insula_app",
            "GRANT insula_owner TO insula_operator; GRANT insula_operator TO insula_app",
            {
                ("insula_app", False, False, False),
                ("insula_operator", False, False, False),
                ("insula_owner", False, False, True),
            },
        ),
    ],
    ids=["as it should be", "owner", "bypasses", "member", "member of a member"],
)
def test_powers_of_a_role_are_seen(role, prepared, powers):
    found = {
        (name, is_super, bypasses, owns)
        for name, _, is_super, bypasses, owns in powers_of(role, prepared)
        if name != "insula_definer"
    }
    assert found == powers


class Session:
    """A connection that answers with given powers and a given server."""

    alias = "default"

    def __init__(self, rows, version=180000):
        self.rows, self.closed = rows, False
        self.connection = self
        self.info = type("Info", (), {"server_version": version})

    def cursor(self):
        return self

    def __enter__(self):
        return self

    def __exit__(self, *args):
        return None

    def execute(self, query):
        assert query == startup.POWERS

    def fetchall(self):
        return self.rows

    def close(self):
        self.closed = True


GOOD = ("insula_app", True, False, False, False)


@pytest.mark.parametrize(
    ("rows", "version", "said"),
    [
        ([GOOD], 180000, ""),
        ([("root", True, True, False, False)], 180000, "root is a superuser"),
        ([("app", True, False, True, False)], 180000, "app has BYPASSRLS"),
        ([("app", True, False, False, True)], 180000, "app owns tables"),
        ([GOOD, ("boss", False, False, False, False)], 180000, "a member of boss"),
        ([GOOD], 150013, "PostgreSQL 15.13 has known holes"),
        ([GOOD], 140000, "PostgreSQL 14.0 has known holes"),
    ],
)
def test_a_refusal_is_one_sentence(rows, version, said):
    sentence = startup.refusal(Session(rows, version))
    assert said in sentence
    assert bool(sentence) is bool(said)


def test_the_first_runtime_connection_is_examined_and_closed_when_too_mighty():
    mighty = Session([("root", True, True, False, False)])
    with pytest.raises(startup.UnsafeConnection, match="superuser"):
        startup.examine(None, mighty)
    assert mighty.closed


def test_other_connections_are_not_examined():
    owner = Session([("root", True, True, False, False)])
    owner.alias = "owner"
    startup.examine(None, owner)
    assert not owner.closed


def test_while_the_database_is_away_the_examination_waits(monkeypatch, settings):
    settings.TENANCY = {**settings.TENANCY, "EXAMINE_AT_START": True}

    def away():
        raise OperationalError("away")

    with monkeypatch.context() as patch:
        patch.setattr(connections["default"], "ensure_connection", away)
        startup.guard()
    try:
        assert connection_created.disconnect(startup.examine)
    finally:
        connection_created.disconnect(startup.examine)


def test_the_system_check_asks_the_runtime_connection_only():
    assert checks.check_runtime_role(None, databases=["owner"]) == []
    assert checks.check_runtime_role(None, databases=None) == []
    assert checks.check_runtime_role(None, databases=["default"]) == []


def test_the_system_check_refuses_a_mighty_role(monkeypatch):
    monkeypatch.setattr(checks, "refusal", lambda connection: "Not serving: because.")
    [error] = run_checks(tags=["database"], databases=["default"])
    assert (error.id, error.msg) == ("tenancy.E004", "Not serving: because.")


@pytest.mark.parametrize(
    ("option", "code"),
    [
        ({"DISABLE_SERVER_SIDE_CURSORS": False}, "tenancy.E001"),
        ({"OPTIONS": {"server_side_binding": True}}, "tenancy.E002"),
        ({"OPTIONS": {"assume_role": "insula_owner"}}, "tenancy.E003"),
    ],
)
def test_settings_that_lose_the_context_are_refused(option, code, monkeypatch):
    monkeypatch.setitem(
        settings.DATABASES, "default", {**settings.DATABASES["default"], **option}
    )
    assert [error.id for error in checks.check_cursor_protocol(None)] == [code]
