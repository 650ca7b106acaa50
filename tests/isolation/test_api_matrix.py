"""Every operation of the API, with every kind of key.

What is expected is read from the operations themselves; one without a scope, or one
about an object that has no sample, fails.
"""

import re
import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from config.reference.openapi import schema
from config.routes import every_route
from organizations.api.flows import revoke_key
from organizations.api.offered import ABILITIES as OFFERED
from organizations.tenancy import no_context, tenant
from tests.api.conftest import Program, code_of, make_key
from tests.isolation.api_samples import SAMPLES

OPERATIONS = [route for route in every_route() if route.by_key]
# An empty body lacks what it needs; that is told to those only who may.
FINE = {200, 201, 202, 204, 409, 422}
# Where the sample is not what an operation is about.
REFUSED = {
    # What somebody else has said takes another scope as well.
    "v1:remove_comment": {403},
    "v1:restore_comment": {403},
    # The sample belongs to no team.
    "v1:remove_team_member": {404},
}
PLACE = re.compile(r"<(?:\w+:)?(\w+)>")
each_operation = pytest.mark.parametrize(
    "route", OPERATIONS, ids=[route.name for route in OPERATIONS]
)
about_an_object = pytest.mark.parametrize(
    "route",
    [route for route in OPERATIONS if PLACE.search(route.address)] or [None],
    ids=lambda route: route.name if route else "none",
)


def method_of(route):
    (method,) = route.methods
    return method


def filled(route, keys):
    return PLACE.sub(lambda found: str(keys[found[1]]), route.address)


def of(home, cast, route):
    """Return the address of an operation with objects of an organization."""
    places = PLACE.findall(route.address)
    return filled(route, {name: SAMPLES[name](cast, home) for name in places})


def without_id(answer):
    body = answer.json()
    body.pop("request_id")
    return answer.status_code, body


def test_keys_can_be_given_what_operations_ask_for_and_nothing_else():
    asked = {ability for route in OPERATIONS for ability in route.access.values()}
    assert asked == set(OFFERED)


def test_there_are_operations_and_each_is_described():
    assert OPERATIONS
    described = [one for path in schema()["paths"].values() for one in path.values()]
    assert len(described) == len(OPERATIONS)
    assert {one["operationId"] for one in described} == {
        route.name.partition(":")[2] for route in OPERATIONS
    }


@each_operation
def test_every_operation_says_its_scope_which_keys_can_be_given(route):
    assert set(route.access) == set(route.methods), f"{route.view} has no Scope"
    assert set(route.access.values()) <= set(OFFERED)


@each_operation
def test_every_operation_about_an_object_has_a_sample(route):
    assert set(PLACE.findall(route.address)) <= set(SAMPLES)


@each_operation
def test_without_a_key_that_works_nothing_opens(route, cast):
    where, method = of("acme", cast, route), method_of(route)
    ended, over = make_key(cast.acme, cast.alice), timezone.now() - timedelta(days=1)
    with no_context(), tenant(cast.acme, cast.alice):
        revoke_key(key=ended[0], by=cast.alice)
    texts = {
        "": "key_missing",
        "nonsense": "key_invalid",
        "ins_" + "x" * 54: "key_invalid",
        ended[1][:-1] + "A": "key_invalid",
        ended[1]: "key_revoked",
        make_key(cast.acme, cast.alice, expires_at=over)[1]: "key_expired",
    }
    for text, code in texts.items():
        answer = Program(text).call(method, where)
        assert (answer.status_code, code_of(answer)) == (401, code)


@each_operation
def test_the_scope_is_needed_and_the_others_do_not_help(route, cast):
    where, method = of("acme", cast, route), method_of(route)
    needed = route.access[method]
    others = [ability for ability in OFFERED if ability != needed]
    answer = Program(make_key(cast.acme, cast.alice, others)[1]).call(method, where)
    assert (answer.status_code, code_of(answer)) == (403, "scope_missing")
    assert answer.json()["scope"] == needed


@each_operation
def test_the_scope_alone_opens(route, cast):
    where, method = of("acme", cast, route), method_of(route)
    text = make_key(cast.acme, cast.alice, [route.access[method]])[1]
    answer = Program(text).call(method, where)
    assert answer.status_code in REFUSED.get(route.name, FINE)


@about_an_object
def test_objects_of_others_are_missing_ones(route, cast):
    if route is None:
        pytest.skip("no operation is about an object yet")
    program = Program(make_key(cast.globex, cast.charlie)[1])
    method = method_of(route)
    foreign = program.call(method, of("acme", cast, route))
    nowhere = dict.fromkeys(PLACE.findall(route.address), uuid.uuid4())
    missing = program.call(method, filled(route, nowhere))
    assert foreign.status_code in {404, 422}
    assert without_id(foreign) == without_id(missing)


@each_operation
def test_a_closed_organization_opens_to_no_key(route, cast):
    text = make_key(cast.acme, cast.alice)[1]
    with no_context(), tenant(cast.acme, cast.alice):
        cast.acme.is_active = False
        cast.acme.save(update_fields=["is_active"])
    missing = dict.fromkeys(PLACE.findall(route.address), uuid.uuid4())
    answer = Program(text).call(method_of(route), filled(route, missing))
    assert (answer.status_code, code_of(answer)) == (403, "organization_closed")
