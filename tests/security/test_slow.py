"""Slow statements are logged: which, how slow, of whom, and nothing of what was in them."""

import pytest
from django.db import DataError, connection

from organizations.tenancy import no_context, tenant
from tasks.models import Task

WAIT = "SELECT pg_sleep(0.02), %s"


@pytest.fixture
def logged(caplog):
    """Return a call that gives the lines of slow statements, and forgets them."""

    def read():
        found = [line.msg for line in caplog.records if line.name == "insula.slow"]
        caplog.clear()
        return found

    return read


@pytest.fixture
def lines(settings, db, logged):
    """Return a call that runs a statement and gives what was logged of it."""

    def run(limit, *, sql=WAIT, values=("a canary",)):
        logged()
        settings.SLOW_STATEMENT_MS = limit
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
        settings.SLOW_STATEMENT_MS = 0
        return logged()

    return run


def test_a_slow_statement_leaves_one_line_without_its_values(lines):
    (line,) = lines(10)
    assert line["event"] == "statement.slow"
    assert line["level"] == "warning"
    assert line["ms"] >= 20
    assert line["connection"] == "default"
    assert line["sql"] == WAIT
    assert "canary" not in str(line)


def test_a_quick_one_leaves_none(lines):
    assert lines(5_000) == []


def test_with_a_limit_of_nought_nothing_is_logged(lines):
    assert lines(0) == []


def test_a_long_statement_is_cut_and_stands_on_one_line(lines):
    text = "SELECT pg_sleep(0.02)\n, %s" + " -- and more" * 500
    (line,) = lines(10, sql=text)
    assert len(line["sql"]) == 2_000
    assert "\n" not in line["sql"]


def test_one_that_fails_slowly_is_logged_as_well(lines, settings, logged):
    settings.SLOW_STATEMENT_MS = 10
    with connection.cursor() as cursor:
        with pytest.raises(DataError, match="division by zero"):
            cursor.execute("SELECT 1 / (pg_sleep(0.02)::text = 'x')::int")
    assert [line["event"] for line in logged()] == ["statement.slow"]


def test_the_seal_of_a_context_is_never_in_it(lines, cast, settings, logged):
    settings.SLOW_STATEMENT_MS = 0.000_1
    with no_context(), tenant(cast.acme, cast.alice):
        list(Task.objects.all())
    (line,) = logged()
    assert "tasks_task" in line["sql"]
    assert "app.enter" not in line["sql"]


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_was_lost_is_watched_once(lines):
    connection.close()
    assert len(lines(10)) == 1
    connection.close()
    assert len(lines(10)) == 1
