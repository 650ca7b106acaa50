"""What a migration may not do to a table that people work on, and how it may."""

from types import SimpleNamespace

import pytest
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models
from django.db.migrations.migration import Migration
from django.db.migrations.state import ModelState, ProjectState
from django.db.models.functions import Now, Random
from django.db.models.query_utils import Q

from organizations.tenancy.blocking import Judge
from organizations.tenancy.operations import AddIndexConcurrently, MakeTogether

INDEX = models.Index(fields=["title"], name="book_title")
CHECK = models.CheckConstraint(condition=Q(pages__gt=0), name="book_has_pages")
TITLE = models.CharField(max_length=10)
Add, Alter, SQL = migrations.AddField, migrations.AlterField, migrations.RunSQL
NEW_TABLE = migrations.CreateModel(
    "Shelf", [("id", models.UUIDField(primary_key=True))]
)


def reasons(*operations, made=(), **attributes):
    """Return what is said of a migration of the library, which has books and readers."""
    state = ProjectState()
    for name in ("Book", "Reader"):
        fields = [
            ("id", models.UUIDField(primary_key=True)),
            ("title", models.CharField(max_length=10)),
            ("pages", models.IntegerField(null=True)),
        ]
        state.add_model(ModelState("library", name, fields))
    migration = Migration("0002_later", "library")
    migration.operations = list(operations)
    vars(migration).update(attributes)
    return list(Judge(migration, state, set(made)).reasons())


BLOCKING = [
    ("builds the index book_title", migrations.AddIndex("Book", INDEX)),
    ("say atomic = False", AddIndexConcurrently("Book", INDEX)),
    ("AddConstraintNotValid", migrations.AddConstraint("Book", CHECK)),
    ("old code cannot write", Add("Book", "isbn", models.TextField())),
    ("another value", Add("Book", "dice", models.FloatField(db_default=Random()))),
    ("brings an index", Add("Book", "isbn", models.TextField(null=True, unique=True))),
    ("brings an index", Add("Book", "x", models.TextField(null=True, db_index=True))),
    ("another type", Alter("Book", "pages", models.TextField(null=True))),
    ("another type", Alter("Book", "title", models.CharField(max_length=5))),
    ("null no more", Alter("Book", "pages", models.IntegerField())),
    (
        "gets an index",
        Alter("Book", "title", models.CharField(max_length=10, unique=True)),
    ),
    (
        "RenameField: the code of before",
        migrations.RenameField("Book", "title", "name"),
    ),
    ("RemoveField: the code of before", migrations.RemoveField("Book", "title")),
    ("DeleteModel: the code of before", migrations.DeleteModel("Book")),
    ("RenameModel: the code of before", migrations.RenameModel("Book", "Volume")),
    ("AlterModelTable: the code", migrations.AlterModelTable("Book", "volumes")),
    (
        "SQL locks library_book",
        SQL("ALTER TABLE library_book ENABLE ROW LEVEL SECURITY"),
    ),
    ("SQL locks library_book", SQL('LOCK TABLE "library_book"')),
    ("SQL locks library_book", SQL("CREATE TRIGGER t BEFORE UPDATE ON library_book")),
    ("SQL locks library_book", SQL([("ALTER TABLE library_book RENAME TO x", None)])),
]


@pytest.mark.parametrize(
    ("reason", "operation"), BLOCKING, ids=lambda value: str(value)[:40]
)
def test_operation_that_keeps_people_waiting_is_named(reason, operation):
    assert reason in " ".join(reasons(operation))


@pytest.mark.parametrize(
    ("reason", "text"),
    [
        ("VALIDATE it in the next", "ADD CONSTRAINT c CHECK (pages > 0)"),
        ("reads every row", "ALTER COLUMN pages SET NOT NULL"),
        ("writes every row", "ALTER COLUMN pages TYPE bigint"),
    ],
)
def test_listed_lock_is_no_leave_for_slow_work(reason, text):
    listed = {"library_book": "an instant"}
    found = reasons(SQL(f"ALTER TABLE library_book {text}"), takes_locks=listed)
    assert len(found) == 1
    assert reason in found[0]


def test_index_in_plain_sql_is_slow():
    listed = {"library_book": "an instant"}
    said = reasons(SQL("CREATE INDEX i ON library_book (title)"), takes_locks=listed)
    assert said == ["builds an index under a lock: use AddIndexConcurrently"]


FINE = [
    Add("Book", "isbn", models.TextField(null=True)),
    Add("Book", "isbn", models.TextField(db_default="")),
    Add("Book", "seen", models.DateTimeField(db_default=Now())),
    Alter("Book", "title", models.CharField(max_length=20)),
    Alter("Book", "title", models.TextField()),
    Alter("Book", "title", models.CharField("heading", max_length=10)),
    AddConstraintNotValid("Book", CHECK),
    NEW_TABLE,
    MakeTogether([NEW_TABLE]),
    SQL("SELECT 1"),
    SQL("ALTER TABLE library_shelf ADD CONSTRAINT c CHECK (true)"),
]


