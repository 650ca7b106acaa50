"""What migrations do to the walls: every operation leaves them standing."""

from types import SimpleNamespace

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.core.management.commands import migrate
from django.db import IntegrityError, connections, models, transaction
from django.db.migrations import operations
from django.db.migrations.loader import MigrationLoader
from django.db.models.signals import post_migrate

from organizations.tenancy import current, no_context, operator
from organizations.tenancy.fields import OrganizationKey, TenantForeignKey, UpdatedAt
from organizations.tenancy.models import uuid7
from organizations.tenancy.operations import TenantRunPython
from organizations.tenancy.proof.catalog import Catalog
from tests.tenancy.attacks import sql

pytestmark = pytest.mark.django_db(databases=["default", "owner"])

ID = models.UUIDField(primary_key=True, default=uuid7)


def key(target="lab.Label", on_delete=models.CASCADE, **kwargs):
    return TenantForeignKey(target, on_delete, related_name="+", **kwargs)


def table(name, *fields):
    fields = [("id", ID), ("organization", OrganizationKey()), *fields]
    return operations.CreateModel(name, fields)


class Schema:
    """Applies migration operations to the test database, as the owner."""

    def __init__(self):
        self.connection = connections["owner"]
        self.state = MigrationLoader(None).project_state()

    def apply(self, *steps):
        for step in steps:
            after = self.state.clone()
            step.state_forwards("lab", after)
            with self.connection.schema_editor() as editor:
                step.database_forwards("lab", editor, self.state, after)
            self.state = after

    def model(self, name):
        return self.state.apps.get_model("lab", name)

    def catalog(self):
        return Catalog.read(self.connection.cursor())

    def is_walled(self, name):
        catalog = self.catalog()
        relation = catalog.table(name)
        names = {policy.name for policy in catalog.policies_of(relation)}
        primary = next(
            index for index in catalog.indexes[relation.oid] if index.is_primary
        )
        return (
            relation.has_rls
            and relation.is_forced
            and names == {"tenant_all", "operator_all"}
            and primary.columns == ["organization_id", "id"]
        )

    def keys(self, name):
        catalog = self.catalog()
        found = catalog.foreign_keys[catalog.table(name).oid]
        return {tuple(item.columns) for item in found if not item.deferred}


@pytest.fixture
def schema():
    with operator(None, "test"):
        yield Schema()


def test_a_created_table_is_walled_in(schema):
    schema.apply(table("Book", ("label", key())))
    assert schema.is_walled("lab_book")
    assert schema.keys("lab_book") == {
        ("organization_id",),
        ("organization_id", "label_id"),
    }


def test_a_table_that_gets_its_organization_later_is_walled_in(schema):
    # makemigrations writes it so when two models need each other.
    schema.apply(
        operations.CreateModel("Book", [("id", ID), ("title", models.TextField())])
    )
    with pytest.raises(AssertionError):
        assert schema.is_walled("lab_book")
    schema.apply(
        operations.AddField("Book", "organization", OrganizationKey()),
        operations.AddField("Book", "label", key(null=True)),
        operations.AddField("Book", "updated_at", UpdatedAt()),
    )
    assert schema.is_walled("lab_book")
    assert ("organization_id", "label_id") in schema.keys("lab_book")


def test_a_column_that_becomes_the_tenants_walls_the_table_in(schema):
    plain = models.ForeignKey("organizations.Organization", models.CASCADE, "+")
    schema.apply(
        operations.CreateModel("Book", [("id", ID), ("organization", plain)]),
        operations.AlterField("Book", "organization", OrganizationKey()),
    )
    assert schema.is_walled("lab_book")


def test_a_plain_key_that_becomes_a_tenants_is_composite(schema):
    number = models.UUIDField(null=True)
    schema.apply(
        table("Book", ("label", number)),
        operations.AlterField("Book", "label", key(null=True, db_column="label")),
    )
    assert ("organization_id", "label") in schema.keys("lab_book")


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ([operations.AlterField("Book", "label", key(null=True))], "label_id"),
        ([operations.RenameField("Book", "label", "tag")], "tag_id"),
        ([operations.AlterField("Book", "label", key("lab.Project"))], "label_id"),
        ([operations.RemoveField("Book", "label")], None),
        ([operations.AlterModelTable("Book", "elsewhere")], "label_id"),
    ],
    ids=["null", "rename", "other target", "remove", "other table name"],
)
def test_a_changed_key_stays_composite(steps, expected, schema):
    schema.apply(table("Book", ("label", key())), *steps)
    name = schema.model("Book")._meta.db_table
    wanted = {("organization_id",)}
    if expected:
        wanted.add(("organization_id", expected))
    assert schema.keys(name) == wanted
    assert schema.is_walled(name)


