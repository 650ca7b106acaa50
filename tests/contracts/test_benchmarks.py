"""The tables that the benchmarks fill in SQL keep pace with the migrations."""

import re

import pytest
from django.db import connection

from tests.benchmarks.data import fill_statements

INSERTED = re.compile(r"INSERT INTO (\w+) \(([^)]+)\)")
REQUIRED = """
SELECT column_name FROM information_schema.columns
WHERE table_schema = 'public' AND table_name = %s AND is_nullable = 'NO'
  AND column_default IS NULL AND is_identity = 'NO' AND is_generated = 'NEVER'"""
TABLES = dict(INSERTED.findall("".join(fill_statements())))


@pytest.mark.parametrize("table", sorted(TABLES))
def test_every_column_that_needs_a_value_gets_one(db, table):
    named = {column.strip() for column in TABLES[table].split(",")}
    with connection.cursor() as cursor:
        cursor.execute(REQUIRED, [table])
        required = {name for (name,) in cursor.fetchall()}
    assert required <= named
