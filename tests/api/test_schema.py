"""The API answers as its document says, whatever is sent.

Requests are made from the document: for each operation some examples, the same each
time, sent by a key that may do everything.
"""

import pytest
import schemathesis
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, settings
from requests import Request
from schemathesis.checks import not_a_server_error
from schemathesis.core.transport import Response
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from config.reference.openapi import schema
from tests.api.conftest import make_key
from tests.limits.conftest import set_acme

document = schemathesis.openapi.from_dict(schema())
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


@pytest.fixture
def headers(cast):
    set_acme(cast, api_per_minute=100_000)
    return {"Authorization": f"Bearer {make_key(cast.acme, cast.alice)[1]}"}


def called(sent, headers):
    """Send a prepared request to the product; return what a client would get."""
    given = {**sent.headers, **headers}
    kind = given.pop("Content-Type", "application/octet-stream")
    given.pop("Content-Length", None)
    path = sent.url.removeprefix("http://testserver")
    body = sent.body or b""
    client = Client(raise_request_exception=False)
    found = client.generic(sent.method, path, body, kind, headers=given)
    return Response(
        status_code=found.status_code,
        headers={name.lower(): [value] for name, value in found.headers.items()},
        content=found.content,
        request=sent,
        elapsed=0.0,
        verify=True,
    )


@document.parametrize()
@settings(
    max_examples=10,
    derandomize=True,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
def test_an_operation_answers_as_its_document_says(case, headers):
    sent = Request(**case.as_transport_kwargs(base_url="http://testserver")).prepare()
    # As a server's own transaction each, undone for the next example.
    with transaction.atomic():
        answer = called(sent, headers)
        transaction.set_rollback(True)
    case.validate_response(answer, checks=CHECKS)


def test_the_document_is_served_and_says_what_it_is(client, db):
    answer = client.get("/api/v1/openapi.json")
    assert answer["Content-Type"] == "application/json"
    body = answer.json()
    assert body["openapi"] == "3.1.0"
    assert body["components"]["securitySchemes"]["key"]["scheme"] == "bearer"
    events = body["paths"]["/api/v1/events"]["get"]
    assert events["operationId"] == "list_events"
    assert events["x-ability"] == "audit.view"
    assert list(events["responses"]["401"]["content"]) == ["application/problem+json"]


def test_the_page_tells_each_operation(client, db):
    page = client.get("/api/v1/docs").text
    for path, methods in schema()["paths"].items():
        assert path in page
        for operation in methods.values():
            assert f'id="{operation["operationId"]}"' in page
