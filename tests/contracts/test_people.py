"""Who has left is out of sight for an organization, and what they made is not."""

import ast
import re

import pytest
from django.apps import apps

from accounts.models import User
from tests.contracts.house import PACKAGES, name_of, product, tree
from tests.contracts.test_sources import called

# A person's own rows end with their place; what these name is in sight.
OWN = {"user"}
# Sign-in finds them, where nobody has left: who of the staff looks on, and as whom.
AT_SIGN_IN = {"staff", "person"}
# Staff look from outside the walls, where nobody has left.
STAFF = re.compile(r"/admin\.py$|^config/operator/")
# What people made and others still see.
MADE_BY = (
    {
        field.name
        for model in apps.get_models()
        if model.__module__.partition(".")[0] in PACKAGES
        for field in model._meta.fields
        if field.related_model is User and not field.null
    }
    - OWN
    - AT_SIGN_IN
)
SOURCES = [path for path in product() if not STAFF.search(name_of(path))]


def joined(node: ast.AST) -> set[str]:
    """Return the people a query would join by an inner join."""
    if isinstance(node, ast.Call) and called(node) == "select_related":
        texts = [each.value for each in node.args if isinstance(each, ast.Constant)]
        return {name for text in texts for name in str(text).split("__")} & MADE_BY
    return {
        argument.arg
        for argument in getattr(node, "keywords", [])
        if argument.arg
        and argument.arg.partition("__")[0] in MADE_BY
        and argument.arg.partition("__")[2] not in ("", "in")
    }


def test_there_are_people_who_made_something():
    assert {"created_by", "uploaded_by", "made_by"} <= MADE_BY


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_nothing_made_by_a_leaver_is_joined_away(path):
    found = {name for node in ast.walk(tree(path)) for name in joined(node)}
    assert found == set()
