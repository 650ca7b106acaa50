"""What we hold ourselves to: small functions, small files, more tests than code."""

import ast
import re
import statistics

import pytest

from tests.contracts.house import (
    PACKAGES,
    files,
    functions,
    length,
    lines_of_code,
    name_of,
    percentile,
    product,
    tree,
)

LENGTHS = [length(node) for _path, node in functions(product())]
FILES = {path: lines_of_code(path) for path in product()}
TEMPLATES = {path: lines_of_code(path) for path in files("templates", suffix=".html")}
SCRIPTS = [
    path
    for path in files("static/js", suffix=".js")
    if not path.name.endswith("min.js")
]


def test_median_function_is_short():
    assert statistics.median(LENGTHS) <= 8


def test_most_functions_are_short():
    assert percentile(LENGTHS, 0.95) <= 30


def test_no_function_is_long():
    long = [f"{name_of(p)}:{f.name}" for p, f in functions(product()) if length(f) > 60]
    assert long == []


def test_most_files_are_short():
    assert percentile(list(FILES.values()), 0.95) <= 300


def test_no_file_is_long():
    every = product() + files("tests")
    assert [name_of(path) for path in every if lines_of_code(path) > 500] == []


def test_templates_are_short():
    sizes = list(TEMPLATES.values())
    assert statistics.median(sizes) <= 20
    assert percentile(sizes, 0.95) <= 90
    assert [name_of(path) for path, size in TEMPLATES.items() if size > 200] == []


def test_scripts_are_short():
    own = [path for path in SCRIPTS if "vendor" not in path.parts]
    assert own
    assert [name_of(path) for path in own if lines_of_code(path) > 100] == []


def views():
    """Yield the view functions of the house."""
    for path, function in functions(product()):
        first = function.args.args[0].arg if function.args.args else ""
        if path.name == "views.py" and first == "request" and function.decorator_list:
            yield path, function


def test_views_are_short():
    found = {f"{name_of(p)}:{f.name}": length(f) for p, f in views()}
    assert len(found) >= 10
    assert [name for name, lines in found.items() if lines > 20] == []


def test_views_are_functions():
    assert not [
        f"{name_of(path)}:{node.name}"
        for path in product()
        if path.name == "views.py"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ClassDef)
    ]


def test_tests_outweigh_the_code():
    code = sum(lines_of_code(path) for path in product())
    tests = sum(lines_of_code(path) for path in files("tests"))
    assert tests / code >= 1.2, f"{tests} lines of tests for {code} of code"


# cap 90
def test_functions_say_what_they_return():
    every = [function for _path, function in functions(product())]
    typed = [function for function in every if function.returns is not None]
    assert len(typed) / len(every) >= 0.98


def test_comments_are_rare():
    lines = [
        line.strip()
        for path in product()
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    comments = [line for line in lines if line.startswith("#")]
    assert len(comments) / len(lines) <= 0.10


def test_every_model_says_what_one_row_means():
    silent = [
        f"{name_of(path)}:{node.name}"
        for path in product()
        if path.name == "models.py"
        for node in tree(path).body
        if isinstance(node, ast.ClassDef) and ast.get_docstring(node) is None
    ]
    assert silent == []


def test_every_module_of_the_product_has_one_sentence_or_none_to_say():
    long = []
    for path in product():
        first = (ast.get_docstring(tree(path)) or "").split("\n\n")[0]
        if len(first) > 200:
            long.append(name_of(path))
    assert long == []


NAMES = [
    (path, function)
    for path in files("tests")
    for function in tree(path).body
    if isinstance(function, ast.FunctionDef) and function.name.startswith("test_")
]


def test_names_of_tests_are_sentences():
    assert len(NAMES) > 200
    short = [f"{name_of(p)}:{f.name}" for p, f in NAMES if f.name.count("_") < 2]
    assert short == []


def test_tests_are_short():
    sizes = [length(function) for _path, function in NAMES]
    assert statistics.median(sizes) <= 10
    assert percentile(sizes, 0.95) <= 25


@pytest.mark.parametrize("word", ["time.sleep(", "unittest.mock", "MagicMock"])
def test_tests_neither_sleep_nor_mock(word):
    apart = {"durability", "devdb", "devserver", "browser", "benchmarks", "contracts"}
    found = [
        name_of(path)
        for path in files("tests")
        if path.name.startswith("test_")
        and apart.isdisjoint(path.parts)
        and word in path.read_text(encoding="utf-8")
    ]
    assert found == []


def test_no_work_is_left_for_later():
    marker = re.compile(r"(#|//|/\*|<!--|\{#|comment %\})\s*(TODO|FIXME|XXX|HACK)\b")
    everything = [
        *files(*PACKAGES, "tests", "docs"),
        *files("templates", suffix=".html"),
        *files("static", suffix=".css"),
        *SCRIPTS,
        *files("docs", suffix=".md"),
    ]
    left = [p for p in everything if marker.search(p.read_text(encoding="utf-8"))]
    assert [name_of(path) for path in left] == []
