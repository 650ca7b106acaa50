"""Nothing can be changed: by the database's word, whatever the code above it does."""

from contextlib import ExitStack

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import override_settings
from procrastinate.exceptions import ConnectorException

from organizations.jobs import welcome
from organizations.models import LastOrganization
from organizations.support.closed import is_refused_write
from organizations.tenancy import (
    TenancyError,
    as_user,
    identity,
    no_context,
    operator,
    tenant,
)
from organizations.tenancy import context as contexts
from organizations.tenancy.context import Context, looking_on
from organizations.tenancy.jobs import enqueue
from tasks.flows import create_task
from tasks.models import Task
from tests.queue import jobs
from tests.support.conftest import CONSOLE, recorded

pytestmark = CONSOLE
READ_ONLY, TOO_LATE = "25006", "25001"


def sql(query):
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall() if cursor.description else cursor.rowcount


def in_one(*statements):
    """Run statements in one transaction."""
    with transaction.atomic():
        return [sql(statement) for statement in statements]


def state(error):
    return error.value.__cause__.sqlstate


WRITE = "UPDATE tasks_task SET title = 'x'"
READ = "SELECT title FROM tasks_task"


@pytest.fixture
def task(cast):
    with no_context(), tenant(cast.acme, cast.alice):
        return create_task(by=cast.alice, title="Oil the gate")


def title(cast, task):
    with no_context(), tenant(cast.acme, cast.alice):
        return Task.objects.get(pk=task.pk).title


@pytest.fixture
def reading(cast):
    """The context that a view of a stay runs in."""
    with ExitStack() as stack:
        stack.enter_context(looking_on())
        stack.enter_context(tenant(cast.acme, cast.alice))
        yield


def test_a_verb_is_refused_by_the_database_and_not_by_a_view(cast, reading):
    with pytest.raises(DatabaseError) as error:
        create_task(by=cast.alice, title="Written all the same")
    assert state(error) == READ_ONLY
    assert Task.objects.count() == 0


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE tasks_task SET title = 'x'",
        "DELETE FROM tasks_task",
        "INSERT INTO labels_label SELECT * FROM labels_label",
        "WITH x AS (UPDATE tasks_task SET title = 'x' RETURNING id) SELECT * FROM x",
        "SELECT * FROM tasks_task FOR UPDATE",
        "SELECT 1; UPDATE tasks_task SET title = 'x'",
        "UPDATE accounts_user SET first_name = 'x'",
        "DELETE FROM insula_cache",
        "DELETE FROM procrastinate_jobs",
        "TRUNCATE insula_cache",
    ],
)
def test_an_injected_statement_writes_nothing(statement, cast, task, reading):
    with pytest.raises(DatabaseError) as error:
        sql(statement)
    assert state(error) in (READ_ONLY, "42501")
    assert title(cast, task) == "Oil the gate"


@pytest.mark.parametrize(
    "statement",
    [
        "SET transaction_read_only = off",
        "SET LOCAL transaction_read_only = off",
        "SET TRANSACTION READ WRITE",
        "SELECT set_config('transaction_read_only', 'off', true)",
    ],
)
def test_a_transaction_that_reads_is_not_taken_back_to_writing(
    statement, cast, task, reading
):
    with pytest.raises(DatabaseError) as error:
        sql(f"{statement}; UPDATE tasks_task SET title = 'x'")
    assert state(error) in (TOO_LATE, READ_ONLY)
    with pytest.raises(DatabaseError):
        in_one("SELECT 1", statement)
    assert title(cast, task) == "Oil the gate"


def test_a_later_transaction_begins_by_reading_as_well(cast, task, reading):
    sql("SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE")
    with pytest.raises(DatabaseError) as error:
        sql("UPDATE tasks_task SET title = 'x'")
    assert state(error) == READ_ONLY


def stolen(cast):
    """Return the parts of a seal that somebody got hold of during a stay."""
    with looking_on():
        text = Context("tenant", cast.acme, cast.alice).sql()
    return text.split("'")[1::2]


def put(parts):
    """Return the statements that put a context together by hand."""
    names = ("current_org_id", "current_user_id", "is_superadmin", "seal")
    pairs = zip(names, parts, strict=True)
    return [f"SET LOCAL app.{name} = '{value}'" for name, value in pairs]


def test_a_stolen_seal_opens_nothing_in_a_transaction_that_writes(cast, task):
    for statement in (WRITE, READ):
        with no_context(), pytest.raises(DatabaseError) as error:
            in_one(*put(stolen(cast)), statement)
        assert state(error) == READ_ONLY
    assert title(cast, task) == "Oil the gate"


def test_a_stolen_seal_entered_anew_reads_and_nothing_else(cast, task):
    words = ", ".join(f"'{part}'" for part in stolen(cast))
    entering = f"SELECT app.enter({words})"
    with no_context():
        assert in_one(entering, READ)[1] == [("Oil the gate",)]
        with pytest.raises(DatabaseError) as error:
            in_one(entering, WRITE)
    assert state(error) == READ_ONLY


