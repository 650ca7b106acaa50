"""A missing or wrong setting is one clear sentence at the start, never a traceback."""

import logging.config
import os
import runpy
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

import pytest
from django.conf import settings

PRODUCTION = {
    "DATABASE_URL": "postgres://insula_app:word@127.0.0.1/nowhere",
    "SECRET_KEY": "0123456789" * 6,
    "TENANCY_SEAL_KEY": "abcdefghij" * 6,
    "ALLOWED_HOSTS": "insula.example",
}
FOREIGN = (
    "DJANGO_",
    "DATABASE_",
    "DEBUG",
    "EMAIL_URL",
    "REDIS_URL",
    "PORT",
    "STRIPE_",
    "INSULA_",
)


def environment(changes: Mapping[str, str | None]) -> dict[str, str]:
    """Return a server's variables with some changed, and none of this machine's."""
    here = {k: v for k, v in os.environ.items() if not k.startswith(FOREIGN)}
    wanted = {**here, **PRODUCTION, **changes}
    return {name: value for name, value in wanted.items() if value is not None}


def production(monkeypatch: pytest.MonkeyPatch, **changes: str | None) -> Any:
    """Return the settings a process with these variables has."""
    with monkeypatch.context() as patch:
        patch.setattr(os, "environ", environment(changes))
        patch.setattr(logging.config, "dictConfig", lambda found: None)
        return runpy.run_path(str(settings.BASE_DIR / "config" / "settings.py"))


def run(*arguments: str, **changes: str | None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        env=environment(changes),
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        timeout=60,
    )


# cap 88
@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"SECRET_KEY": None}, "SECRET_KEY is not set: give it a text."),
        ({"SECRET_KEY": "short"}, "SECRET_KEY is too short: it needs 50"),
        ({"TENANCY_SEAL_KEY": None}, "TENANCY_SEAL_KEY is not set"),
        (
            {"TENANCY_SEAL_KEY": PRODUCTION["SECRET_KEY"]},
            "TENANCY_SEAL_KEY must differ from SECRET_KEY.",
        ),
        ({"ALLOWED_HOSTS": None}, "ALLOWED_HOSTS is not set"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS must name the hosts"),
        ({"DATABASE_URL": "mysql://a@b/c"}, "DATABASE_URL must be an address like"),
        ({"DATABASE_URL": "postgres://h"}, "DATABASE_URL must name a user"),
        ({"DATABASE_OPERATOR_URL": "nonsense"}, "DATABASE_OPERATOR_URL must be an"),
        ({"EMAIL_URL": "carrier-pigeon:"}, "EMAIL_URL must be an address like smtp"),
        ({"REDIS_URL": "localhost:6379"}, "REDIS_URL must start with one of redis://"),
        ({"CSRF_TRUSTED_ORIGINS": "a.example"}, "CSRF_TRUSTED_ORIGINS must start"),
        ({"DEBUG": "perhaps"}, "DEBUG must be true or false, but it is 'perhaps'."),
        ({"TRUSTED_PROXY_COUNT": "x"}, "TRUSTED_PROXY_COUNT must be a whole number"),
        ({"SIGNUP_MODE": "ajar"}, "SIGNUP_MODE must be one of open, domains"),
        ({"SIGNUP_MODE": "domains"}, "SIGNUP_MODE=domains and SIGNUP_DOMAINS need"),
        ({"SIGNUP_DOMAINS": "a.example"}, "SIGNUP_MODE=domains and SIGNUP_DOMAINS"),
        ({"TERMS_VERSION": "1"}, "TERMS_URL and TERMS_VERSION (40 characters or less)"),
        ({"TERMS_URL": "https://a.example"}, "TERMS_URL and TERMS_VERSION (40"),
        (
            {"TERMS_URL": "https://a.example", "TERMS_VERSION": "1" * 41},
            "TERMS_URL and TERMS_VERSION (40 characters or less) need each other",
        ),
        ({"SECRET_KEY_FILE": "/nonexistent"}, "SECRET_KEY_FILE cannot be read"),
    ],
)
def test_wrong_setting_ends_the_start_with_a_sentence(monkeypatch, changes, sentence):
    with pytest.raises(SystemExit) as ended:
        production(monkeypatch, **changes)
    assert str(ended.value).startswith(sentence)
    assert "\n" not in str(ended.value)


