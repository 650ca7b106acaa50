"""Imports point downwards only, and each contract catches what it forbids."""

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.contracts.house import (
    PACKAGES,
    ROOT,
    functions,
    module_of,
    name_of,
    product,
    tree,
)

LINT = str(Path(sys.executable).with_name("lint-imports"))
DOORS = (
    # What staff are told of the installation stands in the platform's log.
    "config.doctor",
    "config.proofs",
    "organizations.tenancy",
    "config.operator",
    "config.seeds",
    # It walks every organization's chain of entries.
    "config.management.commands.audit_verify",
    # They find an organization by its address, and say that its time is over.
    "config.archives.ending",
    "config.archives.finding",
    # The price list is everybody's, so only staff write it.
    "config.management.commands.billing_setup",
    # Every organization's secrets are locked anew with the present key.
    "config.rotation",
    # The mirror is nobody's but staff's.
    "billing.intake.mirror",
)


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [LINT, "--no-cache"], cwd=folder, capture_output=True, text=True, timeout=60
    )


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """Copy the product, so that a violation can be planted in it."""
    folder = tmp_path_factory.mktemp("house")
    for name in PACKAGES:
        skip = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / name, folder / name, ignore=skip)
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def test_every_contract_is_kept(copy):
    ended = lint(copy)
    assert ended.returncode == 0, ended.stdout


@pytest.mark.parametrize(
    ("module", "planted", "contract"),
    [
        ("tasks/models.py", "import billing.models", "Floors rest on"),
        ("accounts/models.py", "import organizations.models", "Floors rest on"),
        ("organizations/models.py", "import organizations.views", "Rooms of org"),
        (
            "organizations/audit/models.py",
            "import organizations.models",
            "Rooms of org",
        ),
        ("accounts/jobs.py", "import accounts.flows", "Rooms of accounts"),
        ("tasks/models.py", "import tasks.comments.models", "Rooms of tasks"),
        ("organizations/tenancy/models.py", "import accounts.models", "Tenancy is the"),
        ("tasks/models.py", "import tasks.views", "Every room is built"),
        (
            "tasks/flows.py",
            "import organizations.tenancy.bypass",
            "The way round the walls",
        ),
    ],
)
def test_planted_violation_is_caught(copy, module, planted, contract):
    path = copy / module
    text = path.read_text(encoding="utf-8")
    path.write_text(f"{text}\n{planted}\n", encoding="utf-8")
    ended = lint(copy)
    path.write_text(text, encoding="utf-8")
    broken = [line for line in ended.stdout.splitlines() if " BROKEN" in line]
    assert ended.returncode == 1
    assert any(line.startswith(contract) for line in broken)


def imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.ImportFrom):
        return [f"{node.module}.{alias.name}" for alias in node.names]
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return []


def test_operator_context_is_entered_by_few():
    named = {
        module_of(path)
        for path in product()
        for node in ast.walk(tree(path))
        for name in imported(node)
        if name.startswith("organizations.tenancy") and name.endswith(".operator")
    }
    assert named
    assert [module for module in named if not module.startswith(DOORS)] == []


def test_imports_are_absolute():
    assert not [
        name_of(path)
        for path in product()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ImportFrom) and node.level
    ]


def test_no_app_imports_another_lazily():
    found = [
        f"{name_of(path)}: {name}"
        for path, function in functions(product())
        for node in ast.walk(function)
        for name in imported(node)
        if name.split(".")[0] in PACKAGES
        and name.split(".")[0] != path.relative_to(ROOT).parts[0]
    ]
    assert found == []
