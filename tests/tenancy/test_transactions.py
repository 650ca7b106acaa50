"""The context in the database: transactions, savepoints, threads and streams."""

import asyncio
import os
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context

import pytest
from asgiref.sync import sync_to_async
from django.db import (
    DatabaseError,
    ProgrammingError,
    connection,
    connections,
    transaction,
)
from django.http import StreamingHttpResponse
from psycopg.sql import SQL

from organizations.middleware import OrganizationMiddleware
from organizations.tenancy import (
    CrossTenant,
    NoTenant,
    bind,
    no_context,
    operator,
    tenant,
)
from organizations.tenancy.context import Context, enter
from tests.lab.models import Item
from tests.tenancy.attacks import sql
from tests.tenancy.conftest import furnish

TITLES = "SELECT title FROM lab_item ORDER BY title"
OURS, THEIRS = [("item of ours",)], [("item of theirs",)]


@pytest.fixture
def committed(transactional_db):
    """Both organizations, their rows committed: statements run in autocommit."""
    return furnish("ours"), furnish("theirs")


def test_leaving_a_context_inside_a_transaction_clears_it(ours, theirs):
    with tenant(ours.organization):
        assert sql(TITLES) == OURS
    assert sql(TITLES) == []
    with tenant(theirs.organization):
        assert sql(TITLES) == THEIRS


def test_a_rolled_back_savepoint_gets_its_context_told_again(ours, theirs):
    with tenant(ours.organization):
        with transaction.atomic():
            with no_context(), tenant(theirs.organization):
                assert sql(TITLES) == THEIRS
            transaction.set_rollback(True)
        assert sql(TITLES) == OURS


def test_a_savepoint_of_another_context_does_not_bring_it_back(ours, theirs):
    # The first statement in our context is the rollback itself: what it was told
    # goes with the savepoint, and the settings are theirs again.
    with tenant(theirs.organization):
        savepoint = transaction.savepoint()
        assert sql(TITLES) == THEIRS
        inner = transaction.savepoint()
    with tenant(ours.organization):
        transaction.savepoint_rollback(inner)
        assert sql(TITLES) == OURS
        transaction.savepoint_rollback(savepoint)
        assert sql(TITLES) == OURS


@pytest.mark.parametrize(
    "word", ["ROLLBACK TO", "rollback to savepoint", "Rollback\nTo"]
)
def test_a_rollback_by_hand_is_noticed(word, ours, theirs):
    with tenant(theirs.organization):
        sql("SAVEPOINT by_hand")
    with tenant(ours.organization):
        sql(f"{word} by_hand")
        assert sql(TITLES) == OURS


def test_a_failed_statement_leaves_the_context_right(ours, theirs):
    with tenant(ours.organization):
        for _ in range(2):
            with pytest.raises(DatabaseError), transaction.atomic():
                sql("SELECT 1/0")
            assert sql(TITLES) == OURS
    with tenant(theirs.organization):
        assert sql(TITLES) == THEIRS


def test_an_aborted_transaction_takes_only_its_end(ours):
    with (
        tenant(ours.organization),
        pytest.raises(ProgrammingError, match="does not exist"),
        transaction.atomic(),
    ):
        sql("SELECT * FROM no_such_table")
    with tenant(ours.organization):
        assert sql(TITLES) == OURS


def test_context_carried_by_bytes_and_composed_statements(ours):
    with tenant(ours.organization), connection.cursor() as cursor:
        for query in (TITLES.encode(), SQL(TITLES)):
            assert cursor.cursor.execute(query).fetchall() == OURS
            with no_context():
                assert cursor.cursor.execute(query).fetchall() == []


@pytest.mark.parametrize(
    "call",
    [
        lambda cursor: cursor.executemany("SELECT %s", [("x",)]),
        lambda cursor: cursor.cursor.copy("COPY lab_item TO STDOUT"),
        lambda cursor: list(cursor.cursor.stream(TITLES)),
    ],
    ids=["executemany", "COPY", "stream"],
)
def test_what_cannot_carry_a_context_is_refused_in_autocommit(call, committed):
    ours, _ = committed
    with (
        tenant(ours.organization),
        connection.cursor() as cursor,
        pytest.raises(NoTenant),
    ):
        call(cursor)


def test_executemany_in_a_transaction_changes_our_rows_only(committed):
    ours, theirs = committed
    with tenant(ours.organization), transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany("UPDATE lab_item SET title = %s", [("x",), ("y",)])
    with tenant(ours.organization):
        assert Item.objects.get().title == "y"
    with tenant(theirs.organization):
        assert Item.objects.get().title == "item of theirs"


def test_copy_and_stream_in_a_transaction_follow_the_context(ours, theirs):
    with connection.cursor() as cursor:
        for where, title in ((ours, "item of ours"), (theirs, "item of theirs")):
            with tenant(where.organization):
                assert list(cursor.cursor.stream(TITLES)) == [(title,)]
                with cursor.cursor.copy(f"COPY ({TITLES}) TO STDOUT") as copy:
                    assert list(copy.rows()) == [(title,)]


