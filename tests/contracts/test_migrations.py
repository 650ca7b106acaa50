"""Migrations are complete, named by hand, and independent of today's code."""

import ast
import re

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db.migrations.loader import MigrationLoader

from config import frozen
from tests.contracts.house import PACKAGES, files, functions, name_of, tree

OWN = [path for path in files(*PACKAGES) if "migrations" in path.parts]
with_owner = pytest.mark.django_db(databases=["default", "owner"])
NAMED = [path for path in OWN if path.name != "__init__.py"]


# cap 83
@with_owner
def test_models_and_migrations_agree():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


# cap 84
def test_migrations_are_numbered_and_named_by_hand():
    assert NAMED
    for path in NAMED:
        assert re.fullmatch(r"\d{4}_[a-z]+(_[a-z]+)*", path.stem), name_of(path)
        assert "auto" not in path.stem


# cap 84
@pytest.mark.django_db
def test_applied_migrations_are_recorded_with_their_time():
    from django.db.migrations.recorder import MigrationRecorder

    rows = MigrationRecorder.Migration.objects.filter(app="tasks")
    assert rows.get(name="0001_initial").applied is not None


# cap 83
@with_owner
def test_pending_migrations_can_be_shown(capsys):
    call_command("showmigrations", "tasks", database="owner")
    assert "[X] 0001_initial" in capsys.readouterr().out


# cap 83
@with_owner
def test_migration_can_be_read_as_sql_before_it_runs(capsys):
    call_command("sqlmigrate", "tasks", "0001_initial", database="owner")
    text = capsys.readouterr().out
    assert 'CREATE TABLE "tasks_task"' in text
    assert "FORCE ROW LEVEL SECURITY" in text


# cap 87
def test_history_of_each_app_is_one_line():
    graph = MigrationLoader(None).graph
    for config in apps.get_app_configs():
        assert len(graph.leaf_nodes(config.label)) <= 1, config.label


# cap 87
def test_data_migrations_use_the_models_of_their_time():
    bodies = [f for path, f in functions(NAMED) if path in NAMED]
    imports = [
        node
        for body in bodies
        for node in ast.walk(body)
        if isinstance(node, ast.Import)
    ]
    assert imports == []


# cap 87
def test_every_migration_does_one_idea_of_few_operations():
    later = [path for path in NAMED if path.name != "0001_initial.py"]
    many = [
        name_of(path)
        for path in later
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Assign)
        and ast.unparse(node.targets[0]) == "operations"
        and len(getattr(node.value, "elts", [])) > 5
    ]
    assert many == []


# cap 87
def test_released_migration_is_never_edited():
    assert list(frozen.edited()) == []
    assert len(frozen.frozen()) >= 80


# cap 87
def test_migrations_since_then_keep_nobody_waiting():
    found = frozen.findings(MigrationLoader(None))
    assert {path: reasons for path, reasons in found.items() if reasons} == {}


# cap 83, 87
@pytest.mark.parametrize(
    "rule",
    [
        "migrate --plan",
        "showmigrations",
        "sqlmigrate",
        "manage.py backup",
        "upgrade_rehearsal",
        "One change a migration",
        "never edited",
        "changelog",
    ],
)
def test_recipe_of_a_migration_is_written_down(rule):
    assert rule in (frozen.settings.BASE_DIR / "docs/migrations.md").read_text()
