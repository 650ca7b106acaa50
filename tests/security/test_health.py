"""/healthz says the process lives, /readyz that it can work."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from config.health import expected_migrations, queue_age


@pytest.mark.django_db
def test_healthz_asks_nobody(django_assert_num_queries):
    with django_assert_num_queries(0):
        response = Client(headers={"cookie": "sessionid=" + "a" * 32}).get("/healthz")
    assert response.status_code == 200
    assert response.json() == {"status": "ok"}


@pytest.mark.django_db
def test_readyz_asks_twice_and_opens_no_session(django_assert_num_queries):
    expected_migrations()
    with django_assert_num_queries(2):
        response = Client(headers={"cookie": "sessionid=" + "a" * 32}).get("/readyz")
    assert response.status_code == 200
    assert response.json() == {
        "status": "ready",
        "problems": [],
        "queue_age_seconds": 0,
    }
    assert not response.cookies


@pytest.mark.django_db
def test_readyz_tells_of_pending_migrations():
    expected_migrations.cache_clear()
    from django.db.migrations.loader import MigrationLoader

    known = frozenset(MigrationLoader(None).graph.leaf_nodes())
    assert expected_migrations() == known
    assert ("tasks", "9999_none") not in known


@pytest.mark.django_db
def test_readyz_is_away_while_migrations_are_pending(monkeypatch):
    monkeypatch.setattr(
        "config.health.expected_migrations", lambda: frozenset({("tasks", "9999_next")})
    )
    response = Client().get("/readyz")
    assert response.status_code == 503
    assert response.json()["problems"] == ["migrations are pending"]


def defer(seconds_ago: int, scheduled: bool = False) -> None:
    """Put a job in the queue as if it had been put there a while ago."""
    at = timezone.now() - timedelta(seconds=seconds_ago)
    later = timezone.now() + timedelta(hours=1) if scheduled else None
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (task_name, queue_name, scheduled_at)"
            " VALUES ('t', 'q', %s) RETURNING id",
            [later],
        )
        (job,) = cursor.fetchone()
        cursor.execute(
            "UPDATE procrastinate_events SET at = %s WHERE job_id = %s", [at, job]
        )


@pytest.mark.django_db
def test_queue_age_is_that_of_the_oldest_due_job():
    defer(40)
    defer(90)
    defer(900, scheduled=True)
    assert 90 <= queue_age() < 100


@pytest.mark.django_db
def test_waiting_jobs_do_not_take_a_web_process_out():
    defer(86_400)
    response = Client().get("/readyz")
    assert response.status_code == 200
    assert response.json()["queue_age_seconds"] >= 86_400


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_health_is_only_read(path, method):
    response = getattr(Client(), method)(path)
    assert response.status_code == 405
    assert set(response["Allow"].split(", ")) == {"GET", "HEAD"}
