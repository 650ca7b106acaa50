"""Every key that is asked for in code and templates is declared, and is a row."""

import ast
import re

import pytest

from organizations.flags import declared
from organizations.flags.declared import DECLARED
from organizations.flags.models import FeatureFlag
from tests.contracts.house import files, name_of, product, tree
from tests.contracts.test_sources import called

ASKS = {"is_enabled", "require_flag"}
TAG = re.compile(r"""{%\s*flag\s+["']([^"']+)["']""")
OWN = "organizations/flags/"


def keys_of_code():
    """Yield each file with what it asks for: a word, or a name of the list."""
    for path in product():
        if name_of(path).startswith(OWN):
            continue
        for node in ast.walk(tree(path)):
            if called(node) in ASKS:
                yield name_of(path), node.args[0]


def word(argument):
    if isinstance(argument, ast.Constant):
        return argument.value
    return getattr(declared, argument.id)


def keys_of_templates():
    for path in files("templates", suffix=".html"):
        for key in TAG.findall(path.read_text(encoding="utf-8")):
            yield name_of(path), key


def test_what_is_asked_for_is_declared():
    asked = {word(argument) for _path, argument in keys_of_code()}
    asked |= {key for _path, key in keys_of_templates()}
    assert asked == DECLARED


@pytest.mark.django_db
def test_what_is_declared_is_there_and_on():
    rows = FeatureFlag.objects.filter(key__in=DECLARED)
    assert {row.key for row in rows} == DECLARED
    # A new installation has everything.
    assert all(row.default_enabled and not row.is_killed for row in rows)
    assert all(row.name and row.description for row in rows)
