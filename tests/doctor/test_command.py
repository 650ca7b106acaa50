"""The doctor as a process of its own, on a server that is in a bad way."""

import json
import os
import subprocess
import sys

import pytest

from config.settings import BASE_DIR

SECRET = "q7ZwR0uYp3LkMn8Bv5Cx2Sd9Gh4Jf6TaEiOQWXyz01234567890"
PASSWORD = "Tr0ub4dor-and-3"
BAD = {
    "DATABASE_URL": f"postgres://insula_app:{PASSWORD}@127.0.0.1:1/insula",
    "SECRET_KEY": SECRET,
    "TENANCY_SEAL_KEY": "insecure-" * 5,
    "ALLOWED_HOSTS": "localhost",
    "DEBUG": "true",
    "HTTPS": "false",
    "EMAIL_URL": f"smtp://post:{PASSWORD}@127.0.0.1:1",
    "STRIPE_SECRET_KEY": "sk_live_" + "q7ZwR0uY" * 4,
}


def examined(**environment):
    """Return how the command ended, and what it said."""
    keep = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, "manage.py", "doctor", "--json"],
        cwd=BASE_DIR,
        env=keep | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture(scope="module")
def bad():
    return examined(**BAD)


def test_a_database_that_is_away_is_named_with_all_that_can_be_seen(bad):
    found = json.loads(bad.stdout.splitlines()[-1])
    codes = [each["code"] for each in found["findings"]]
    assert bad.returncode == 1
    assert {"D002", "D201", "D202", "D203", "D206", "D211", "D222", "D223"} <= set(
        codes
    )
    assert all(each["mend"] for each in found["findings"])


def test_no_secret_is_printed(bad):
    said = bad.stdout + bad.stderr
    assert said
    for secret in (SECRET, PASSWORD, BAD["TENANCY_SEAL_KEY"], BAD["STRIPE_SECRET_KEY"]):
        assert secret not in said
