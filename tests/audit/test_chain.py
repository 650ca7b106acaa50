"""The chain of entries: how the database makes it, whoever writes."""

import hashlib
import json
from datetime import UTC, datetime
from threading import Barrier, Thread

import psycopg
import pytest
from django.db import Error, connection, connections, transaction
from django.db.models import F

from organizations.audit.chain import CanonicalText, linking
from organizations.audit.checking import verify
from organizations.audit.models import AuditEntry, PlatformEntry
from organizations.audit.queries import insertion, plain
from organizations.audit.recording import build, record, record_many
from organizations.tenancy import no_context, operator, tenant
from tests.audit.tampering import inside, superuser, write
from tests.tenancy.attacks import sql

both = pytest.mark.django_db(databases=["default", "operator"], transaction=True)
owners = pytest.mark.django_db(
    databases=["default", "owner", "operator"], transaction=True
)


def chain(organization):
    """Return an organization's entries by their place, each with its text."""
    rows = AuditEntry.objects.annotate(text=CanonicalText(F("sequence")))
    return inside(organization, lambda: list(rows.order_by("sequence")))


def texts(organization):
    rows = AuditEntry.objects.annotate(text=CanonicalText(F("sequence")))
    return inside(
        organization, lambda: list(rows.order_by("pk").values_list("text", flat=True))
    )


def places(organization):
    return [entry.sequence for entry in chain(organization)]


# cap 71
def test_each_entry_has_the_next_place_of_its_organization(cast):
    before = len(chain(cast.acme))
    write(cast)
    assert places(cast.acme) == list(range(1, before + 11))
    assert places(cast.globex) == list(range(1, len(chain(cast.globex)) + 1))


# cap 71
def test_a_hash_covers_the_entry_and_the_hash_before_it(cast):
    write(cast)
    head = b""
    for entry in chain(cast.acme):
        head = hashlib.sha256(head + entry.text.encode()).digest()
        assert bytes(entry.hash) == head


def test_the_text_holds_every_column_but_the_hash(cast):
    write(cast, number=1)
    text = json.loads(chain(cast.acme)[-1].text)
    columns = {field.column for field in AuditEntry._meta.concrete_fields}
    assert set(text) == columns - {"hash"}


def test_the_text_says_what_the_row_says(cast):
    moment = datetime(2026, 3, 29, 0, 59, 59, 123456, UTC)
    with no_context(), tenant(cast.acme, cast.alice):
        entry = build("a.b", by=cast.bob, before={"ä": [1, None]}, after={"x": "☃"})
        entry.created_at, entry.address = moment, "2001:db8::1"
        entry.save(force_insert=True)
    text = json.loads(chain(cast.acme)[-1].text)
    assert text["created_at"] == "2026-03-29T00:59:59.123456Z"
    assert (text["before"], text["after"]) == ({"ä": [1, None]}, {"x": "☃"})
    assert text["address"] == "2001:db8::1"
    assert text["organization_id"] == str(cast.acme.pk)
    assert text["actor_id"] == str(cast.bob.pk)
    assert text["impersonator_id"] is None


@pytest.mark.parametrize(
    "setting",
    [
        "SET LOCAL TimeZone = 'Asia/Kathmandu'",
        "SET LOCAL bytea_output = 'escape'",
        "SET LOCAL extra_float_digits = -10",
        "SET LOCAL IntervalStyle = 'sql_standard'",
        "SET LOCAL lc_time = 'C'",
    ],
)
def test_the_text_is_the_same_whatever_the_session_prefers(cast, setting):
    write(cast, number=2)
    before = texts(cast.acme)
    sql(setting)
    assert texts(cast.acme) == before
    write(cast, number=1)
    sql("RESET ALL")
    assert inside(cast.acme, lambda: verify(cast.acme.pk)).problem is None


def test_one_statement_chains_all_its_rows(cast, django_assert_num_queries):
    with no_context(), tenant(cast.acme):
        several = [build("task.moved", cast.acme) for _number in range(50)]
        with django_assert_num_queries(1):
            record_many(several)
    wanted = [entry.pk for entry in several]
    assert [entry.pk for entry in chain(cast.acme)][-50:] == wanted
    assert inside(cast.acme, lambda: verify(cast.acme.pk)).problem is None


