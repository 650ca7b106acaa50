"""How a backup is made: whole or not at all, private, of one moment, and recorded."""

import os
import stat
from contextlib import suppress

import psycopg
import pytest
from django.core.management import CommandError
from django.db import connection

from config.backups import BackupError, contents, making, manifest, programs, shelf
from config.devdb import locks
from config.jobs import back_up_nightly
from organizations.audit.models import PlatformEntry
from organizations.tenancy import identity, no_context, operator
from tests.backups.conftest import ALIASES, run
from tests.conftest import make_user

pytestmark = pytest.mark.django_db(transaction=True, databases=ALIASES)


def entries(action):
    with no_context(), operator(None, "a test"):
        return list(PlatformEntry.objects.filter(action=action))


def program(folder, name, says):
    """Put a program into a folder that answers one thing to everything."""
    path = folder / name
    path.write_text(f"#!/bin/sh\necho '{says}'\n")
    path.chmod(0o755)
    return path


def test_backup_is_made_private_and_recorded(tmp_path):
    make_user("alice")
    said = run("backup", to=tmp_path / "shelf")
    (path,) = shelf.backups(tmp_path / "shelf")
    assert str(path) in said
    for part in [path, *path.rglob("*")]:
        wanted = 0o700 if part.is_dir() else 0o600
        assert stat.S_IMODE(part.stat().st_mode) == wanted, part
    kept = manifest.read(path)
    assert kept.tables["accounts_user"].rows == 1
    (entry,) = entries("backup.made")
    assert entry.target_label == path.name
    assert entry.after["rows"] == kept.rows
    assert entry.after["bytes"] == kept.bytes > 10_000
    assert entry.after["tables"] == len(kept.tables)
    assert entry.after["seconds"] > 0


def test_night_job_makes_one_where_a_folder_is_set(tmp_path, settings):
    settings.BACKUP_DIR = None
    back_up_nightly.func(0)
    assert entries("backup.made") == []
    settings.BACKUP_DIR = tmp_path
    back_up_nightly.func(0)
    assert len(entries("backup.made")) == len(shelf.backups(tmp_path)) == 1


def test_night_job_has_a_place_of_its_own(settings):
    assert back_up_nightly.queue == "backups"
    assert settings.JOB_LANES["backups"] == 1


def test_failure_is_recorded_with_its_reason_and_leaves_nothing(tmp_path, settings):
    settings.BACKUP_DIR, settings.BACKUP_DATABASE = tmp_path, None
    with pytest.raises(BackupError, match="Set DATABASE_BACKUP_URL"):
        back_up_nightly.func(0)
    (entry,) = entries("backup.failed")
    assert entry.after["reason"].startswith("Set DATABASE_BACKUP_URL")
    assert list(tmp_path.iterdir()) == [tmp_path / ".lock"]


def test_database_that_is_away_is_said_though_it_cannot_be_recorded(tmp_path, settings):
    away = {**settings.BACKUP_DATABASE, "HOST": "127.0.0.1", "PORT": "1"}
    settings.BACKUP_DATABASE = away
    settings.TENANCY = {**settings.TENANCY, "SEAL_KEY": "not the one of the database"}
    with pytest.raises(CommandError, match="connection .*failed"):
        run("backup", to=tmp_path)


def test_whole_backup_that_cannot_be_recorded_says_so(tmp_path, settings):
    settings.TENANCY = {**settings.TENANCY, "SEAL_KEY": "not the one of the database"}
    with pytest.raises(CommandError, match="is whole, but could not be recorded"):
        run("backup", to=tmp_path)
    assert len(shelf.backups(tmp_path)) == 1


def test_missing_program_is_named_with_what_to_install(tmp_path, settings):
    settings.POSTGRES_PROGRAMS = str(tmp_path)
    with pytest.raises(CommandError, match="pg_dump is not on this machine: install"):
        run("backup", to=tmp_path / "shelf")


def test_program_older_than_the_server_is_refused(tmp_path, settings):
    settings.POSTGRES_PROGRAMS = str(tmp_path)
    program(tmp_path, "pg_dump", "pg_dump (PostgreSQL) 12.22")
    wanted = "pg_dump is of PostgreSQL 12 and the server of .*postgresql-client-"
    with pytest.raises(CommandError, match=wanted):
        run("backup", to=tmp_path / "shelf")


