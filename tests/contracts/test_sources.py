"""What must not stand in the sources: raw SQL, addresses, other machines' paths."""

import ast
import re
from pathlib import Path

import pytest
from django.template.loader import get_template

from tests.contracts.house import (
    PACKAGES,
    ROOT,
    files,
    functions,
    module_of,
    name_of,
    product,
    tree,
)

# Where statements are written by hand, and why: each says so in its docstring.
SQL = (
    "organizations.tenancy",
    "organizations.archives.rows",
    "organizations.purging",
    "organizations.queries",
    "organizations.api.queries",
    "organizations.audit.chain",
    "organizations.limits.counting",
    "organizations.audit.queries",
    "organizations.domains.queries",
    "organizations.invitations.queries",
    "organizations.notes.statements",
    "accounts.cache",
    "accounts.sessions",
    "billing.queries",
    "tasks.changesets.statements",
    "tasks.flows",
    "tasks.neighbours",
    "tasks.people",
    "tasks.columns",
    "tasks.queries",
    "tasks.search",
    "config.archives.hashing",
    "config.backups",
    "config.devdb",
    "config.distribute",
    "config.doctor",
    "config.fingerprints",
    "config.proofs",
    "config.queue",
    "config.operator.leftovers",
    "config.management.commands.create_roles",
    "config.management.commands.distribute",
)
CALLS = {"raw", "extra", "cursor", "RawSQL", "executemany"}


def called(node: ast.AST) -> str:
    if not isinstance(node, ast.Call):
        return ""
    return getattr(node.func, "attr", getattr(node.func, "id", ""))


# cap 44
def test_statements_are_written_by_hand_in_few_modules():
    found = {
        module_of(path)
        for path in product()
        for node in ast.walk(tree(path))
        if called(node) in CALLS
    }
    assert found
    assert [module for module in sorted(found) if not module.startswith(SQL)] == []


def test_the_record_is_written_past_looking_on_in_two_modules_only():
    found = {
        module_of(path)
        for path in product()
        for node in ast.walk(tree(path))
        if called(node) == "for_the_record"
    }
    assert found == {"organizations.support.flows", "organizations.support.visiting"}


@pytest.mark.parametrize("folder", [*PACKAGES, "tests", "docs", "requirements"])
def test_no_machine_has_left_its_paths(folder):
    folders = "|".join(("root", "home", "Users", "work", "mnt"))
    paths = re.compile(rf"/({folders})/\w?")
    found = [
        name_of(path)
        for path in (ROOT / folder).rglob("*")
        if path.suffix in {".py", ".md", ".txt", ".in", ".toml"}
        and path.name != Path(__file__).name
        and paths.search(path.read_text(encoding="utf-8"))
    ]
    assert found == []


@pytest.mark.parametrize("path", files("requirements", suffix=".txt"), ids=name_of)
def test_locked_requirements_name_no_registry(path):
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"https?://|--index|--extra-index|--find-links|file:", text)
    pinned = re.findall(r"^[a-z0-9._\[\],-]+==", text, flags=re.M | re.I)
    assert len(pinned) > 5 or "gunicorn" in text
    assert text.count("--hash=sha256:") >= len(pinned)


@pytest.mark.parametrize("path", files("requirements", suffix=".in"), ids=name_of)
def test_each_required_package_has_its_reason(path):
    reasons = (ROOT / "docs/adr/0006-dependencies.md").read_text(encoding="utf-8")
    names = re.findall(r"^([A-Za-z][\w-]*)", path.read_text(encoding="utf-8"), re.M)
    assert names
    assert [name for name in names if f"`{name}" not in reasons] == []


def test_no_view_reads_a_body_without_a_form():
    bare = re.compile(r"request\.POST(\.get\(|\[|\.getlist\()|request\.body")
    found = [p for p in product() if bare.search(p.read_text(encoding="utf-8"))]
    assert [name_of(path) for path in found if path.name == "views.py"] == []


def test_no_signal_hides_in_a_save():
    hidden = re.compile(
        r"\bimport.*\b(post_save|pre_save|post_delete|pre_delete|m2m_changed)\b"
    )
    found = [p for p in product() if hidden.search(p.read_text(encoding="utf-8"))]
    assert [name_of(path) for path in found] == []


def test_time_has_a_zone():
    naive = re.compile(r"datetime\.(now|utcnow|today)\(\)|date\.today\(\)")
    found = [p for p in product() if naive.search(p.read_text(encoding="utf-8"))]
    assert [name_of(path) for path in found] == []


def renders() -> list[tuple[str, str]]:
    """Return the templates that views name in a constant."""
    return [
        (name_of(path), node.value)
        for path, function in functions(product())
        for node in ast.walk(function)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and re.fullmatch(r"\w+/\w+/?\w+\.html(#\w+)?", node.value)
    ]


def test_every_named_template_exists():
    named = renders()
    assert len(named) >= 10
    for _module, template in named:
        get_template(template)


def test_jobs_call_no_flow_and_are_short():
    long = [
        f"{name_of(path)}:{function.name}"
        for path, function in functions(product())
        if path.name == "jobs.py" and (function.end_lineno or 0) - function.lineno > 25
    ]
    assert long == []


def test_license_is_mit():
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert text.startswith("MIT License")
    assert "The Insula authors" in text


@pytest.mark.parametrize("number", range(1, 17))
def test_decision_is_written_down(number):
    (path,) = (ROOT / "docs/adr").glob(f"{number:04}-*.md")
    text = path.read_text(encoding="utf-8")
    for heading in ("## Context", "## Decision", "## Consequences"):
        assert heading in text


def test_style_fits_on_a_page():
    assert len((ROOT / "STYLE.md").read_text(encoding="utf-8").splitlines()) <= 80


LINKED = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)")


@pytest.mark.parametrize(
    "path", [*ROOT.glob("*.md"), *files("docs", suffix=".md")], ids=name_of
)
def test_links_between_papers_lead_somewhere(path):
    for target in LINKED.findall(path.read_text(encoding="utf-8")):
        assert (path.parent / target).exists(), target
