"""Requests on conditions, wherever the document says that they can be made."""

import threading
import uuid

import pytest
from django.db import connection

from config.reference.openapi import schema
from organizations.tenancy import no_context, tenant
from tasks.flows import create_task
from tasks.models import Task
from tests.api.conftest import Program, code_of, make_key
from tests.history import entries
from tests.isolation.api_samples import SAMPLES
from tests.isolation.test_api_matrix import OPERATIONS as ROUTES
from tests.isolation.test_api_matrix import PLACE, method_of, of

BODIES = {
    "change_task": {"title": "Changed"},
    "change_label": {"name": "Changed"},
    "change_comment": {"body": "Changed"},
    "change_member": {"role": "viewer"},
    "change_team": {"name": "Changed"},
    "change_image": {"name": "Changed"},
}
STALE = {"If_Match": '"0123456789abcdef0123456789abcdef"'}


def takes(header):
    """Return the routes whose operation says that it reads a header."""
    named = {
        operation["operationId"]
        for methods in schema()["paths"].values()
        for operation in methods.values()
        if header in {one["name"] for one in operation["parameters"]}
    }
    return [one for one in ROUTES if one.name.partition(":")[2] in named]


on_match = pytest.mark.parametrize(
    "route", takes("If-Match"), ids=lambda route: route.name
)
on_object = pytest.mark.parametrize(
    "route",
    [one for one in takes("If-None-Match") if len(PLACE.findall(one.address)) == 1],
    ids=lambda route: route.name,
)


def ask(program, route, where, **headers):
    body = BODIES.get(route.name.partition(":")[2])
    return program.call(method_of(route), where, body, **headers)


@on_match
def test_what_is_said_to_read_if_match_refuses_another_state(route, program, cast):
    where = of("acme", cast, route)
    made = len(entries(cast.acme))
    answer = ask(program, route, where, **STALE)
    assert (answer.status_code, code_of(answer)) == (412, "changed_meanwhile")
    assert len(entries(cast.acme)) == made


@on_match
def test_the_state_that_was_read_is_let_through(route, program, cast):
    where = of("acme", cast, route)
    tag = program.get(where)["ETag"]
    weak = f'"other", W/{tag}'
    assert ask(program, route, where, If_Match=weak).status_code in {200, 204, 409}


@on_match
def test_a_condition_on_nothing_is_a_missing_thing(route, program, cast):
    where = PLACE.sub(lambda _found: str(uuid.uuid4()), route.address)
    assert code_of(ask(program, route, where, If_Match="*")) == "not_found"


def test_a_condition_is_offered_for_what_can_be_read_and_only_there():
    for path, methods in schema()["paths"].items():
        for method in methods.keys() & {"put", "patch", "delete"}:
            named = {one["name"] for one in methods[method]["parameters"]}
            assert ("If-Match" in named) == ("get" in methods), path
            assert ("412" in methods[method]["responses"]) == ("get" in methods)


@on_object
def test_who_has_the_present_state_is_sent_no_bytes(route, program, cast):
    where = of("acme", cast, route)
    tag = program.get(where)["ETag"]
    for known in (tag, f"W/{tag}", f'"a", {tag}', "*"):
        answer = program.get(where, If_None_Match=known)
        assert (answer.status_code, answer.content) == (304, b"")
        assert answer["ETag"] == tag
        assert "RateLimit" in answer
    assert program.get(where, If_None_Match='"a"').status_code == 200


@on_object
def test_nobody_elses_state_is_told_by_a_condition(route, cast):
    where = of("acme", cast, route)
    stranger = Program(make_key(cast.globex, cast.charlie)[1])
    assert code_of(stranger.get(where, If_None_Match="*")) == "not_found"


@pytest.mark.parametrize("tag", ["", "x", '"', "W/", ",,,", "\x7f", '"ä"', '"' * 999])
def test_a_condition_that_means_nothing_breaks_nothing(program, tag):
    made = program.post("/api/v1/labels", {"name": "Boxes"})
    where = made["Location"]
    assert program.get(where, If_None_Match=tag).status_code == 200
    answer = program.call("PATCH", where, {"name": "Tins"}, If_Match=tag)
    assert answer.status_code == (412 if tag else 200)


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "TRACE", "PUT", "PROPFIND"])
def test_methods_that_are_not_taken_say_which_are(program, method):
    made = program.post("/api/v1/labels", {"name": "Boxes"})
    answer = program.call(method, made["Location"])
    assert answer.status_code == 405
    assert set(answer["Allow"].split(", ")) == {"GET", "PATCH", "DELETE"}


def test_part_of_a_picture_is_not_served_as_the_whole(program, cast):
    where = f"/api/v1/images/{SAMPLES['image_id'](cast, 'acme')}/content"
    whole = program.get(where)
    part = program.get(where, Range="bytes=0-9")
    assert part.status_code == 200
    assert b"".join(part) == b"".join(whole)
    assert part["Vary"] == "Authorization"


@pytest.mark.parametrize("kind", ["text/html", "image/png", "application/xml", "*/*"])
def test_whatever_is_wanted_the_answer_is_json(program, kind):
    assert program.get("/api/v1/labels", Accept=kind)["Content-Type"] == (
        "application/json"
    )
    missing = program.get("/api/v1/nowhere", Accept=kind)
    assert missing["Content-Type"] == "application/problem+json"


def at_once(*calls):
    """Make calls at the same time, each on a connection of its own."""
    gate, answers = threading.Barrier(len(calls)), []

    def run(call):
        gate.wait()
        try:
            answers.append(call())
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


@pytest.mark.django_db(transaction=True)
def test_of_two_programs_that_read_the_same_one_writes(cast):
    with no_context(), tenant(cast.acme, cast.alice):
        task = create_task(by=cast.alice, title="Order tyres")
    one, two = (Program(make_key(cast.acme, cast.alice)[1]) for _each in range(2))
    where = f"/api/v1/tasks/{task.pk}"
    tag = one.get(where)["ETag"]
    answers = at_once(
        lambda: one.call("PATCH", where, {"title": "One"}, If_Match=tag),
        lambda: two.call("PATCH", where, {"title": "Two"}, If_Match=tag),
    )
    assert sorted(each.status_code for each in answers) == [200, 412]
    (kept,) = [each.json()["title"] for each in answers if each.status_code == 200]
    with no_context(), tenant(cast.acme):
        assert Task.objects.get().title == kept
    assert len(entries(cast.acme, "task.edited")) == 1


@pytest.mark.django_db(transaction=True)
def test_a_removal_and_a_change_of_the_same_state_are_not_both_made(cast):
    program = Program(make_key(cast.acme, cast.alice)[1])
    made = program.post("/api/v1/labels", {"name": "Boxes"})
    where, tag = made["Location"], made["ETag"]
    answers = at_once(
        lambda: Program(program.text).call("DELETE", where, If_Match=tag),
        lambda: Program(program.text).call(
            "PATCH", where, {"name": "Tins"}, If_Match=tag
        ),
    )
    assert sorted(each.status_code for each in answers) in ([200, 412], [204, 404])