def test_what_a_writer_says_of_place_and_hash_is_not_believed(cast):
    with no_context(), tenant(cast.acme):
        entry = build("a.b")
        entry.sequence, entry.hash = 4711, b"x"
        entry.save(force_insert=True)
    last = chain(cast.acme)[-1]
    assert (last.pk, last.sequence) == (entry.pk, len(chain(cast.acme)))
    assert inside(cast.acme, lambda: verify(cast.acme.pk)).problem is None


def test_place_and_hash_are_read_on_demand(cast):
    with no_context(), tenant(cast.acme):
        entry = record("a.happened", cast.acme)
        assert entry.sequence == AuditEntry.objects.count()
        assert len(bytes(entry.hash)) == 32


def test_what_is_taken_back_leaves_no_gap(cast):
    with no_context(), tenant(cast.acme):
        for undone in (True, False):
            with transaction.atomic():
                record("a.happened")
                transaction.set_rollback(undone)
    assert places(cast.acme) == list(range(1, len(chain(cast.acme)) + 1))


def test_another_organizations_chain_cannot_be_read_or_lengthened(cast):
    sql_text, names = insertion(AuditEntry)
    with no_context(), tenant(cast.acme):
        entry = build("a.b", cast.globex)
        values = [plain(getattr(entry, name)) for name in names]
        with pytest.raises(Error, match="row-level security"), transaction.atomic():
            connection.cursor().execute(sql_text, values)
    assert inside(cast.globex, lambda: verify(cast.globex.pk)).problem is None


def test_the_chains_functions_run_with_their_callers_rights(db):
    rows = sql(
        "SELECT proname::text, prosecdef FROM pg_proc"
        " WHERE proname IN ('audit_text', 'audit_chain')"
    )
    assert sorted(rows) == [("audit_chain", False), ("audit_text", False)]


def test_the_platforms_entries_are_no_chain():
    names = {field.name for field in PlatformEntry._meta.fields}
    assert not names & {"sequence", "hash"}


@both
def test_staff_write_into_the_same_chain(cast):
    write(cast, number=2)
    with no_context(), operator(cast.olga, "test"):
        record("organization.suspended", cast.acme, by=cast.olga)
        record("organization.suspended", cast.globex, by=cast.olga)
    write(cast, number=2)
    last = chain(cast.acme)[-3]
    assert (last.actor_type, last.action) == ("operator", "organization.suspended")
    for organization in (cast.acme, cast.globex):
        assert (
            inside(organization, lambda it=organization: verify(it.pk)).problem is None
        )


@both
def test_many_writers_at_once_make_one_chain(cast):
    gate, problems = Barrier(6), []

    def run():
        gate.wait()
        try:
            for _turn in range(10):
                write(cast, number=3)
        except Exception as problem:
            problems.append(problem)
        finally:
            connection.close()

    before = len(chain(cast.acme))
    writers = [Thread(target=run) for _number in range(6)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert problems == []
    assert places(cast.acme) == list(range(1, before + 181))
    assert inside(cast.acme, lambda: verify(cast.acme.pk)).problem is None


@owners
def test_entries_from_before_the_chain_are_chained_by_the_migration(cast):
    write(cast, number=5)
    with superuser() as session:
        session.execute(
            "ALTER TABLE audit_auditentry DROP CONSTRAINT audit_entry_place"
        )
        session.execute("UPDATE audit_auditentry SET sequence = 0, hash = ''")
        assert inside(cast.acme, lambda: verify(cast.acme.pk)).problem is not None
        with no_context(), operator(None, "test"), transaction.atomic(using="owner"):
            with connections["owner"].cursor() as cursor:
                for statement in linking():
                    cursor.execute(statement)
        session.execute(
            "ALTER TABLE audit_auditentry ADD CONSTRAINT audit_entry_place"
            " UNIQUE (organization_id, sequence)"
        )
    for organization in (cast.acme, cast.globex):
        assert (
            inside(organization, lambda it=organization: verify(it.pk)).problem is None
        )
    by_time = inside(
        cast.acme, lambda: list(AuditEntry.objects.order_by("created_at", "pk"))
    )
    assert [entry.sequence for entry in by_time] == places(cast.acme)


@owners
def test_the_migration_leaves_the_log_append_only(cast):
    with no_context(), operator(None, "test"), transaction.atomic(using="owner"):
        with connections["owner"].cursor() as cursor:
            for statement in linking():
                cursor.execute(statement)
    with superuser() as session:
        session.execute("SET session_replication_role = DEFAULT")
        with pytest.raises(psycopg.Error, match="append-only"):
            session.execute("UPDATE audit_auditentry SET action = 'x'")
