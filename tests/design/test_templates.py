"""What no template may hold, whoever writes it."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.template.loader import get_template
from django.urls import URLPattern, URLResolver, get_resolver

from tests.design.sources import MODULES, ROOT, TEMPLATES, icons, name

FORBIDDEN = {
    "an inline style": r"""<[^>]*\sstyle\s*=""",
    "an inline handler": r"""<[^>]*\son[a-z]+\s*=\s*["']""",
    "an htmx handler": r"\bhx-on\b",
    "a value made by script": r"""=\s*["'](?:js|javascript):""",
    "a trigger filter, which a strict CSP skips": r"""hx-trigger\s*=\s*["'][^"']*\[""",
    "a colour that is no token": r"""["'\s:]#(?:[0-9a-fA-F]{3}){1,2}\b["';\s]""",
    "a script without nonce": r"<script(?![^>]*\bnonce=)[^>]*>",
    "a script in the page": r"<script(?![^>]*\bsrc=)[^>]*>",
}
ICON = re.compile(
    r"""{%\s*icon\s+["']([\w-]+)"""
    r"""|\b(?:action_)?icon=["']([\w-]+)"""
    r"""|icons\.svg["']\s*%}\#([\w-]+)"""
    r"""|{%\s*block\s+icon\s*%}([\w-]+)"""
)


def known_urls(resolver: URLResolver, space: str = "") -> set[str]:
    found = set()
    for entry in resolver.url_patterns:
        if isinstance(entry, URLPattern) and entry.name:
            found.add(space + entry.name)
        elif isinstance(entry, URLResolver):
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            found |= known_urls(entry, inner)
    return found


def breaches(text: str) -> dict[str, list[str]]:
    found = {what: re.findall(rule, text) for what, rule in FORBIDDEN.items()}
    return {what: lines for what, lines in found.items() if lines}


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_template_holds_nothing_the_csp_refuses(path: Path) -> None:
    assert breaches(path.read_text()) == {}


@pytest.mark.parametrize(
    ("what", "line"),
    [
        ("an inline style", '<p class="a" style="color: red">'),
        ("an inline handler", '<button onclick="go()">'),
        ("an htmx handler", '<a hx-on:click="x">'),
        ("a value made by script", '<a hx-vals="js:{a: 1}">'),
        ("a value made by script", '<a href="javascript:go()">'),
        ("a trigger filter, which a strict CSP skips", '<a hx-trigger="click[x]">'),
        ("a colour that is no token", '<rect fill="#a3b" >'),
        ("a script without nonce", '<script src="x.js">'),
        ("a script in the page", '<script nonce="x">go()'),
    ],
)
def test_lint_sees_what_it_forbids(what: str, line: str) -> None:
    assert set(breaches(line)) >= {what}


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_template_compiles(path: Path) -> None:
    assert get_template(str(path.relative_to(ROOT / "templates")))


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_every_address_in_a_template_exists(path: Path) -> None:
    named = re.findall(r"""{%\s*url\s+["']([^"']+)["']""", path.read_text())
    # The map of a development server has all there are.
    assert set(named) <= known_urls(get_resolver("tests.billing.urls"))


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_every_static_file_in_a_template_exists(path: Path) -> None:
    named = re.findall(r"""{%\s*static\s+["']([^"']+)["']""", path.read_text())
    assert [file for file in named if finders.find(file) is None] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_every_icon_in_a_template_is_in_the_sprite(path: Path) -> None:
    found = {next(filter(None, groups)) for groups in ICON.findall(path.read_text())}
    assert found <= icons()


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_markup_written_in_python_keeps_the_same_rules(path: Path) -> None:
    kept = {"an inline style", "an inline handler", "an htmx handler"}
    assert kept & set(breaches(path.read_text())) == set()


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_every_form_that_changes_something_carries_a_token(path: Path) -> None:
    for form in re.findall(r"<form\b.*?</form>", path.read_text(), re.DOTALL):
        if re.search(r"""method=["']post["']""", form):
            assert "csrf_token" in form, form[:80]
