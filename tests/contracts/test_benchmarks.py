"""The tables that the benchmarks fill in SQL keep pace with the migrations."""

import re

import pytest
from django.db import connection

from config import devdb
from tests.benchmarks import cpu
from tests.benchmarks.data import FEW, MANY, fill_statements, superuser

INSERTED = re.compile(r"INSERT INTO (\w+) \(([^)]+)\)")
REQUIRED = """
SELECT column_name FROM information_schema.columns
WHERE table_schema = 'public' AND table_name = %s AND is_nullable = 'NO'
  AND column_default IS NULL AND is_identity = 'NO' AND is_generated = 'NEVER'"""
TABLES = dict(INSERTED.findall("".join(fill_statements())))


@pytest.mark.skipif(not devdb.is_used(), reason="the database is not ours to watch")
def test_what_an_ended_backend_used_is_not_lost():
    before = cpu.of_database()
    with superuser("postgres") as session:
        session.execute("SELECT count(*) FROM generate_series(1, 2000000)")
        used = cpu.of_process(session.info.backend_pid)
    assert used > 0
    assert cpu.of_database() >= before + used


def test_the_databases_differ_in_the_number_of_organizations_only():
    many, few = (len(fill_statements(store)) for store in (MANY, FEW))
    assert many == few
    assert FEW.organizations * 1_000 == MANY.organizations


@pytest.mark.parametrize("table", sorted(TABLES))
def test_every_column_that_needs_a_value_gets_one(db, table):
    named = {column.strip() for column in TABLES[table].split(",")}
    with connection.cursor() as cursor:
        cursor.execute(REQUIRED, [table])
        required = {name for (name,) in cursor.fetchall()}
    assert required <= named
