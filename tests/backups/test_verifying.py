"""A backup is restored beside and compared; whatever was changed in it is named."""

import hashlib
import json

import pytest
from django.core.management import CommandError

from config.backups import BackupError, manifest
from tests.backups.conftest import databases, run

pytestmark = pytest.mark.usefixtures("unblocked")


def flip(path):
    """Change one bit in the middle of a file."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def rewrite(backup, change):
    """Change what a manifest says, and seal it as the program would."""
    values = json.loads((backup / manifest.NAME).read_text())
    change(values)
    text = json.dumps(values)
    (backup / manifest.NAME).write_text(text)
    digest = hashlib.sha256(text.encode()).hexdigest()
    (backup / manifest.SEAL).write_text(f"{digest}  {manifest.NAME}\n")


def test_backup_of_the_demo_comes_back_with_equal_hashes(demo):
    said = run("backup", verify=str(demo))
    kept = manifest.read(demo)
    count = len(kept.tables)
    assert f"{count} of {count} tables are equal, {kept.rows} rows in all." in said
    assert "The isolation proof finds nothing open." in said
    assert "DIFFERS" not in said
    assert databases("_scratch_") == []


def test_manifest_tells_tables_files_and_migrations(demo):
    kept = manifest.read(demo)
    assert kept.tables["tasks_task"].rows > 20
    assert len(kept.tables["tasks_task"].sha256) == 64
    assert "0001_initial" in kept.migrations["tasks"]
    assert len(kept.files) >= 10
    assert kept.left_out == sorted(
        [
            "app_private.seal_key",
            "public.accounts_session",
            "public.insula_cache",
            "public.usersessions_usersession",
        ]
    )
    assert "accounts_session" not in kept.tables


def test_flipped_bit_in_the_dump_is_named(copy):
    flip(copy / manifest.DUMP)
    with pytest.raises(CommandError, match=r"database\.dump is not as it was written"):
        run("backup", verify=str(copy))


def test_flipped_bit_in_a_file_is_named(copy):
    name = next(iter(manifest.read(copy).files))
    flip(copy / manifest.FILES / name)
    with pytest.raises(CommandError, match=f"files/{name} is not as it was"):
        run("backup", verify=str(copy))


def test_missing_file_is_named(copy):
    name = next(iter(manifest.read(copy).files))
    (copy / manifest.FILES / name).unlink()
    with pytest.raises(CommandError, match=f"files/{name} is missing"):
        run("backup", verify=str(copy))


def test_changed_manifest_is_refused(copy):
    flip(copy / manifest.NAME)
    with pytest.raises(CommandError, match=r"manifest\.json is not as it was written"):
        run("backup", verify=str(copy))


def test_folder_without_a_manifest_is_no_backup(copy):
    (copy / manifest.SEAL).unlink()
    with pytest.raises(BackupError, match="is no whole backup"):
        manifest.read(copy)


def test_manifest_of_another_format_is_refused(copy):
    rewrite(copy, lambda values: values.update(format=99))
    with pytest.raises(BackupError, match="a format that this Insula does not read"):
        manifest.read(copy)


def test_table_that_comes_back_otherwise_is_named(copy, capsys):
    def more_rows(values):
        values["tables"]["tasks_task"]["rows"] += 1

    rewrite(copy, more_rows)
    with pytest.raises(CommandError, match="is not what it was"):
        run("backup", verify=str(copy))
    assert databases("_scratch_") == []


def test_dump_that_is_none_is_said_in_one_sentence(copy):
    (copy / manifest.DUMP).write_bytes(b"nothing of the kind")
    kept = manifest.measured(copy / manifest.DUMP)
    rewrite(copy, lambda values: values.update(dump=vars(kept)))
    with pytest.raises(CommandError, match="pg_restore failed: .*archive"):
        run("backup", verify=str(copy))


def test_backup_is_found_by_its_name_and_the_newest_without_one(demo):
    from config.backups import shelf

    assert shelf.chosen(demo.name, demo.parent) == demo
    assert shelf.chosen("", demo.parent) == demo
    with pytest.raises(BackupError, match="There is no backup nonesuch"):
        shelf.chosen("nonesuch", demo.parent)
