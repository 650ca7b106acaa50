"""How leftovers are looked for: any words, any column, and nothing overlooked."""

import pytest
from django.db import connections
from hypothesis import example, given
from hypothesis import strategies as st

from config.operator import leftovers as looking
from config.operator.leftovers import (
    COLUMNS,
    EXCEPTIONS,
    Leftover,
    count,
    leftovers,
    spellings,
)
from organizations.models import Organization
from organizations.tenancy import no_context, operator
from tests.operator.conftest import CONSOLE
from tests.tenancy.attacks import sql

WORDS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))


@pytest.fixture
def inside(cast):
    with no_context(), operator(cast.olga, reason="test"):
        yield


def catalog():
    with connections["operator"].cursor() as cursor:
        cursor.execute(COLUMNS)
        return cursor.fetchall()


@pytest.mark.parametrize(
    ("term", "ways"),
    [
        ("bob@example.com", {"bob@example.com"}),
        ('A "B"', {'A "B"', 'A \\"B\\"'}),
        ("Zoë", {"Zoë", "Zo\\u00eb"}),
        ("a\\b", {"a\\b", "a\\\\b"}),
    ],
)
def test_a_word_is_spelt_as_text_and_as_json(term, ways):
    assert set(spellings([term])) == ways


@CONSOLE
@given(word=WORDS)
@example(word="%' OR 1=1 --")
@example(word="{}")
@example(word='\\"')
def test_any_word_is_looked_for_as_it_stands(inside, cast, word):
    rows = Organization.objects.filter(pk=cast.acme.pk)
    rows.update(metadata={"word": f"<<{word}>>"})
    found, closed = leftovers([f"<<{word}>>"])
    assert [str(one) for one in found] == ["organizations_organization.metadata: 1"]
    assert closed == []


@CONSOLE
def test_capitals_hide_nobody(inside, cast):
    Organization.objects.filter(pk=cast.acme.pk).update(name="BOB EXAMPLE GMBH")
    found, _closed = leftovers(["bob example gmbh"])
    assert [one.column for one in found] == ["name"]


@CONSOLE
def test_rows_are_counted_once_each(inside, cast):
    Organization.objects.update(metadata={"a": "xyzzy", "b": "xyzzy xyzzy"})
    found, _closed = leftovers(["xyzzy", "xyzz"])
    assert [one.count for one in found] == [2]


@CONSOLE
def test_every_table_with_text_is_in_the_catalogs_answer(inside):
    known = {(table, column) for table, column, _readable in catalog()}
    listed = sql(
        "SELECT table_name, column_name FROM information_schema.columns"
        " WHERE table_schema = 'public' AND data_type IN"
        " ('text', 'character varying', 'json', 'jsonb')",
        using="operator",
    )
    assert len(listed) > 60
    assert set(listed) - known == set()


@CONSOLE
def test_lists_of_text_are_looked_at(inside):
    known = {(table, column) for table, column, _readable in catalog()}
    assert ("invitations_invitation", "allowed_domains") in known
    assert ("tasks_task", "search") in known


@CONSOLE
def test_names_of_columns_cannot_be_statements(inside):
    with connections["operator"].cursor() as cursor:
        with pytest.raises(Exception, match="does not exist"):
            count(cursor, "accounts_user", ['x" OR "1'], ["a"])


@CONSOLE
def test_a_table_that_cannot_be_read_is_said_to_be(inside, monkeypatch):
    hidden = COLUMNS.replace(
        "has_table_privilege(c.oid, 'SELECT')", "c.relname <> 'accounts_user'"
    )
    monkeypatch.setattr(looking, "COLUMNS", hidden)
    _found, closed = leftovers(["anything"])
    assert closed == ["accounts_user"]


def test_what_may_stay_is_declared_with_a_reason():
    assert set(EXCEPTIONS) == {
        "audit_auditentry",
        "audit_platformentry",
        "djstripe_customer",
        "djstripe_invoice",
        "djstripe_paymentmethod",
        "djstripe_subscription",
        "intake_stripeevent",
    }
    assert all(len(reason) > 40 for reason in EXCEPTIONS.values())
    assert str(Leftover("a", "b", 2, "")) == "a.b: 2"