@pytest.mark.parametrize("mode", ["off", "on", "identity", ""])
def test_a_stolen_seal_is_for_reading_alone(cast, task, mode):
    organization, user, _reading, seal = stolen(cast)
    entering = f"SELECT app.enter('{organization}', '{user}', '{mode}', '{seal}')"
    with no_context(), pytest.raises(DatabaseError, match="forged"):
        in_one(entering, WRITE)
    assert title(cast, task) == "Oil the gate"


def test_a_savepoint_is_no_way_back_to_writing(cast, task):
    words = ", ".join(f"'{part}'" for part in stolen(cast))
    way = (
        "SAVEPOINT before_reading",
        f"SELECT app.enter({words})",
        "ROLLBACK TO SAVEPOINT before_reading",
    )
    with no_context(), pytest.raises(DatabaseError) as error:
        in_one(*way, *put(stolen(cast)), WRITE)
    assert state(error) == READ_ONLY
    assert title(cast, task) == "Oil the gate"


@pytest.mark.parametrize(
    "inner",
    [
        lambda cast: as_user(cast.alice),
        lambda cast: identity(cast.alice),
        lambda cast: tenant(cast.acme, cast.alice),
    ],
    ids=["person", "identity", "organization"],
)
def test_no_context_inside_leads_out_of_reading(cast, reading, inner):
    with no_context(), inner(cast):
        for statement in (
            "UPDATE accounts_user SET first_name = 'x'",
            "DELETE FROM accounts_session",
        ):
            with pytest.raises(DatabaseError) as error:
                sql(statement)
            assert state(error) == READ_ONLY
        # Nor is anybody shown but the person and, inside, the colleagues.
        assert sql("SELECT count(*) FROM accounts_session") == [(0,)]


def test_there_is_no_operator_inside(cast, reading):
    with no_context(), pytest.raises(TenancyError, match="looks on"):
        with operator(cast.alice, reason="to get out"):
            pass


def test_a_job_is_not_left_behind(cast, reading):
    with pytest.raises(ConnectorException) as error:
        enqueue(welcome, user_id=str(cast.alice.pk))
    assert is_refused_write(error.value)
    assert jobs().filter(task_name__contains="welcome").count() == 0


def test_contexts_say_that_they_read(cast):
    with looking_on(cast.acme), tenant(cast.acme, cast.alice) as granted:
        assert (granted.reading, "reading" in repr(granted)) == (False, False)
        with no_context(), as_user(cast.alice) as person:
            assert (person.reading, "reading" in repr(person)) == (True, True)
        with contexts.for_the_record(), no_context(), as_user(cast.alice) as apart:
            assert not apart.reading


# cap 81
@pytest.mark.parametrize("method", ["get", "post"])
@override_settings(ROOT_URLCONF="tests.support.urls")
def test_a_page_that_asks_nobody_is_refused_by_the_database(
    method, as_staff, as_alice, cast
):
    assert getattr(as_staff, method)("/careless/").text == READ_ONLY
    with no_context(), tenant(cast.acme, cast.alice):
        assert Task.objects.count() == 0
    assert recorded(cast.acme, "task.created") == []
    # The same page, the same person, and nobody looking on.
    assert getattr(as_alice, method)("/careless/").text == "done"
    assert len(recorded(cast.acme, "task.created")) == 1


def test_a_change_is_answered_by_a_page(as_staff, cast, task):
    answer = as_staff.post(f"/tasks/{task.pk}/status/", {"status": "done"})
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "You are looking on: nothing can be changed." in page
    assert 'class="support-bar"' in page
    assert title(cast, task) == "Oil the gate"
    assert recorded(cast.acme, "task.moved") == []


def test_a_change_from_a_script_is_answered_by_a_toast(as_staff, cast, task):
    answer = as_staff.post(
        f"/tasks/{task.pk}/status/",
        {"status": "done"},
        headers={"HX-Request": "true"},
    )
    assert answer.status_code == 403
    assert "nothing can be changed" in answer["HX-Trigger"]
    assert answer.content == b""


def test_a_new_task_is_refused_as_well(as_staff, cast):
    answer = as_staff.post("/tasks/new/", {"title": "By staff", "status": "todo"})
    assert answer.status_code == 403
    with no_context(), tenant(cast.acme, cast.alice):
        assert Task.objects.count() == 0


def test_entering_by_an_address_is_remembered_for_nobody(as_staff, cast):
    assert as_staff.get("/o/acme/").status_code == 403
    with no_context(), as_user(cast.alice):
        assert not LastOrganization.objects.filter(user=cast.alice).exists()


def test_another_mistake_of_the_database_stays_one(as_staff):
    as_staff.raise_request_exception = False
    with override_settings(ROOT_URLCONF="tests.support.urls"):
        answer = as_staff.get("/broken/")
    assert answer.status_code == 500
    assert 'class="support-bar"' in answer.content.decode()
