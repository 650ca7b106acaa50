"""/metrics: figures for whoever has the token, of nobody in particular."""

import asyncio
import subprocess
import sys
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import Client
from django.urls import resolve
from prometheus_client.parser import text_string_to_metric_families as parsed

from config import metrics
from organizations.tenancy import no_context, tenant
from tasks.flows import create_task

TOKEN = "t" * 40
LIST = resolve("/tasks/").view_name
BEARER = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture(autouse=True)
def _token(settings):
    settings.METRICS_TOKEN = TOKEN


def figures(**labels):
    """Return the samples of now, by name, that carry all these labels."""
    answer = Client(headers=BEARER).get("/metrics")
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/plain")
    found = {}
    for family in parsed(answer.content.decode()):
        for sample in family.samples:
            if labels.items() <= sample.labels.items():
                found[sample.name] = found.get(sample.name, 0) + sample.value
    return found


def text():
    return Client(headers=BEARER).get("/metrics").content.decode()


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer "},
        {"Authorization": TOKEN},
        {"Authorization": f"Basic {TOKEN}"},
        {"Authorization": f"Bearer {TOKEN}x"},
        {"Authorization": "Bearer é"},
    ],
)
def test_without_the_token_it_is_as_missing_as_any_address(db, headers):
    answer = Client(headers=headers).get("/metrics")
    other = Client(headers=headers).get("/nothing-here")
    assert answer.status_code == other.status_code == 404
    ids = [page["X-Request-ID"].encode() for page in (answer, other)]
    contents = [
        page.content.replace(number, b"")
        for page, number in zip((answer, other), ids, strict=True)
    ]
    assert contents[0] == contents[1]


def test_without_a_token_in_the_settings_nobody_gets_in(db, settings):
    settings.METRICS_TOKEN = ""
    answer = Client(headers={"Authorization": "Bearer "}).get("/metrics")
    assert answer.status_code == 404


def test_only_reading_is_answered(db):
    assert Client(headers=BEARER).post("/metrics").status_code == 405


def test_a_request_is_counted_with_its_route_and_statements(as_alice, settings):
    here = {"route": LIST}
    before = figures(**here)
    for _ in range(3):
        assert as_alice.get("/tasks/").status_code == 200
    after = figures(**here)
    count = "insula_request_seconds_count"
    assert after[count] - before.get(count, 0) == 3
    statements = "insula_statements_total"
    assert after[statements] - before.get(statements, 0) >= 6
    seconds = "insula_statement_seconds_total"
    assert after[seconds] > before.get(seconds, 0)


def test_nothing_is_counted_without_a_token(as_alice, settings):
    before = figures(route=LIST).get("insula_request_seconds_count", 0)
    settings.METRICS_TOKEN = ""
    as_alice.get("/tasks/")
    settings.METRICS_TOKEN = TOKEN
    assert figures(route=LIST).get("insula_request_seconds_count", 0) == before


def test_nobody_is_named(as_alice, cast):
    with no_context(), tenant(cast.acme, cast.alice):
        task = create_task(by=cast.alice, title="Canary of Acme")
    for path in (f"/tasks/{task.pk}/", "/tasks/?q=canary", f"/o/{cast.acme.slug}/"):
        as_alice.get(path)
    said = text()
    for word in (task.pk, cast.acme.pk, cast.alice.pk, cast.acme.slug, "canary"):
        assert str(word).lower() not in said.lower()


def test_strangers_make_no_new_figures(db):
    for path in ("/wp-login.php", "/a/b/c", "/.env"):
        Client().get(path)
    Client().generic("BREW", "/coffee")
    said = text()
    assert "wp-login" not in said
    assert "BREW" not in said
    assert 'method="other"' in said


def test_it_says_how_the_queue_stands(cast):
    before = figures(state="queued").get("insula_queue_jobs", 0)
    with no_context(), tenant(cast.acme, cast.alice):
        create_task(by=cast.alice, title="Tyres")
    assert figures(state="queued")["insula_queue_jobs"] > before
    now = figures()
    assert now["insula_database_up"] == 1
    assert now["insula_queue_oldest_seconds"] >= 0


def test_no_person_and_no_session_is_looked_up(as_alice, django_assert_num_queries):
    with django_assert_num_queries(2):
        as_alice.get("/metrics", headers=BEARER)


@pytest.mark.django_db(transaction=True)
def test_while_the_database_is_away_it_says_that(monkeypatch):
    Client(headers=BEARER).get("/metrics")
    connection.close()
    with monkeypatch.context() as away:
        away.setitem(connection.settings_dict, "PORT", "1")
        away.setitem(connection.settings_dict, "HOST", "127.0.0.1")
        found = figures()
    connection.close()
    assert found["insula_database_up"] == 0
    assert "insula_queue_jobs" not in found


@pytest.mark.parametrize(("error", "outcome"), [(None, "done"), (ValueError, "failed")])
def test_a_try_of_a_job_is_counted_with_what_came_of_it(db, error, outcome):
    name = f"rooms.jobs.{outcome}"
    context = SimpleNamespace(job=SimpleNamespace(task_name=name))

    async def work():
        if error:
            raise error("broken")
        return "made"

    async def run():
        return await metrics.note_job(work, context, None)

    if error:
        with pytest.raises(error):
            asyncio.run(run())
    else:
        assert asyncio.run(run()) == "made"
    found = figures(job=name, outcome=outcome)
    assert found["insula_job_seconds_count"] == 1


PROBE = """
from prometheus_client import Counter
Counter("probe", "one").inc()
"""


def test_processes_are_added_up(tmp_path, monkeypatch):
    monkeypatch.setenv(metrics.FOLDER, str(tmp_path))
    for _ in range(2):
        subprocess.run([sys.executable, "-c", PROBE], check=True)
    said = metrics.of_processes()
    assert b"probe_total 2.0" in said
