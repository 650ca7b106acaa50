"""Every table of an organization travels, or says why it does not."""

import pytest
from django.apps import apps

from organizations.archives.travelling import (
    MADE_BY_DATABASE,
    declared,
    organization_table,
    owned,
    staying,
    tables,
)
from organizations.models import Membership, Organization
from organizations.tenancy.models import TenantRow
from tests.contracts.house import ROOT
from tests.tenancy.rows import takes_rows

NAMES = [one.name for one in tables()]


def test_each_table_travels_or_says_why_not():
    ours = [m for m in apps.get_models() if issubclass(m, TenantRow)]
    for model in ours:
        name = model._meta.db_table
        assert (name in NAMES) is (name not in staying()), name
    assert all(len(reason) > 10 for reason in staying().values())


def test_each_table_that_names_an_organization_is_decided_on():
    undecided = [
        model._meta.label
        for model in owned()
        if model._meta.db_table not in {*NAMES, *staying()}
    ]
    assert undecided == []


def test_what_is_written_about_it_names_each_that_stays():
    text = (ROOT / "docs/archives.md").read_text(encoding="utf-8")
    ours = {n for n in staying() if not n.startswith("djstripe_")}
    assert [name for name in sorted(ours) if f"`{name}`" not in text] == []
    for one in (organization_table(), *tables()):
        for column, reason in one.left_out.items():
            assert reason == MADE_BY_DATABASE or f"`{column}`" in text, column


@pytest.mark.parametrize("table", tables(), ids=lambda one: one.name)
def test_a_column_that_stays_can_be_empty(table):
    for field in table.model._meta.local_concrete_fields:
        if field.column in table.left_out and not getattr(field, "generated", False):
            assert field.null or field.has_db_default(), field


@pytest.mark.parametrize("table", tables(), ids=lambda one: one.name)
def test_what_travels_can_be_written_where_it_arrives(table):
    assert takes_rows(table.model)


def test_parents_come_before_what_names_them():
    for place, one in enumerate(tables()):
        before = set(NAMES[: place + 1])
        assert {parent for parent, _empty in one.parents.values()} <= before
        if one.people:
            assert Membership._meta.db_table in before


def test_the_organizations_own_row_leaves_behind_what_is_paid():
    paid = {"plan", "limits", "limit_overrides", "standing", "over", "api_per_minute"}
    table = organization_table()
    assert paid <= set(table.left_out)
    assert "stays" not in declared(Organization)
    assert {"name", "slug", "settings", "logo"} <= set(table.columns)


def test_no_secret_travels():
    words = ("password", "secret", "digest", "token_hash")
    found = [
        (one.name, column)
        for one in tables()
        for column in one.columns
        if any(word in column for word in words)
    ]
    # What goes into a person's digest of news is no digest of a secret.
    assert {table for table, _column in found} <= {"notifications_notification"}


def test_a_column_that_names_a_file_says_so():
    """Otherwise an archive could have its pages give away a file of somebody else."""
    every = [organization_table(), *tables()]
    words = {"file", "path", "logo", "image", "picture", "thumbnail"}
    named = {(one.name, column) for one in every for column in words & set(one.columns)}
    said = {(one.name, column) for one in every for column in one.files}
    # A notification's path is the address of a page.
    assert named - said == {("notifications_notification", "path")}
