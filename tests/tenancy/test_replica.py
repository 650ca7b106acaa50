"""Pages that only read go to the standby, and nothing that was just written does."""

import pytest
from django.db import connections, router, transaction
from django.test import Client

from config.middleware.replica import COOKIE
from organizations.tenancy import no_context, operator, replica, tenant
from organizations.tenancy.replica import PRIMARY, REPLICA, from_replica, reading
from tasks.flows import create_task
from tasks.models import Task

pytestmark = pytest.mark.django_db(
    transaction=True, databases=["default", "operator", "replica"]
)
NEW = {"title": "Tyres", "status": "todo", "priority": "3"}


@pytest.fixture(scope="module", autouse=True)
def _way(django_db_setup):
    """A second way to the same database that can only read: it stands in for a server
    that follows another one."""
    entry = dict(connections.settings[PRIMARY])
    entry["OPTIONS"] = {
        **entry["OPTIONS"],
        "options": "-c default_transaction_read_only=on",
    }
    # Directly: a pooler between would not take the option.
    direct = connections.settings["owner"]
    entry |= {"HOST": direct["HOST"], "PORT": direct["PORT"]}
    entry["TEST"] = {**entry["TEST"], "MIRROR": PRIMARY}
    connections.settings[REPLICA] = entry
    yield
    connections[REPLICA].close()
    del connections[REPLICA]
    del connections.settings[REPLICA]


@pytest.fixture
def standby(cast, settings):
    """What the standby is asked, which is found near enough."""
    settings.HAS_REPLICA = True
    asked = []

    def count(execute, sql, params, many, context):
        asked.append(sql)
        return execute(sql, params, many, context)

    before = (replica.health.is_fine, replica.health.until)
    replica.health.is_fine, replica.health.until = True, float("inf")
    port = connections[REPLICA].settings_dict["PORT"]
    with connections[REPLICA].execute_wrapper(count):
        yield asked
    connections[REPLICA].settings_dict["PORT"] = port
    replica.health.is_fine, replica.health.until = before


@pytest.mark.parametrize("path", ["/tasks/", "/tasks/board/", "/inbox/"])
def test_a_page_is_read_from_the_standby(standby, as_alice, path):
    assert as_alice.get(path).status_code == 200
    assert standby


def test_a_task_is_shown_from_there_inside_its_walls(standby, cast, as_alice, as_bob):
    with no_context(), tenant(cast.acme, cast.alice):
        task = create_task(by=cast.alice, title="Oil the gate")
    assert "Oil the gate" in as_alice.get(f"/tasks/{task.pk}/").text
    assert standby
    charlie = Client()
    assert charlie.get(f"/tasks/{task.pk}/").status_code in {302, 404}


def test_another_organization_sees_nothing_of_it(standby, cast, as_charlie):
    with no_context(), tenant(cast.acme, cast.alice):
        task = create_task(by=cast.alice, title="Oil the gate")
    assert as_charlie.get(f"/tasks/{task.pk}/").status_code == 404
    assert "Oil the gate" not in as_charlie.get("/tasks/").text
    assert standby
    with no_context(), from_replica(), tenant(cast.globex, cast.charlie):
        assert not Task.objects.filter(pk=task.pk).exists()
    with no_context(), from_replica(), tenant(cast.acme, cast.alice):
        assert Task.objects.filter(pk=task.pk).exists()


def test_whoever_has_just_written_reads_from_the_primary(standby, as_alice, settings):
    answer = as_alice.post("/tasks/new/", NEW)
    assert answer.status_code == 302
    mark = answer.cookies[COOKIE]
    assert mark["max-age"] == settings.REPLICA_GRACE_SECONDS
    assert (mark["httponly"], mark["samesite"]) == (True, "Lax")
    standby.clear()
    assert "Tyres" in as_alice.get("/tasks/").text
    assert standby == []
    del as_alice.cookies[COOKIE]
    as_alice.get("/tasks/")
    assert standby


def test_nothing_is_written_there(standby, as_alice):
    assert as_alice.post("/tasks/new/", NEW).status_code == 302
    assert standby == []


def test_staff_and_guests_read_from_the_primary(standby, as_olga):
    as_olga.get("/tasks/")
    Client().get("/accounts/login/")
    assert standby == []


def test_within_a_transaction_everything_is_asked_of_the_primary(standby, cast):
    with no_context(), tenant(cast.acme, cast.alice), from_replica():
        assert reading() == REPLICA
        with transaction.atomic():
            assert reading() == PRIMARY
            assert router.db_for_read(Task) == PRIMARY
        assert router.db_for_read(Task) == REPLICA
        assert router.db_for_write(Task) == PRIMARY


def test_staff_stay_on_their_own_connection(standby, cast):
    with no_context(), operator(cast.olga, reason="test"), from_replica():
        assert router.db_for_read(Task) == "operator"
        assert router.db_for_write(Task) == "operator"


def test_what_was_read_there_is_saved_in_the_right_place(standby, cast):
    with no_context(), tenant(cast.acme, cast.alice):
        made = create_task(by=cast.alice, title="Oil the gate")
        with from_replica():
            task = Task.objects.get(pk=made.pk)
            assert task._state.db == REPLICA
            task.title = "Oil both gates"
            task.save(update_fields=["title"])
        assert Task.objects.get(pk=made.pk).title == "Oil both gates"


def test_a_server_that_follows_nobody_is_no_standby(standby, cast):
    replica.health.until = 0.0
    with from_replica() as is_open:
        assert not is_open
        assert reading() == PRIMARY
    assert any("pg_is_in_recovery" in sql for sql in standby)


def test_one_that_is_away_is_left_alone_and_pages_go_on(standby, as_alice):
    connections[REPLICA].close()
    connections[REPLICA].settings_dict["PORT"] = "1"
    replica.health.until = 0.0
    assert as_alice.get("/tasks/").status_code == 200
    assert not replica.health.is_fine
    until = replica.health.until
    assert as_alice.get("/tasks/").status_code == 200
    assert replica.health.until == until


def test_without_one_nobody_is_marked(cast, as_alice):
    assert COOKIE not in as_alice.post("/tasks/new/", NEW).cookies
