"""The reference page and the document behind it: whole, true, open, and the same."""

import json
import re
import shlex

import pytest
from django.test import Client

from config.reference.openapi import schema
from config.reference.pages import groups, kind_of, marked
from organizations.api.offered import ABILITIES
from organizations.api.problems import CODES
from tests.api.conftest import Program

PAGE, DOCUMENT = "/api/v1/docs", "/api/v1/openapi.json"
ENDPOINTS = [one for group in groups() for one in group.endpoints]
each = pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda one: one.id)


@pytest.fixture
def page(client, db):
    return client.get(PAGE).text


def every(part, name):
    """Yield each value of a name, however deep it stands."""
    if isinstance(part, dict):
        for key, value in part.items():
            if key == name:
                yield value
            yield from every(value, name)
    elif isinstance(part, list):
        for value in part:
            yield from every(value, name)


@each
def test_an_endpoint_has_a_row_for_each_thing_that_can_be_sent(endpoint, page):
    part = page.partition(f'id="{endpoint.id}"')[2]
    shown = part.split("<article")[0] if "<article" in part else part
    for field in [*endpoint.parameters, *endpoint.body, *endpoint.answers]:
        assert field.name in shown
    for status, _words in endpoint.codes:
        assert status in shown
    assert endpoint.ability in shown


@each
def test_an_example_is_a_call_that_a_shell_understands(endpoint):
    words = shlex.split(endpoint.example.replace("\\\n", " "))
    assert words[0] == "curl"
    assert any(one.endswith(endpoint.path) for one in words)
    assert "Authorization: Bearer $INSULA_KEY" in words
    if "-d" in words:
        body = json.loads(words[words.index("-d") + 1])
        assert set(body) <= {field.name for field in endpoint.body}
        needed = {field.name for field in endpoint.body if field.is_required}
        assert needed <= set(body)


@each
def test_an_endpoint_names_a_scope_that_can_be_given(endpoint):
    assert endpoint.ability in ABILITIES
    assert endpoint.words, "it says nothing"


def test_whatever_the_page_leads_to_on_itself_is_there_once(page):
    led = set(re.findall(r'href="#([^"]+)"', page.partition("<main")[2]))
    for anchor in led:
        assert page.count(f'id="{anchor}"') == 1, anchor
    assert {endpoint.id for endpoint in ENDPOINTS} <= led


def test_no_two_places_of_the_page_have_the_same_name(page):
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))


def test_what_a_problem_leads_to_is_there(program, page):
    kind = program.get("/api/v1/nowhere").json()["type"]
    where, _sharp, anchor = kind.partition("#")
    assert where == PAGE
    assert f'id="{anchor}"' in page
    for status, title in CODES.values():
        assert str(status) in page
        assert title in page


def test_every_reference_of_the_document_leads_somewhere():
    made = schema()
    found = set(every(made["paths"], "$ref")) | set(every(made["components"], "$ref"))
    for reference in found:
        assert reference.rpartition("/")[2] in made["components"]["schemas"]
    assert len(found) > 20


def test_the_document_is_the_same_for_everybody(client, as_alice, program):
    texts = {
        one.get(DOCUMENT).content
        for one in (client, as_alice, Program("ins_nonsense"), program)
    }
    assert len(texts) == 1


def test_the_page_is_open_to_everybody_and_tells_of_nobody(as_alice, db):
    for client in (Client(), as_alice):
        answer = client.get(PAGE)
        assert answer.status_code == 200
        assert "<script>" not in answer.text
    assert not re.search(r"ins_[\w-]{54}", answer.text)


@pytest.mark.parametrize("path", [PAGE, DOCUMENT])
@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_what_describes_is_only_read(client, db, path, method):
    assert getattr(client, method)(path).status_code == 405


@pytest.mark.parametrize(
    ("shape", "words"),
    [
        ({"type": "string", "maxLength": 80}, "string, at most 80"),
        ({"type": "integer", "minimum": 1, "maximum": 2**62}, "integer, at least 1"),
        ({"type": "array", "items": {"type": "string"}}, "array of string"),
        ({"enum": ["a", 1, None]}, '"a" or 1 or null'),
        ({"anyOf": [{"type": "string"}, {"type": "null"}]}, "string or null"),
        ({"anyOf": [{"type": "string"}, {"type": "string"}]}, "string"),
        ({"$ref": "#/components/schemas/Task"}, "Task"),
        ({}, "anything"),
    ],
)
def test_a_kind_is_said_in_words(shape, words):
    assert kind_of(shape) == words


def test_words_are_text_and_only_code_is_marked():
    assert marked("a `b` <i>c</i>\n  d") == "a <code>b</code> &lt;i&gt;c&lt;/i&gt; d"