def test_named_cursors_are_refused(ours):
    with tenant(ours.organization):
        assert len(list(Item.objects.iterator(chunk_size=1))) == 1
        with pytest.raises(NoTenant):
            connection.connection.cursor(name="named")


def test_nothing_is_left_on_a_connection_in_autocommit(committed):
    ours, theirs = committed
    with tenant(ours.organization):
        assert sql(TITLES) == OURS
    assert sql("SELECT coalesce(current_setting('app.seal', true), '')") == [("",)]
    assert sql(TITLES) == []
    with tenant(theirs.organization), transaction.atomic():
        assert sql(TITLES) == THEIRS
    assert sql(TITLES) == []


@pytest.mark.django_db(transaction=True, databases=["default", "owner", "operator"])
def test_statements_that_must_stand_alone_do():
    with operator(None, "test"), connections["owner"].cursor() as cursor:
        cursor.execute("CREATE INDEX CONCURRENTLY alone ON lab_item (title)")
        cursor.execute(" drop index concurrently alone")
        cursor.execute("VACUUM lab_item")


def test_threads_begin_without_a_context(ours):
    with (
        tenant(ours.organization),
        ThreadPoolExecutor(1) as pool,
        pytest.raises(NoTenant),
    ):
        pool.submit(Item.objects.count).result()


def test_threads_of_two_organizations_never_meet(committed):
    seen = {}

    def work(where):
        with tenant(where.organization):
            rows = [sql(TITLES) for _ in range(20)]
        seen[where.item.title] = {title for ((title,),) in rows}
        connection.close()

    threads = [threading.Thread(target=work, args=(where,)) for where in committed]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == {title: {title} for title in ("item of ours", "item of theirs")}


def test_a_thread_may_take_its_context_along(committed):
    ours, _ = committed

    def work():
        try:
            return sql(TITLES)
        finally:
            connection.close()

    with tenant(ours.organization), ThreadPoolExecutor(1) as pool:
        assert pool.submit(copy_context().run, work).result() == OURS


def test_coroutines_of_two_organizations_never_meet(committed):
    async def titles(where):
        with tenant(where.organization):
            await asyncio.sleep(0)
            return [item.title async for item in Item.objects.all()]

    async def all_of_them():
        found = await asyncio.gather(*[titles(where) for where in committed * 10])
        await sync_to_async(connections.close_all)()
        return found

    assert asyncio.run(all_of_them()) == [["item of ours"], ["item of theirs"]] * 10


def test_a_stream_keeps_its_context_after_the_view_left_it(rf, ours, theirs):
    def view(request):
        return StreamingHttpResponse(item.title for item in Item.objects.all())

    answers = []
    for where in (ours, theirs):
        request = rf.get("/")
        request.user = where.user
        request.session = {"organization": str(where.id)}
        answers.append(OrganizationMiddleware(view)(request))
    bodies = [b"".join(answer.streaming_content) for answer in answers]
    assert bodies == [b"item of ours", b"item of theirs"]


def test_a_stream_of_somebody_elses_organization_is_refused(rf, ours, theirs):
    request = rf.get("/")
    request.user, request.session = ours.user, {"organization": str(theirs.id)}
    answer = OrganizationMiddleware(
        lambda request: StreamingHttpResponse(str(Item.objects.count()) for _ in "x")
    )(request)
    with pytest.raises(NoTenant):
        b"".join(answer.streaming_content)


def test_a_bound_stream_is_closed_inside_its_context(ours):
    closed = []

    def items():
        try:
            yield from range(3)
        finally:
            closed.append(sql(TITLES))

    stream = bind(Context("tenant", ours.organization), items())
    assert next(stream) == 0
    stream.close()
    assert closed == [OURS]


def test_a_queryset_belongs_to_the_context_it_is_read_in(ours, theirs):
    with tenant(ours.organization):
        rows = Item.objects.all()
    with pytest.raises(NoTenant):
        list(rows)
    with tenant(theirs.organization):
        assert list(rows) == [theirs.item]


def test_entering_another_organization_inside_one_is_refused(ours, theirs):
    with tenant(ours.organization):
        with pytest.raises(CrossTenant):
            tenant(theirs.organization)
        with tenant(ours.organization), no_context(), tenant(theirs.organization):
            assert sql(TITLES) == THEIRS
        assert sql(TITLES) == OURS


def test_contexts_left_in_another_order_still_tell_the_truth(ours, theirs):
    ours_context = enter(Context("tenant", ours.id))
    theirs_context = enter(Context("tenant", theirs.id))
    ours_context.__enter__()
    assert sql(TITLES) == OURS
    theirs_context.__enter__()
    assert sql(TITLES) == THEIRS
    theirs_context.__exit__(None, None, None)
    assert sql(TITLES) == OURS
    ours_context.__exit__(None, None, None)
    assert sql(TITLES) == []


def test_a_line_that_was_cut_is_noticed(db: None) -> None:
    probe = connection.copy("probe")
    assert not probe.is_usable()
    probe.connect()
    try:
        assert probe.is_usable()
        with socket.socket(fileno=os.dup(probe.connection.fileno())) as line:
            line.shutdown(socket.SHUT_RDWR)
        assert not probe.is_usable()
    finally:
        probe.close()