def test_what_happens_on_delete_follows_the_model(schema):
    schema.apply(table("Book", ("label", key(null=True))))
    rule = "SELECT confdeltype FROM pg_constraint WHERE conname LIKE 'lab_book_label%%'"
    assert sql(rule, using="owner") == [("c",)]
    gone = key(on_delete=models.SET_NULL, null=True)
    schema.apply(operations.AlterField("Book", "label", gone))
    assert sql(rule, using="owner") == [("n",)]


def test_a_renamed_table_keeps_its_walls_and_leaves_its_name_free(schema):
    schema.apply(
        table("Book"),
        operations.RenameModel("Book", "Volume"),
        table("Book", ("volume", key("lab.Volume"))),
    )
    assert schema.is_walled("lab_volume")
    assert schema.is_walled("lab_book")
    assert ("organization_id", "volume_id") in schema.keys("lab_book")


def test_a_renamed_target_takes_its_keys_along(schema):
    schema.apply(
        table("Book"),
        table("Page", ("book", key("lab.Book"))),
        operations.RenameModel("Book", "Volume"),
    )
    assert ("organization_id", "book_id") in schema.keys("lab_page")


def test_other_changes_leave_the_walls(schema):
    unique = models.UniqueConstraint(
        fields=["organization", "title"], name="book_title"
    )
    schema.apply(
        table("Book", ("title", models.TextField())),
        operations.AddConstraint("Book", unique),
        operations.AddField("Book", "note", models.TextField(default="")),
        operations.AlterField("Book", "title", models.CharField(max_length=90)),
        operations.RenameField("Book", "note", "remark"),
        operations.RemoveField("Book", "remark"),
        operations.RemoveConstraint("Book", "book_title"),
    )
    assert schema.is_walled("lab_book")
    schema.apply(operations.DeleteModel("Book"))
    assert schema.catalog().table("lab_book") is None


@pytest.mark.parametrize("is_inside", [True, False])
def test_a_violated_key_is_noticed_only_inside_the_operators_context(
    is_inside, schema, ours
):
    # Forced policies hold for the owner: without a context the key would be checked
    # against no row and called valid. That is why migrate enters one.
    schema.apply(table("Book", ("label", models.UUIDField())))
    schema.model("Book").objects.using("owner").create(
        organization_id=ours.id, label=uuid7()
    )
    add = (
        "ALTER TABLE lab_book ADD FOREIGN KEY (organization_id, label)"
        " REFERENCES lab_label (organization_id, id)"
    )
    if is_inside:
        with pytest.raises(IntegrityError), transaction.atomic(using="owner"):
            sql(add, using="owner")
    else:
        with no_context():
            sql(add, using="owner")


@pytest.fixture
def ours(schema):
    """An organization written by the owner, in whose transaction the tables are."""
    organization = schema.state.apps.get_model("organizations", "Organization")
    made = organization.objects.using("owner").create(name="Acme", slug="acme-x")
    return SimpleNamespace(id=made.pk)


@pytest.mark.parametrize(
    ("kind", "changed"), [(TenantRunPython, 1), (operations.RunPython, 0)]
)
def test_a_data_migration_sees_rows_only_as_the_tenants_own(
    kind, changed, schema, ours
):
    schema.model("Label").objects.using("owner").create(
        name="old", organization_id=ours.id
    )
    counted = []

    def rename(state, editor):
        labels = state.get_model("lab", "Label").objects.using("owner")
        counted.append(labels.update(name="new"))

    with no_context():
        step = kind(rename, rename)
        schema.apply(step)
        with schema.connection.schema_editor() as editor:
            step.database_backwards("lab", editor, schema.state, schema.state)
    assert counted == [changed, changed]


def test_migrate_runs_as_the_owner_inside_the_operators_context(monkeypatch):
    seen = []
    monkeypatch.setattr(
        migrate.Command,
        "handle",
        lambda self, *args, **options: seen.append((options["database"], current())),
    )
    call_command("migrate", skip_checks=True)
    [(alias, context)] = seen
    assert (alias, context.mode) == ("owner", "operator")
    assert current() is None


def test_migrate_without_an_owner_says_what_to_set(monkeypatch):
    module = "organizations.tenancy.management.commands.migrate.connections"
    monkeypatch.setattr(module, {})
    with pytest.raises(CommandError, match="DATABASE_OWNER_URL"):
        call_command("migrate", skip_checks=True)


def test_migrating_as_the_runtime_role_mends_nothing():
    config = apps.get_app_config("tenancy")
    post_migrate.send(sender=config, app_config=config, using="default")
