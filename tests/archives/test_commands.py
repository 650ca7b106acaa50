"""tenant_hash, org_export, org_import, org_delete: as staff run them."""

import json
import stat

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from accounts.models import User
from organizations.archives import signing
from organizations.audit.models import PlatformEntry
from organizations.models import Organization
from organizations.tenancy import identity, no_context, operator
from tests.archives.conftest import furnish, resigned
from tests.archives.test_people import stranger
from tests.operator.conftest import CONSOLE

pytestmark = CONSOLE


@pytest.fixture
def acme_file(cast, tmp_path, capsys):
    furnish(cast.acme, cast.alice)
    file = tmp_path / "acme.zip"
    run("org_export", "acme", to=file)
    capsys.readouterr()
    return file


def run(command, *args, **options):
    with no_context():
        call_command(command, *args, **options)


def entries(cast, action):
    with no_context(), operator(cast.olga, reason="test"):
        return list(PlatformEntry.objects.filter(action=action))


def found(cast, **values):
    with no_context(), operator(cast.olga, reason="test"):
        return Organization.objects.filter(**values).first()


def hashed(capsys, name="acme"):
    capsys.readouterr()
    run("tenant_hash", name, json=True)
    return json.loads(capsys.readouterr().out)


def test_the_hash_moves_with_a_row_and_comes_back_with_it(cast, acme_file, capsys):
    before, other = hashed(capsys), hashed(capsys, "globex")
    assert before["tables"]["tasks_task"]["rows"] == 1
    assert before["tables"]["files"]["rows"] == 2
    run("org_delete", "acme", yes=True, now=True)
    run("org_import", acme_file, yes=True)
    after = hashed(capsys)
    assert after["sha256"] == before["sha256"]
    assert after["everything"] != before["everything"]
    assert hashed(capsys, str(cast.globex.pk)) == other
    run("tenant_hash", "acme")
    assert f"travelling  {after['sha256']}" in capsys.readouterr().out


def test_the_export_is_for_whoever_ran_it_and_recorded(cast, acme_file):
    assert stat.S_IMODE(acme_file.stat().st_mode) == 0o600
    (entry,) = entries(cast, "organization.exported")
    assert (entry.target_label, entry.actor_type) == ("acme", "system")
    assert entry.after["organization"]["id"] == str(cast.acme.pk)
    kept = acme_file.read_bytes()
    with pytest.raises(CommandError, match="cannot be written"):
        run("org_export", "acme", to=acme_file)
    assert acme_file.read_bytes() == kept


def test_nobody_is_exported_who_is_not_there(cast, tmp_path):
    for command in ("tenant_hash", "org_delete"):
        with pytest.raises(CommandError, match="There is no organization nobody"):
            run(command, "nobody")
    with pytest.raises(CommandError, match="There is no organization nobody"):
        run("org_export", "nobody", to=tmp_path / "x.zip")
    assert list(tmp_path.iterdir()) == []


def test_a_dry_run_says_what_it_would_do(cast, acme_file, capsys):
    run("org_delete", "acme", yes=True, now=True)
    run("org_import", acme_file, dry_run=True)
    out = capsys.readouterr().out
    assert "tasks_task: 1 added, 0 changed, 0 removed, 0 kept" in out
    assert "The archive would become acme" in out
    assert found(cast, slug="acme") is None
    run("org_import", acme_file, dry_run=True, json=True)
    said = json.loads(capsys.readouterr().out)
    assert said["tables"]["tasks_task"]["added"] == 1
    assert said["unknown"] == []


def test_one_that_is_here_asks_where_to(cast, acme_file):
    with pytest.raises(CommandError, match="choose --over or --as-new"):
        run("org_import", acme_file, yes=True)
    with pytest.raises(CommandError, match="another organization's"):
        run("org_import", acme_file, over="globex", yes=True)
    with pytest.raises(CommandError, match="needs --slug"):
        run("org_import", acme_file, as_new="Two", yes=True)
    with pytest.raises(CommandError, match="globex is taken"):
        run("org_import", acme_file, as_new="Two", slug="globex", yes=True)
    assert entries(cast, "organization.imported") == []


