"""dj-stripe's tables: made quickly, nobody's but staff's, and never in the way."""

import uuid

import pytest
from django.apps import apps
from django.core import checks
from django.db import DatabaseError, transaction
from django.db.migrations.loader import MigrationLoader

from organizations.tenancy import identity, no_context, tenant
from organizations.tenancy.operations import MakeTogether
from organizations.tenancy.policies import global_tables
from tests.tenancy.attacks import sql

TABLES = sorted(
    model._meta.db_table
    for model in apps.get_app_config("djstripe").get_models(include_auto_created=True)
)
KEYS = """
SELECT DISTINCT confdeltype::text FROM pg_constraint
WHERE contype = 'f' AND conrelid::regclass::text LIKE 'djstripe\\_%%'"""


def test_the_packages_own_migrations_are_not_run():
    loader = MigrationLoader(None)
    module, is_ours = loader.migrations_module("djstripe")
    assert (module, is_ours) == ("billing.djstripe.migrations", True)
    migrations = [key for key in loader.graph.nodes if key[0] == "djstripe"]
    assert migrations == [("djstripe", "0001_initial")]


def test_its_tables_are_made_in_one_step():
    """Each step draws all models that are related, and there are a hundred."""
    loader = MigrationLoader(None)
    migration = loader.get_migration("djstripe", "0001_initial")
    assert [type(step) for step in migration.operations] == [MakeTogether]


@pytest.mark.django_db
def test_every_table_is_there():
    made = {name for (name,) in sql("SELECT tablename FROM pg_tables")}
    assert len(TABLES) > 60
    assert set(TABLES) <= made


@pytest.mark.django_db
def test_keys_hold_nothing_back():
    assert sql(KEYS) == [("c",)]


def test_every_table_has_its_reason_and_gives_no_right():
    declared = global_tables()
    assert {declared[table].grants for table in TABLES} == {""}
    assert all(declared[table].reason for table in TABLES)


@pytest.mark.django_db
@pytest.mark.parametrize("table", TABLES)
def test_no_context_reads_the_mirror(cast, table):
    contexts = (
        lambda: tenant(cast.acme, cast.alice),
        lambda: identity(cast.alice),
        no_context,
    )
    for enter in contexts:
        with no_context(), enter(), pytest.raises(DatabaseError, match="permission"):
            with transaction.atomic():
                sql(f'SELECT FROM "{table}"')


@pytest.mark.django_db
def test_no_member_writes_the_mirror(cast):
    statement = (
        "INSERT INTO djstripe_customer (id, stripe_data, email, djstripe_created,"
        " djstripe_updated, subscriber_id) VALUES ('cus_x', '{}', '', now(), now(), %s)"
    )
    with no_context(), tenant(cast.acme, cast.alice):
        with pytest.raises(DatabaseError, match="permission"), transaction.atomic():
            sql(statement, [uuid.UUID(str(cast.acme.pk))])


def test_its_addresses_are_not_mounted(client):
    from django.urls import NoReverseMatch, reverse

    with pytest.raises(NoReverseMatch):
        reverse("djstripe:djstripe_webhook_by_uuid", args=[uuid.uuid4()])


def test_its_checks_ask_no_database():
    names = {check.__module__ for check in checks.registry.registry.get_checks()}
    assert not any(name.startswith("djstripe") for name in names)


def test_its_receivers_hear_nothing():
    from djstripe.signals import WEBHOOK_SIGNALS

    assert not any(signal.receivers for signal in WEBHOOK_SIGNALS.values())
