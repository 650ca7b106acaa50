"""What was there before there was one counter is counted by the migrations."""

from importlib import import_module

import pytest
from django.db import connections
from django.db.migrations.loader import MigrationLoader

from organizations.limits.models import Usage
from organizations.tenancy import no_context, operator, tenant
from tests.limits.conftest import used_of

pytestmark = pytest.mark.django_db(
    transaction=True, databases=["default", "owner", "operator"]
)
OLD = (
    "CREATE TABLE storage_storageuse (id uuid, organization_id uuid, bytes bigint)",
    "INSERT INTO storage_storageuse VALUES (gen_random_uuid(), %s, 4300)",
)


def run(app, name):
    """Apply a migration's operations again, as the owner."""
    migration = import_module(f"{app}.migrations.{name}").Migration
    state = MigrationLoader(None).project_state()
    with connections["owner"].schema_editor() as editor:
        for step in migration.operations:
            step.database_forwards(app.rpartition(".")[2], editor, state, state)


def test_the_bytes_of_files_move_and_their_table_goes(cast):
    with no_context(), operator(None, "test"):
        cursor = connections["owner"].cursor()
        cursor.execute(OLD[0])
        cursor.execute(OLD[1], [cast.acme.pk])
    run("organizations.limits", "0002_storage")
    assert used_of(cast.acme, "storage_bytes") == 4300
    assert used_of(cast.globex, "storage_bytes") == 0
    assert "storage_storageuse" not in connections["owner"].introspection.table_names()


def test_a_new_database_has_nothing_to_move(cast):
    run("organizations.limits", "0002_storage")
    assert used_of(cast.acme, "storage_bytes") == 0


def test_tasks_that_are_there_are_counted(acme_board, globex_board, cast):
    first, *_rest = acme_board.add_many(3)
    globex_board.add()
    with no_context(), acme_board.inside():
        first.remove(by=cast.alice)
        Usage.objects.filter(key="tasks").delete()
    with no_context(), tenant(cast.globex):
        Usage.objects.filter(key="tasks").update(used=77)
    run("tasks", "0022_counted")
    assert (used_of(cast.acme), used_of(cast.globex)) == (2, 1)
    acme_board.add()
    assert used_of(cast.acme) == 3