def test_wrong_setting_stops_every_command_without_a_traceback():
    ended = run("manage.py", "check", SECRET_KEY=None)
    assert ended.returncode == 1
    assert ended.stderr == "SECRET_KEY is not set: give it a text.\n"


def test_wrong_setting_stops_a_server_for_good():
    ended = run("-c", "import config.wsgi", SECRET_KEY=None)
    # With any other code gunicorn starts the same process over and over.
    assert ended.returncode == 3
    assert ended.stderr == "SECRET_KEY is not set: give it a text.\n"


@pytest.mark.parametrize("name", ["DATABASE_URL", "REDIS_URL", "EMAIL_URL"])
def test_wrong_address_never_repeats_its_password(monkeypatch, name):
    with pytest.raises(SystemExit) as ended:
        production(monkeypatch, **{name: "http://user:hunter2@host/d"})
    assert "hunter2" not in str(ended.value)


# cap 88
def test_deploy_check_is_clean_in_production():
    ended = run("manage.py", "check", "--deploy", "--fail-level", "WARNING")
    assert ended.returncode == 0, ended.stderr


def test_production_cookies_carry_every_flag(monkeypatch):
    found = production(monkeypatch)
    for cookie in ("SESSION", "CSRF", "LANGUAGE"):
        assert found[f"{cookie}_COOKIE_SECURE"] is True
        assert found[f"{cookie}_COOKIE_HTTPONLY"] is True
        assert found[f"{cookie}_COOKIE_SAMESITE"] == "Lax"
    assert found["SESSION_COOKIE_NAME"] == "__Host-sessionid"
    assert found["CSRF_COOKIE_NAME"] == "__Host-csrftoken"


def test_production_speaks_https_only(monkeypatch):
    found = production(monkeypatch)
    assert found["SECURE_SSL_REDIRECT"] is True
    assert found["SECURE_HSTS_SECONDS"] >= 31_536_000
    assert found["BASE_URL"] == "https://insula.example"


def test_a_private_network_may_go_without_https(monkeypatch):
    found = production(monkeypatch, HTTPS="false")
    assert found["SECURE_SSL_REDIRECT"] is False
    assert found["SESSION_COOKIE_NAME"] == "sessionid"
    assert found["BASE_URL"] == "http://insula.example"


def test_production_never_debugs_unasked(monkeypatch):
    assert production(monkeypatch)["DEBUG"] is False


# cap 88
@pytest.mark.parametrize(
    ("address", "mode"),
    [
        ("postgres://u:p@db.example/d", "verify-full"),
        ("postgres://u:p@db.example/d?sslmode=disable", "disable"),
        ("postgres://u:p@127.0.0.1/d", None),
        ("postgres://u:p@%2Frun%2Fpostgresql/d", None),
    ],
)
def test_a_database_elsewhere_must_show_its_certificate(monkeypatch, address, mode):
    options = production(monkeypatch, DATABASE_URL=address)["DATABASES"]["default"][
        "OPTIONS"
    ]
    assert options.get("sslmode") == mode
    assert options["connect_timeout"] == 10


# cap 88
def test_a_pool_is_bounded(monkeypatch):
    entry = production(monkeypatch, DATABASE_POOL="true")["DATABASES"]["default"]
    pool = {"min_size": 1, "max_size": 10, "max_idle": 30, "timeout": 10}
    assert entry["OPTIONS"]["pool"] == pool
    assert entry["CONN_MAX_AGE"] == 0


def test_connections_are_kept_and_health_checked(monkeypatch):
    entry = production(monkeypatch)["DATABASES"]["default"]
    assert entry["CONN_HEALTH_CHECKS"] is True
    assert entry["CONN_MAX_AGE"] == 60


def test_no_console_without_its_connection(monkeypatch):
    assert production(monkeypatch)["HAS_CONSOLE"] is False
    address = "postgres://insula_operator:p@127.0.0.1/d"
    assert production(monkeypatch, DATABASE_OPERATOR_URL=address)["HAS_CONSOLE"]


def test_secret_may_come_from_a_file(monkeypatch, tmp_path):
    (tmp_path / "key").write_text("f" * 50 + "\n")
    path = str(tmp_path / "key")
    found = production(monkeypatch, SECRET_KEY=None, SECRET_KEY_FILE=path)
    assert found["SECRET_KEY"] == "f" * 50