@pytest.mark.parametrize(
    "operation", FINE, ids=lambda operation: operation.describe()[:50]
)
def test_operation_of_a_moment_is_fine(operation):
    assert reasons(operation, made={"library_shelf"}) == []


def test_index_of_a_new_table_is_built_at_once():
    index = models.Index(fields=["id"], name="shelf_id")
    assert reasons(NEW_TABLE, migrations.AddIndex("Shelf", index)) == []


def test_index_built_beside_is_fine_outside_of_a_transaction():
    assert reasons(AddIndexConcurrently("Book", INDEX), atomic=False) == []


def test_what_goes_in_two_steps_is_fine():
    said = reasons(
        migrations.RemoveField("Book", "title"), two_steps="unread since 0.2"
    )
    assert said == []


def test_listed_lock_of_a_moment_is_fine():
    text = "ALTER TABLE library_book ADD CONSTRAINT c CHECK (pages > 0) NOT VALID"
    assert reasons(SQL(text), takes_locks={"library_book": "nothing is read"}) == []


def test_two_tables_at_once_are_refused():
    field = models.TextField(null=True)
    said = reasons(Add("Book", "a", field), Add("Reader", "a", field))
    assert said == [
        "locks 2 tables at once (library_book, library_reader): one a migration"
    ]


def test_data_under_the_lock_of_a_table_is_refused():
    change = migrations.RunPython(migrations.RunPython.noop)
    said = reasons(Add("Book", "a", models.TextField(null=True)), change)
    assert said == ["changes data under the lock of a table: two migrations"]
    assert reasons(change) == []


def test_state_that_only_django_keeps_is_not_judged():
    separate = migrations.SeparateDatabaseAndState(
        database_operations=[],
        state_operations=[migrations.RemoveField("Book", "title")],
    )
    assert reasons(separate, Add("Book", "title", models.TextField(null=True))) == []


class TestPatience:
    """Migrations try again when a lock is not to be had."""

    def test_lock_not_got_is_tried_again_and_told(self):
        from django.db import OperationalError
        from psycopg.errors import LockNotAvailable

        from organizations.tenancy.locking import patiently

        told, paused, tries = [], [], []

        def work():
            tries.append(1)
            if len(tries) < 3:
                raise OperationalError from LockNotAvailable()

        patiently(work, told.append, paused.append)
        assert (len(tries), paused) == (3, [2, 4])
        assert told[0] == "A table was in use for 5 s: trying again in 2 s."

    def test_it_is_given_up_at_last_and_other_errors_at_once(self):
        from django.db import OperationalError
        from psycopg.errors import LockNotAvailable

        from organizations.tenancy.locking import PAUSES, patiently

        seen = SimpleNamespace(tries=0, cause=LockNotAvailable())

        def work():
            seen.tries += 1
            raise OperationalError from seen.cause

        with pytest.raises(OperationalError):
            patiently(work, lambda text: None, lambda seconds: None)
        assert seen.tries == len(PAUSES) + 1
        seen.tries, seen.cause = 0, None
        with pytest.raises(OperationalError):
            patiently(work, lambda text: None, lambda seconds: None)
        assert seen.tries == 1


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_lock_waits_are_short_during_a_migration_only():
    from django.db import connections

    from organizations.tenancy.locking import short_waits
    from tests.tenancy.attacks import sql

    show = (
        "SELECT current_setting('lock_timeout'), current_setting('statement_timeout')"
    )
    before = sql(show, using="owner")
    with short_waits(connections["owner"]):
        assert sql(show, using="owner") == [("5s", "0")]
    assert sql(show, using="owner") == before


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_index_is_built_beside_after_a_killed_build():
    from django.db import connections

    from tests.lab.models import Label
    from tests.tenancy.attacks import sql

    owner = connections["owner"]
    state = ProjectState.from_apps(Label._meta.apps)
    index = models.Index(fields=["name"], name="lab_label_beside")
    operation = AddIndexConcurrently("Label", index)
    after = state.clone()
    operation.state_forwards("lab", after)
    valid = "SELECT indisvalid FROM pg_index WHERE indexrelid = 'lab_label_beside'::regclass"
    sql("CREATE INDEX lab_label_beside ON lab_label (name)", using="owner")
    with psycopg_as_administrator() as admin:
        admin.execute(
            "UPDATE pg_index SET indisvalid = false"
            " WHERE indexrelid = 'lab_label_beside'::regclass"
        )
    with owner.schema_editor(atomic=False) as editor:
        operation.database_forwards("lab", editor, state, after)
    assert sql(valid, using="owner") == [(True,)]
    sql("DROP INDEX lab_label_beside", using="owner")


def psycopg_as_administrator():
    import psycopg
    from django.conf import settings
    from django.db import connections

    name = connections["owner"].settings_dict["NAME"]
    return psycopg.connect(settings.TENANCY["ADMIN_URL"], dbname=name)