def test_program_that_fails_is_quoted(tmp_path):
    path = tmp_path / "pg_dump"
    path.write_text("#!/bin/sh\necho 'pg_dump: error: the disk is full' >&2\nexit 1\n")
    path.chmod(0o755)
    with pytest.raises(BackupError, match="pg_dump failed: .*the disk is full"):
        programs.run(path, as_={})


def test_program_gets_the_password_out_of_sight(tmp_path):
    path = program(tmp_path, "shown", "")
    path.write_text(f'#!/bin/sh\necho "$PGPASSWORD $@" > {tmp_path}/said\n')
    programs.run(path, "--file=x", as_={"password": "s3cret", "host": "db"})
    password, _, arguments = (tmp_path / "said").read_text().partition(" ")
    assert password == "s3cret"
    assert arguments.strip() == "--no-password --file=x"


def test_what_is_written_meanwhile_is_in_neither_dump_nor_manifest():
    make_user("alice")
    with contents.snapshot(contents.database_name()) as seen:
        make_user("bob")
        assert seen.tables()["accounts_user"].rows == 1
    with contents.snapshot(contents.database_name()) as seen:
        assert seen.tables()["accounts_user"].rows == 2


@pytest.mark.parametrize("is_read_only", [True, False])
def test_role_of_backups_writes_nothing(is_read_only):
    params = {**contents.reader(), "dbname": connection.settings_dict["NAME"]}
    with psycopg.connect(**params) as session:
        session.read_only = is_read_only
        refused = (
            psycopg.errors.ReadOnlySqlTransaction,
            psycopg.errors.InsufficientPrivilege,
        )
        with pytest.raises(refused):
            session.execute("DELETE FROM accounts_user")


def test_two_at_once_are_refused(tmp_path):
    handle = locks.try_exclusive(tmp_path / ".lock")
    with pytest.raises(CommandError, match="Another backup is being made"):
        run("backup", to=tmp_path)
    os.close(handle)


def test_half_made_backup_is_none_and_is_cleared_away(tmp_path):
    abandoned = tmp_path / ".draft-insula-20260101T000000Z"
    abandoned.mkdir()
    (abandoned / manifest.NAME).write_text("{}")
    (tmp_path / "insula-20260102T000000Z").mkdir()
    assert shelf.backups(tmp_path) == []
    with suppress(RuntimeError), shelf.draft(tmp_path) as folder:
        assert not abandoned.exists()
        raise RuntimeError
    assert not folder.exists()


def test_newest_are_kept_and_others_go(tmp_path):
    for day in range(1, 6):
        path = tmp_path / f"insula-2026010{day}T000000Z"
        path.mkdir()
        (path / manifest.NAME).write_text("{}")
    (tmp_path / "insula-mine").mkdir()
    assert shelf.prune(tmp_path, 2) == [
        f"insula-2026010{day}T000000Z" for day in (1, 2, 3)
    ]
    assert len(shelf.backups(tmp_path)) == 2
    assert (tmp_path / "insula-mine").exists()


def test_keeping_none_is_refused(tmp_path):
    with pytest.raises(CommandError, match="Keep one backup at least"):
        run("backup", to=tmp_path, keep=0)


def test_folder_has_to_be_said_or_set(settings):
    settings.BACKUP_DIR = None
    with pytest.raises(CommandError, match="--to or BACKUP_DIR"):
        run("backup")


def test_commit_is_told_where_the_checkout_knows_it(settings, tmp_path):
    settings.BASE_DIR = tmp_path
    assert making.commit() == ""
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git/HEAD").write_text("ref: refs/heads/main\n")
    assert making.commit() == ""
    (tmp_path / ".git/refs/heads").mkdir(parents=True)
    (tmp_path / ".git/refs/heads/main").write_text("abc123\n")
    assert making.commit() == "abc123"


def test_entry_needs_no_person(tmp_path):
    with identity():
        making.tell("backup.made", "x", {"rows": 1})
    (entry,) = entries("backup.made")
    assert entry.actor_id is None
    assert entry.actor_type == "system"