def test_over_and_as_new_are_recorded(cast, acme_file, capsys):
    run("org_import", acme_file, over="acme", yes=True)
    run("org_import", acme_file, as_new="Two", slug="two", yes=True)
    assert "The archive is now two" in capsys.readouterr().out
    two = found(cast, slug="two")
    assert two.name == "Two"
    over, new = sorted(
        entries(cast, "organization.imported"), key=lambda one: one.created_at
    )
    assert (over.after["over"], new.after["over"]) == (True, False)
    assert new.after["from"] == str(cast.acme.pk)
    assert new.after["organization"] == str(two.pk)
    run("audit_verify")


def test_whoever_types_another_name_changes_nothing(cast, acme_file, monkeypatch):
    monkeypatch.setattr("builtins.input", lambda _words: "no")
    for command, what in (("org_delete", "acme"), ("org_import", acme_file)):
        how = {"over": "acme"} if command == "org_import" else {}
        with pytest.raises(CommandError, match="Nothing was changed"):
            run(command, what, **how)
    assert found(cast, slug="acme").deleted_at is None


def test_a_broken_archive_is_named(cast, acme_file, tmp_path):
    data = acme_file.read_bytes()
    broken = tmp_path / "broken.zip"
    broken.write_bytes(data[: len(data) - 30])
    with pytest.raises(CommandError, match="Nothing was changed. It is no ZIP"):
        run("org_import", broken, over="acme", yes=True)
    with pytest.raises(CommandError, match="cannot be read"):
        run("org_import", tmp_path / "missing.zip", yes=True)


def test_another_installations_archive_is_trusted_by_its_key(cast, acme_file, tmp_path):
    file = tmp_path / "foreign.zip"
    with override_settings(SECRET_KEY="x" * 60):
        run("org_export", "acme", to=file)
        key = signing.public_key()
    with pytest.raises(CommandError, match=key):
        run("org_import", file, as_new="Two", slug="two", yes=True)
    run("org_import", file, as_new="Two", slug="two", yes=True, trust=[key])
    assert found(cast, slug="two")


def test_an_archive_that_is_not_whole_is_not_kept(cast, tmp_path, monkeypatch):
    def refuse(*args):
        raise OSError(5, "the storage is away")

    monkeypatch.setattr("organizations.archives.files.names", refuse)
    with pytest.raises(CommandError, match="the storage is away"):
        run("org_export", "acme", to=tmp_path / "acme.zip")
    assert list(tmp_path.iterdir()) == []
    assert entries(cast, "organization.exported") == []


def test_accounts_are_only_made_with_the_rows(cast, acme_file, tmp_path):
    def change(name, text):
        return text.replace(b'"rank": "numeric"', b'"mood": "numeric"')

    data = stranger(acme_file.read_bytes(), cast.bob)
    file, odd = tmp_path / "stranger.zip", tmp_path / "odd.zip"
    file.write_bytes(data)
    odd.write_bytes(resigned(data, change))
    with pytest.raises(CommandError, match="Nothing was changed.*mood"):
        run("org_import", odd, as_new="2", slug="two", yes=True, create_people=True)
    with no_context(), identity():
        assert not User.objects.filter(email="stranger@example.com").exists()
    run("org_import", file, as_new="2", slug="two", yes=True, create_people=True)
    with no_context(), identity():
        assert User.objects.filter(email="stranger@example.com").exists()


def test_deleting_can_be_taken_back_unless_it_is_now(cast, capsys):
    run("org_delete", "acme", yes=True)
    assert found(cast, slug="acme").restorable_until is not None
    with pytest.raises(CommandError, match="deleted already"):
        run("org_delete", "acme", yes=True)
    run("org_delete", "acme", yes=True, now=True)
    assert "has ended" in capsys.readouterr().out
    assert found(cast, slug="acme") is None
    assert found(cast, slug="globex").deleted_at is None
    (over,) = entries(cast, "organization.time_ended")
    assert over.actor_type == "operator"
    assert over.after["organization"] == str(cast.acme.pk)
    (purged,) = entries(cast, "organization.purged")
    assert purged.before["slug"] == "acme"
