"""An upgrade is tried on a backup: what stands still, opens or is lost is a no-go."""

import pytest
from django.core.management import CommandError
from django.db import connections

from config.backups import manifest, probing, rehearsing
from config.backups.watching import EVERY_SECONDS, Watch
from config.fingerprints import Fingerprint
from organizations.audit.models import PlatformEntry
from organizations.tenancy import no_context, operator
from tests.backups.conftest import ALIASES, databases, run


@pytest.fixture
def coming(settings):
    """Return a call that makes another version's migrations of the lab the code's."""

    def version(name):
        settings.MIGRATION_MODULES = {
            **settings.MIGRATION_MODULES,
            "lab": f"tests.backups.{name}.migrations",
        }

    return version


# cap 83, 87
@pytest.mark.django_db(transaction=True, databases=ALIASES)
def test_migration_that_stops_people_is_a_no_go_and_names_the_table(
    demo, coming, capsys
):
    coming("later")
    with pytest.raises(
        CommandError, match=r"no-go: lab_label stood still for [01]\.\d s"
    ):
        run("upgrade_rehearsal", str(demo), longest=0.5)
    with no_context(), operator(None, "a test"):
        entry = PlatformEntry.objects.get(action="upgrade.rehearsed")
    assert entry.after == {"verdict": "no-go", "migrations": 1}
    assert databases("_scratch_") == []


@pytest.mark.usefixtures("unblocked")
def test_the_same_is_a_go_where_one_can_wait(demo, coming):
    coming("later")
    found = rehearsing.rehearse(demo, manifest.read(demo), longest=60)
    assert found.is_go
    assert found.pending == ["lab.0002_stands_still"]
    (lock,) = [
        lock
        for lock in found.locks
        if (lock.table, lock.mode) == ("lab_label", "AccessExclusiveLock")
    ]
    assert 0.5 < lock.seconds <= found.seconds + 1
    assert "nobody could read or write" in str(lock)
    assert found.looks > 5


@pytest.mark.usefixtures("unblocked")
def test_open_walls_and_lost_rows_are_a_no_go(demo, coming):
    coming("worse")
    kept = manifest.read(demo)
    found = rehearsing.rehearse(demo, kept, longest=60)
    said = " ".join(found.problems)
    rows = kept.tables["tasks_taskassignee"].rows
    assert f"tasks_taskassignee had {rows} rows and has 0." in said
    assert "oops: has organization_id and no row level security" in said
    assert f"tasks_taskassignee: {rows} -> 0" in found.changed
    assert "oops: none -> 0" in found.changed


def test_lock_lasts_as_long_as_it_is_seen_without_a_break():
    watch = Watch({1: "tasks_task", 2: "tasks_label"})
    share, exclusive = "ShareLock", "AccessExclusiveLock"
    watch.look({(1, exclusive)}, 10.0)
    watch.look({(1, exclusive), (2, share), (99, exclusive)}, 10.5)
    watch.look({(2, share)}, 11.0)
    watch.look({(1, exclusive)}, 12.0)
    seen = [(lock.table, lock.mode, lock.seconds) for lock in watch.locks()]
    assert watch.looks == 4
    assert seen == [
        ("tasks_task", exclusive, 0.5 + EVERY_SECONDS),
        ("tasks_label", share, 0.5 + EVERY_SECONDS),
    ]


def test_tables_that_grow_are_no_loss_and_those_that_are_gone_are():
    before = {"a": Fingerprint(2, "x"), "b": Fingerprint(1, "y")}
    after = {"a": Fingerprint(3, "z"), "c": Fingerprint(0, "")}
    assert list(rehearsing.lost(before, after)) == ["b had 1 rows and has 0."]
    assert list(rehearsing.differences(before, after)) == [
        "a: 2 -> 3",
        "b: 1 -> none",
        "c: none -> 0",
    ]


def test_without_a_backup_there_is_nothing_to_rehearse_on(tmp_path, settings):
    settings.BACKUP_DIR = tmp_path
    with pytest.raises(CommandError, match="There is no backup"):
        run("upgrade_rehearsal")


@pytest.mark.usefixtures("unblocked")
def test_migrations_after_which_nobody_can_write_are_a_no_go(demo, coming):
    coming("refusing")
    found = rehearsing.rehearse(demo, manifest.read(demo), longest=60)
    assert found.problems == [
        "After the upgrade nobody can change a task: this table is full."
    ]
    assert found.pending == ["lab.0002_refuses_writes"]
    # What was tried is not told as something that the migrations did.
    assert found.changed == ["django_migrations: {} -> {}".format(*rows_of(demo))]


def rows_of(demo):
    """Return how many migrations the backup knows, and how many there are with one."""
    had = manifest.read(demo).tables["django_migrations"].rows
    return had, had + 1


REFUSING = """
CREATE FUNCTION refuse_writes() RETURNS trigger LANGUAGE plpgsql AS $f$
BEGIN RAISE EXCEPTION 'it is dark' USING DETAIL = 'in here'; END $f$;
CREATE TRIGGER refuse_writes BEFORE {} FOR EACH ROW EXECUTE FUNCTION refuse_writes()"""


@pytest.fixture
def refusing():
    """Return a call after which the test's database refuses something."""

    def plant(what):
        with no_context(), connections["owner"].cursor() as cursor:
            cursor.execute(REFUSING.format(what))

    yield plant
    with no_context(), connections["owner"].cursor() as cursor:
        cursor.execute("DROP FUNCTION refuse_writes CASCADE")


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("INSERT ON accounts_user", "register a person"),
        ("INSERT ON organizations_organization", "found an organization"),
        ("INSERT ON tasks_task", "make a task"),
        ("UPDATE OF title ON tasks_task", "change a task"),
        ("UPDATE OF deleted_at ON tasks_task", "delete a task"),
    ],
)
@pytest.mark.django_db(transaction=True, databases=ALIASES)
def test_each_write_that_is_refused_is_named(refusing, what, words):
    refusing(what)
    said = f"After the upgrade nobody can {words}: it is dark."
    assert probing.probe() == [said]


@pytest.mark.django_db(transaction=True)
def test_where_people_can_write_nothing_is_said(cast):
    assert probing.probe() == []
