"""The house has exactly these rooms and papers at its front door."""

import importlib
from pathlib import Path

import pytest

from tests.contracts.house import PACKAGES, ROOT, files, name_of

CODE = {"manage.py", "pyproject.toml", "requirements", *PACKAGES}
SHOWN = {"templates", "static", "locale", "tests"}
PAPERS = {"README.md", "STYLE.md", "CHANGELOG.md", "LICENSE", "Makefile", "docs"}
SERVED = {"Dockerfile", "compose.yaml", "Procfile", "deploy"}
BANNED = {"services", "selectors", "utils", "helpers", "common", "misc", "core"}
# Our `organizations` lets the library of that name supply what we do not have.
OURS = ("admin", "apps", "forms", "migrations", "models", "urls", "views")
THEIRS = ("abstract", "base", "exceptions", "fields", "managers", "signals")


def ignored() -> set[str]:
    lines = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    return {line.strip("/") for line in lines}


def test_top_level_is_complete_and_nothing_else():
    present = {p.name for p in ROOT.iterdir() if not p.name.startswith(".")}
    assert present - ignored() == CODE | SHOWN | PAPERS | SERVED


@pytest.mark.parametrize("name", sorted(BANNED))
def test_no_drawer_without_a_meaning(name):
    stems = {path.stem for path in files(*PACKAGES)}
    folders = {path.parent.name for path in files(*PACKAGES)}
    assert name not in stems | folders


@pytest.mark.parametrize("name", OURS)
def test_module_of_organizations_is_ours(name):
    found = Path(importlib.import_module(f"organizations.{name}").__file__)
    assert found.is_relative_to(ROOT / "organizations")


@pytest.mark.parametrize("name", THEIRS)
def test_module_the_library_needs_is_not_shadowed(name):
    assert not (ROOT / "organizations" / f"{name}.py").exists()


def test_house_is_never_built_as_a_package():
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert "[build-system]" not in text
    assert not {"setup.py", "setup.cfg"} & {path.name for path in ROOT.iterdir()}


def test_every_folder_of_tests_is_a_package():
    folders = {path.parent for path in files("tests")}
    assert [name_of(f) for f in folders if not (f / "__init__.py").exists()] == []


@pytest.mark.parametrize("folder", ["tests/accounts", "tests/tasks", "tests/billing"])
def test_room_has_tests_under_its_label(folder):
    assert files(folder)
