"""What the API promises of itself: names, words, shapes, and whom it lets in."""

from enum import Enum
from typing import get_args

import pytest
from pydantic import BaseModel

from config.api import ROUTERS, api
from organizations.api.scopes import Scope
from organizations.invitations.models import State as InvitationState
from organizations.invitations.shapes import Invitation
from tasks.changesets.models import Kind, State
from tasks.changesets.shapes import ChangeSet
from tests.api_client import described, validator
from tests.contracts.house import PACKAGES

OPERATIONS = {
    operation.view_func.__name__: operation
    for router in ROUTERS
    for view in router.path_operations.values()
    for operation in view.operations
}
SAID = [
    (path, method, words)
    for path, methods in described()["paths"].items()
    for method, words in methods.items()
]
each = pytest.mark.parametrize("name", sorted(OPERATIONS))


def test_no_two_operations_are_called_the_same():
    ids = [words["operationId"] for _path, _method, words in SAID]
    assert len(ids) == len(set(ids)) == len(OPERATIONS)


@each
def test_every_operation_names_what_a_key_needs(name):
    (asked,) = OPERATIONS[name].auth_callbacks
    assert isinstance(asked, Scope)
    wants_view = OPERATIONS[name].methods == ["GET"]
    sees = {"members.invite", "audit.view"}
    assert asked.ability.endswith(".view") == wants_view or asked.ability in sees


@each
def test_every_operation_says_what_it_does(name):
    assert (OPERATIONS[name].view_func.__doc__ or "").strip().endswith(".")


@pytest.mark.parametrize("said", SAID, ids=lambda said: said[2]["operationId"])
def test_every_operation_says_what_it_answers(said):
    path, method, words = said
    good = [status for status in words["responses"] if status.startswith("2")]
    assert len(good) == 1
    assert {"401", "403", "404", "422"} <= set(words["responses"])
    kinds = words["responses"][good[0]].get("content", {})
    if "application/json" in kinds:
        assert validator(path, method, good[0]) is not None
    else:
        assert good == ["204"] or list(kinds) == ["image/webp"]


def test_no_two_shapes_share_a_name():
    found: set[type] = set()
    for operation in OPERATIONS.values():
        for model in [*operation.response_models.values(), *operation.models]:
            walk(model, found)
    ours = [each for each in found if each.__module__.partition(".")[0] in PACKAGES]
    names = [each.__name__ for each in ours]
    assert len(names) == len(set(names)) > 30


def walk(kind, found):
    """Gather the classes that a shape is made of."""
    for part in get_args(kind):
        walk(part, found)
    if not isinstance(kind, type) or kind in found:
        return
    if issubclass(kind, (BaseModel, Enum)):
        found.add(kind)
        for field in getattr(kind, "model_fields", {}).values():
            walk(field.annotation, found)


def test_words_of_a_state_are_those_of_the_tables():
    of = {
        Invitation.model_fields["state"]: InvitationState,
        ChangeSet.model_fields["state"]: State,
        ChangeSet.model_fields["kind"]: Kind,
    }
    for field, words in of.items():
        assert set(get_args(field.annotation)) == set(words.values)


def test_every_list_goes_on_by_a_cursor():
    lists = [name for name in OPERATIONS if name.startswith("list_")]
    assert len(lists) >= 10
    for path, _method, words in SAID:
        if words["operationId"] in set(lists) - {"list_events"}:
            names = {one["name"] for one in words["parameters"]}
            assert {"cursor", "limit"} <= names, path


def test_the_description_is_one_of_openapi_three():
    assert api.get_openapi_schema()["openapi"].startswith("3.1")
