"""Whatever stands in a query, a form or an address, no page breaks over it."""

from urllib.parse import urlsplit

import pytest
from django.test import Client

from organizations.tenancy import tenant
from tasks.flows import create_task
from tests.security.routes import SAMPLE, every_route

VALUES = {
    "nothing visible": " \u200b\u202e",
    "quotes": "'\"`;--",
    "markup": "<script>alert(1)</script>",
    "wildcards": "%_%\\",
    "long": "x" * 3_000,
    "huge": "9" * 400,
    "not a number": "NaN",
    "uuid": SAMPLE,
    "format": "%s%n{0}{x!r}",
    "far date": "99999-12-31",
    "lines": "a\r\nSet-Cookie: b=c",
}
NAMES = (
    *("q", "status", "priority", "assignee", "cursor", "after", "before", "page"),
    *("role", "next", "o", "p", "e", "all", "action", "actor", "target", "from", "to"),
    *("title", "due_date", "assignees", "name", "slug", "organization", "language"),
)
each_value = pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)


@pytest.fixture
def addresses(cast):
    """Every address of the product's pages, those of one task included."""
    with tenant(cast.acme, cast.alice):
        task = create_task(by=cast.alice, title="Count the beds")
    routes = [r for r in every_route() if not r.pattern.startswith("admin/")]
    return [route.address.replace(SAMPLE, str(task.pk)) for route in routes]


@each_value
def test_strange_query_breaks_no_page(as_alice, addresses, value):
    client = quiet(as_alice)
    query = dict.fromkeys(NAMES, value)
    answers = {a: client.get(a, query_params=query).status_code for a in addresses}
    assert {a: status for a, status in answers.items() if status >= 500} == {}


@each_value
def test_strange_form_breaks_no_page(as_alice, addresses, value):
    client = quiet(as_alice)
    body = dict.fromkeys(NAMES, value)
    # Signing out in the middle would spare the rest.
    left = [address for address in addresses if "logout" not in address]
    answers = {a: client.post(a, body).status_code for a in left}
    assert {a: status for a, status in answers.items() if status >= 500} == {}


@pytest.mark.parametrize("method", ["head", "options", "put", "patch", "trace"])
def test_strange_method_breaks_no_page(as_alice, addresses, method):
    client = quiet(as_alice)
    answers = {a: getattr(client, method)(a).status_code for a in addresses}
    assert {a: status for a, status in answers.items() if status >= 500} == {}


@pytest.mark.parametrize("value", [VALUES["lines"], VALUES["markup"]])
def test_strange_value_never_writes_a_header(as_alice, addresses, value):
    for address in addresses:
        response = as_alice.get(address, {"next": value, "q": value})
        assert "b" not in response.cookies
        assert urlsplit(response.get("Location", "/"))[:2] == ("", "")


def quiet(client: Client) -> Client:
    client.raise_request_exception = False
    return client
