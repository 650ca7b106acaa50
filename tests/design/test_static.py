"""Styles and scripts: one vocabulary, little weight."""

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from tests.design.sources import ENTRIES, ROOT, SCRIPTS, STYLES, TEMPLATES, name

LAYERS = ("tokens", "base", "layout", "components", "pages", "utilities")
WEIGHT = 80_000
TOKENS = (ROOT / "static/css/tokens.css").read_text()
LINKED, IMPORTED = (path.read_text() for path in sorted(ENTRIES))


def squeezed(paths: list[Path]) -> int:
    """Return the bytes that go over the wire, each file alone."""
    return sum(len(gzip.compress(path.read_bytes(), 6)) for path in paths)


def test_all_styles_and_scripts_together_stay_light() -> None:
    htmx = Path(str(finders.find("django_htmx/htmx-2.min.js")))
    assert squeezed([*STYLES, *SCRIPTS, *ENTRIES, htmx]) < WEIGHT


def test_layers_are_ordered_by_the_file_linked_first() -> None:
    assert f"@layer {', '.join(LAYERS)};" in TOKENS
    assert LINKED.index("tokens.css") < LINKED.index("base.css")


@pytest.mark.parametrize("path", STYLES, ids=name)
def test_style_lives_in_one_layer(path: Path) -> None:
    found = re.findall(r"^@layer (\w+) {", path.read_text(), re.MULTILINE)
    assert len(found) == 1
    assert found[0] in LAYERS


@pytest.mark.parametrize("path", STYLES, ids=name)
def test_style_uses_only_tokens_that_exist(path: Path) -> None:
    text = path.read_text()
    known = set(re.findall(r"(--[\w-]+):", TOKENS + text))
    assert set(re.findall(r"var\((--[\w-]+)", text)) <= known


@pytest.mark.parametrize("path", STYLES, ids=name)
def test_style_names_no_colour_by_number(path: Path) -> None:
    assert re.findall(r":[^;{]*#[0-9a-fA-F]{3,8}\b", path.read_text()) == []


@pytest.mark.parametrize("path", STYLES, ids=name)
def test_style_puts_one_declaration_on_a_line(path: Path) -> None:
    crowded = [line for line in path.read_text().splitlines() if line.count(";") > 1]
    assert crowded == []


@pytest.mark.parametrize("path", STYLES, ids=name)
def test_style_points_at_files_that_exist(path: Path) -> None:
    for target in re.findall(r'url\("([^"]+)"\)', path.read_text()):
        if not target.startswith("data:"):
            assert (path.parent / target).resolve().is_file(), target


def test_every_style_is_linked_by_the_pages() -> None:
    # The bar of staff who look on brings its own, on whatever page it stands.
    elsewhere = {"error.css", "operator.css", "support.css"}
    files = {str(path.relative_to(ROOT / "static/css")) for path in STYLES}
    assert set(re.findall(r'"/static/css/([^"]+)"', LINKED)) == files - elsewhere


@pytest.mark.parametrize("path", SCRIPTS, ids=name)
def test_script_is_loaded_by_some_page(path: Path) -> None:
    address = f'"{path.relative_to(ROOT / "static")}"'
    pages = [page for page in TEMPLATES if address in page.read_text()]
    assert pages or f'import "/static/js/{path.name}";' in IMPORTED


@pytest.mark.parametrize("path", SCRIPTS, ids=name)
def test_script_evaluates_no_text(path: Path) -> None:
    forbidden = (
        r"\beval\(|new Function|innerHTML|outerHTML|insertAdjacentHTML|\.style\b"
    )
    assert re.findall(forbidden, path.read_text()) == []


@pytest.mark.parametrize("path", SCRIPTS, ids=name)
def test_script_is_one_short_behaviour(path: Path) -> None:
    lines = path.read_text().splitlines()
    assert len(lines) <= 100
    assert not [line for line in lines if line.startswith("import ")]


@pytest.mark.parametrize(
    "file", ["fonts/OFL-Inter.txt", "img/LICENSE-icons.txt", "img/favicon.svg"]
)
def test_what_others_made_comes_with_its_licence(file: str) -> None:
    assert (ROOT / "static" / file).stat().st_size > 0
