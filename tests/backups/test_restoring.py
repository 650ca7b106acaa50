"""A backup takes a database's place once it is proven; nothing is lost by mistake."""

from types import SimpleNamespace

import psycopg
import pytest
from django.core.management import CommandError
from django.db import connections

from config.backups import manifest
from config.backups.report import table
from config.backups.restoring import Restored
from organizations.audit.models import PlatformEntry
from organizations.models import Organization
from organizations.tenancy import no_context, operator, tenant
from organizations.tenancy.postgresql import creation
from tasks.models import Task
from tests.backups.conftest import ALIASES, ask, databases, run

pytestmark = pytest.mark.usefixtures("unblocked")


def clear(name):
    """Drop a database and what it took the place of."""
    with creation.server() as session:
        for made in [name, *databases(f"{name}_before_")]:
            creation.drop(session, made)


@pytest.fixture
def target(unblocked):
    """The name of a database that is not there yet, and is gone afterwards."""
    name = f"{connections['owner'].settings_dict['NAME']}_target"
    yield name
    clear(name)


@pytest.fixture(scope="module")
def restored(demo, django_db_blocker, tmp_path_factory):
    """The demo's backup as another database, its files in a folder."""
    folder = tmp_path_factory.mktemp("put")
    with django_db_blocker.unblock():
        name = f"{connections['owner'].settings_dict['NAME']}_restored"
        said = run("restore", str(demo), into=name, files_to=folder, yes=True)
        yield SimpleNamespace(name=name, said=said, folder=folder)
        clear(name)


def inside(name, look):
    """Return what a call sees in another database."""
    from config.backups.restoring import pointed_at

    with pointed_at(name, ALIASES), no_context():
        return look()


# cap 87
def test_restored_database_has_rows_walls_and_files(demo, restored):
    kept = manifest.read(demo)
    assert f"{kept.rows} rows in all" in restored.said
    assert f"is the database {restored.name} now" in restored.said
    said = inside(restored.name, lambda: run("check_isolation"))
    assert "nothing is open" in said
    put = [path for path in restored.folder.rglob("*") if path.is_file()]
    assert len(put) == len(kept.files)


def test_members_see_their_own_rows_there_and_no_others(restored):
    def counted():
        with operator(None, "a test"):
            acme = Organization.objects.get(slug="acme")
            everything = Task.objects.count()
        with tenant(acme):
            return Task.objects.count(), everything

    seen, everything = inside(restored.name, counted)
    assert 0 < seen < everything


def test_nobody_is_signed_in_there(restored):
    assert ask(restored.name, "SELECT count(*) FROM accounts_session") == [(0,)]


def test_platform_log_there_tells_of_it(demo, restored):
    def told():
        with operator(None, "a test"):
            return PlatformEntry.objects.get(action="backup.restored")

    entry = inside(restored.name, told)
    assert entry.target_label == demo.name
    assert entry.after == {"made_at": manifest.read(demo).made_at}


def test_full_database_is_replaced_only_by_its_name(demo, restored):
    with pytest.raises(CommandError, match="is not empty: name it with --replace"):
        run("restore", str(demo), into=restored.name, yes=True)
    with pytest.raises(CommandError, match="must name the database"):
        run("restore", str(demo), into=restored.name, replace="another", yes=True)
    run("restore", str(demo), replace=restored.name, yes=True)
    (former,) = databases("_restored_before_")
    count = "SELECT count(*) > 0 FROM django_migrations"
    assert ask(former, count) == ask(restored.name, count) == [(True,)]


def test_database_somebody_works_on_is_left_alone(demo, restored):
    before = databases("_restored")
    params = {**creation.owner_params(), "dbname": restored.name}
    with psycopg.connect(**params):
        with pytest.raises(CommandError, match="stop web and worker"):
            run("restore", str(demo), replace=restored.name, yes=True)
    assert databases("_restored") == before
    assert databases("_scratch_") == []


def test_without_a_yes_nothing_is_done(demo, target):
    with pytest.raises(CommandError, match=f"would become the database {target}"):
        run("restore", str(demo), into=target)
    assert databases("_target") == []


def test_backup_that_differs_takes_nobodys_place(copy, target):
    from tests.backups.test_verifying import rewrite

    def less(values):
        values["tables"]["tasks_task"]["sha256"] = "0" * 64

    rewrite(copy, less)
    with pytest.raises(CommandError, match="was not put back"):
        run("restore", str(copy), into=target, yes=True)
    assert databases("_target") == []


def test_empty_database_that_is_there_is_taken(demo, target):
    with creation.server() as session:
        session.execute(f'CREATE DATABASE "{target}"')
    assert "tables are equal" in run("restore", str(demo), into=target, yes=True)


def test_backup_of_an_older_version_asks_for_its_migrations(demo, settings):
    from config.backups.restoring import later

    kept = manifest.read(demo)
    assert later(kept) == []
    settings.MIGRATION_MODULES = {
        **settings.MIGRATION_MODULES,
        "lab": "tests.backups.later.migrations",
    }
    assert later(kept) == ["lab.0002_stands_still"]
    lines = list(table(Restored([], [], later(kept))))
    assert lines[-1] == "1 migrations came later: run migrate, then check_isolation."


def test_without_an_owner_the_command_says_what_to_set(demo, target, monkeypatch):
    monkeypatch.setattr("config.backups.restoring.connections", {})
    with pytest.raises(CommandError, match="Set DATABASE_OWNER_URL"):
        run("restore", str(demo), into=target, yes=True)
