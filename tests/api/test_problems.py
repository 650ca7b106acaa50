"""Whatever goes wrong, a program gets a problem, and never a page."""

import json

import pytest
from django.test import Client

from config.errors import service_unavailable
from organizations.api.problems import CODES
from organizations.tenancy import no_context, tenant
from tasks.labels.models import Label
from tests.api.conftest import EVENTS, Program, code_of

LABELS = "/api/v1/labels"
PROBLEM = "application/problem+json"
sample = pytest.mark.urls("tests.api.sample")


def is_problem(answer, status, code):
    body = answer.json()
    assert (answer.status_code, body["status"], body["code"]) == (status, status, code)
    assert answer["Content-Type"] == PROBLEM
    assert body["type"] == f"/api/v1/docs#{code}"
    assert body["title"] == CODES[code][1]
    assert body["request_id"] == answer["X-Request-ID"]
    return body


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/api/v1/nowhere", 404, "not_found"),
        ("/api/v1/", 404, "not_found"),
        ("/api/", 404, "not_found"),
        ("/api/v1/events?limit=0", 422, "invalid"),
        ("/api/v1/events?after=x", 422, "invalid"),
        ("/api/v1/events?%00=x", 400, "malformed"),
        ("/api/v1/events?type=%FF", 200, ""),
    ],
)
def test_what_is_asked_wrongly_is_answered_as_a_problem(program, path, status, code):
    answer = program.get(path)
    if status != 200:
        is_problem(answer, status, code)


def test_an_unknown_parameter_is_refused_and_not_overlooked(program):
    body = is_problem(program.get(f"{EVENTS}?typ=task.created"), 422, "invalid")
    assert body["errors"] == [
        {"where": "query.typ", "detail": "There is no such parameter."}
    ]


def test_a_method_that_is_not_taken_names_those_that_are(program):
    answer = program.call("DELETE", EVENTS)
    is_problem(answer, 405, "method_not_allowed")
    assert answer["Allow"] == "GET"


def test_an_unknown_host_is_refused_as_a_problem(cast):
    answer = Client().get(EVENTS, headers={"host": "evil.example"})
    is_problem(answer, 400, "malformed")


@sample
@pytest.mark.parametrize("field", ["user_id", "organization_id", "is_staff", "id"])
def test_a_field_that_is_not_known_is_refused(program, cast, field):
    body = is_problem(program.post(LABELS, {"name": "A", field: "x"}), 422, "invalid")
    assert [one["where"] for one in body["errors"]] == [f"body.{field}"]
    with no_context(), tenant(cast.acme):
        assert not Label.objects.exists()


@sample
@pytest.mark.parametrize("body", ["{", "[1,", "\ufeff", "name=A"])
def test_a_body_that_is_no_json_is_malformed(program, body):
    is_problem(program.post(LABELS, body), 400, "malformed")


@sample
@pytest.mark.parametrize("body", [[], "text", 7, None])
def test_a_body_of_another_shape_is_invalid(program, body):
    is_problem(program.post(LABELS, json.dumps(body)), 422, "invalid")


@sample
@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded"])
def test_a_body_of_another_kind_is_refused(program, kind):
    answer = program.post(LABELS, '{"name": "A"}', Content_Type=kind)
    is_problem(answer, 415, "unsupported_media_type")


@sample
def test_a_body_that_is_too_large_is_refused(program, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    is_problem(program.post(LABELS, {"name": "A" * 2000}), 413, "too_large")


@sample
def test_what_has_changed_meanwhile_is_not_overwritten(program):
    made = program.post(LABELS, {"name": "A"})
    there = f"{LABELS}/{made.json()['id']}"
    changed = program.call("PATCH", there, {"name": "B"}, If_Match=made["ETag"])
    assert changed.status_code == 200
    late = program.call("PATCH", there, {"name": "C"}, If_Match=made["ETag"])
    is_problem(late, 412, "changed_meanwhile")
    known = program.get(there, If_None_Match=changed["ETag"])
    assert (known.status_code, known.content) == (304, b"")


def test_without_a_key_the_answer_says_how_to_send_one(cast):
    answer = Program("").get(EVENTS)
    is_problem(answer, 401, "key_missing")
    assert answer["WWW-Authenticate"] == 'Bearer realm="Insula"'


def test_every_code_is_told_on_the_reference_page(db):
    page = Client().get("/api/v1/docs").text
    for code in CODES:
        assert f'id="{code}"' in page


def test_the_code_of_a_problem_is_one_of_those(program):
    assert code_of(program.get("/api/v1/nowhere")) in CODES


def test_while_the_database_is_away_programs_are_told_to_come_back(rf):
    request = rf.get(EVENTS)
    request.id = "order-7-of-today"
    answer = service_unavailable(request)
    body = json.loads(answer.content)
    assert (answer.status_code, body["code"]) == (503, "unavailable")
    assert answer["Content-Type"] == PROBLEM
    assert answer["Retry-After"] == "5"
