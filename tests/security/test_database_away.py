"""While the database is away people are told to come back, not that we broke."""

from http import HTTPStatus

import psycopg
import pytest
from django.db import InterfaceError, OperationalError, ProgrammingError, connection

from config.middleware.database import AWAY, BUSY, trouble_of
from tests.security.routes import STATIC
from tests.security.wire import ask

on_the_wire = pytest.mark.django_db(transaction=True)
SESSION = {"HTTP_COOKIE": "sessionid=abcdefghijklmnopqrstuvwxyz012345"}


@pytest.fixture
def database_away(transactional_db, tmp_path):
    """Point the connection at a socket folder where nobody listens."""
    kept = {name: connection.settings_dict[name] for name in ("HOST", "PORT")}
    connection.close()
    connection.settings_dict.update(HOST=str(tmp_path), PORT="1")
    yield
    connection.close()
    connection.settings_dict.update(kept)


@pytest.fixture
def troubled_urls(settings):
    settings.ROOT_URLCONF = "tests.security.urls"


@on_the_wire
def test_session_loading_without_database_answers_503(database_away):
    answer = ask("/tasks/", **SESSION)
    assert answer.status == HTTPStatus.SERVICE_UNAVAILABLE
    assert answer.headers["Retry-After"] == "5"
    assert "Back in a moment" in answer.text
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@on_the_wire
def test_posting_without_database_answers_503(database_away):
    answer = ask("/accounts/login/", b"login=a", **SESSION)
    assert answer.status == HTTPStatus.SERVICE_UNAVAILABLE


@on_the_wire
@pytest.mark.parametrize("path", ["/healthz", STATIC])
def test_what_needs_no_database_answers_without(database_away, path):
    assert ask(path, **SESSION).status == HTTPStatus.OK


@on_the_wire
def test_readiness_says_that_the_database_is_away(database_away):
    answer = ask("/readyz", **SESSION)
    assert answer.status == HTTPStatus.SERVICE_UNAVAILABLE
    assert "the database does not answer" in answer.text


@on_the_wire
@pytest.mark.parametrize("path", ["/trouble/lost/", "/trouble/lost-while-rendering/"])
def test_lost_connection_answers_503_and_comes_back_by_itself(troubled_urls, path):
    answer = ask(path)
    assert answer.status == HTTPStatus.SERVICE_UNAVAILABLE
    assert "Back in a moment" in answer.text
    assert ask("/readyz").status == HTTPStatus.OK


@on_the_wire
def test_statement_out_of_time_answers_503_and_says_so(troubled_urls):
    answer = ask("/trouble/slow/")
    connection.close()
    assert answer.status == HTTPStatus.SERVICE_UNAVAILABLE
    assert "That took too long" in answer.text
    assert answer.headers["Retry-After"] == "5"


@on_the_wire
@pytest.mark.parametrize("path", ["/trouble/wrong/", "/trouble/broken/"])
def test_mistake_of_ours_stays_500(troubled_urls, path):
    answer = ask(path)
    assert answer.status == HTTPStatus.INTERNAL_SERVER_ERROR
    assert "Something broke on our side" in answer.text
    assert "Retry-After" not in answer.headers


def caused_by(cause, kind=OperationalError):
    exception = kind(str(cause))
    exception.__cause__ = cause
    return exception


@pytest.mark.parametrize(
    ("exception", "trouble"),
    [
        (caused_by(psycopg.OperationalError("connection refused")), AWAY),
        (caused_by(psycopg.errors.AdminShutdown()), AWAY),
        (caused_by(psycopg.errors.CrashShutdown()), AWAY),
        (caused_by(psycopg.errors.CannotConnectNow()), AWAY),
        (caused_by(psycopg.errors.TooManyConnections()), AWAY),
        (caused_by(psycopg.errors.ConnectionFailure()), AWAY),
        (caused_by(psycopg.errors.DiskFull()), AWAY),
        (InterfaceError("connection already closed"), AWAY),
        (caused_by(psycopg.errors.QueryCanceled()), BUSY),
        (caused_by(psycopg.errors.LockNotAvailable()), BUSY),
        (caused_by(psycopg.errors.DeadlockDetected()), BUSY),
        (caused_by(psycopg.errors.SerializationFailure()), BUSY),
        (InterfaceError("the cursor is closed"), None),
        (caused_by(psycopg.errors.UndefinedTable(), ProgrammingError), None),
        (caused_by(psycopg.errors.InvalidPassword()), None),
        (ZeroDivisionError(), None),
        (None, None),
    ],
)
def test_trouble_is_told_from_mistakes(exception, trouble):
    assert trouble_of(exception) is trouble
