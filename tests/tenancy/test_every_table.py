"""Raw SQL as the runtime role, on every table that holds somebody's data."""

import pytest
from django.db import ProgrammingError, connection, transaction

from organizations.tenancy import as_user, identity, no_context, tenant
from organizations.tenancy.policies import managed_models, organization_key, walls
from tests.tenancy.attacks import sql
from tests.tenancy.rows import a_row, takes_rows

TENANT_MODELS = [model for model in managed_models() if organization_key(model)]
# What staff alone write is tried with rows of theirs, in tests/flags.
WRITTEN = [model for model in TENANT_MODELS if takes_rows(model)]
# The runtime role may not even ask these: tests/operator/test_notes.py sees to that.
FORBIDDEN = {"notes_staffnote"}
WALLED = sorted(set(walls()) - FORBIDDEN)
PEOPLE = sorted(set(WALLED) - {model._meta.db_table for model in TENANT_MODELS})


def seen(table, column="organization_id"):
    return {value for (value,) in sql(f'SELECT {column} FROM "{table}"')}


@pytest.mark.parametrize("model", WRITTEN, ids=lambda model: model._meta.label)
def test_raw_sql_without_where_sees_its_organization_only(model, ours, theirs):
    # cap 34 and cap 36: every table has its policy, and no query needs a filter.
    for where in (ours, theirs):
        with tenant(where.organization, where.user):
            a_row(model, where.user)
    table = model._meta.db_table
    with tenant(ours.organization, ours.user):
        assert seen(table) == {ours.id}
    with tenant(theirs.organization, theirs.user):
        assert seen(table) == {theirs.id}


@pytest.mark.parametrize("model", WRITTEN, ids=lambda model: model._meta.label)
def test_raw_sql_changes_no_row_of_another_organization(model, ours, theirs):
    table = model._meta.db_table
    with tenant(theirs.organization, theirs.user):
        row = a_row(model, theirs.user)
    for verb in (f'UPDATE "{table}" SET id = id', f'DELETE FROM "{table}"'):
        with tenant(ours.organization, ours.user):
            assert changed(f"{verb} WHERE id = %s", row.pk) == 0
    with tenant(theirs.organization, theirs.user):
        assert model._base_manager.filter(pk=row.pk).exists()


def changed(statement, pk):
    """Return how many rows a statement changed; append-only tables refuse it."""
    try:
        with transaction.atomic():
            return sql(statement, [pk])
    except ProgrammingError:
        return 0


@pytest.mark.parametrize("table", WALLED)
def test_raw_sql_without_a_context_sees_nothing(table, ours, theirs):
    with no_context():
        assert sql(f'SELECT count(*) FROM "{table}"') == [(0,)]


@pytest.mark.parametrize("table", PEOPLE)
def test_inside_an_organization_people_data_is_ones_own(table, ours, theirs):
    with connection.cursor() as cursor:
        columns = {
            column.name
            for column in connection.introspection.get_table_description(cursor, table)
        }
    with tenant(ours.organization, ours.user):
        for column in columns & {"user_id", "actor_id"}:
            assert seen(table, column) <= {ours.user.pk}


def test_an_organization_shows_its_members_only(ours, theirs):
    with tenant(ours.organization, ours.user):
        assert seen("accounts_user", "email") == {"ours@example.com"}
        assert seen("organizations_organization", "id") == {ours.id}


def test_a_person_without_an_organization_sees_what_is_theirs(ours, theirs):
    with as_user(ours.user):
        assert seen("organizations_membership", "user_id") == {ours.user.pk}
        assert seen("organizations_organization", "id") == {ours.id}
        assert seen("accounts_user", "id") == {ours.user.pk}


def test_nobody_changes_a_membership_from_outside(ours, theirs):
    with as_user(ours.user):
        promoted = sql("UPDATE organizations_membership SET role = 'viewer'")
    assert promoted == 0


def test_inside_an_organization_no_session_can_be_stolen(as_alice, cast):
    with tenant(cast.acme, cast.alice):
        assert sql("SELECT * FROM accounts_session") == []
    with identity():
        assert len(sql("SELECT * FROM accounts_session")) == 1
