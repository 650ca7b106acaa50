"""No form is taken from another site, on any route there is."""

import pytest
from django.test import Client

from tests.security.routes import PAGE, every_route

PROBES = {"healthz", "readyz"}
# Another firm's machine sends no token; it signs what it sends.
SIGNED = {"notifications:unsubscribe", "intake:stripe_event"}
# There a key is asked for, which no browser sends by itself.
API = "api/"


def test_form_without_a_token_is_refused_on_every_route(cast, sign_in):
    client = sign_in(cast.olga, cast.acme)
    client.handler.enforce_csrf_checks = True
    routes = [
        route
        for route in every_route()
        if route.name not in PROBES | SIGNED and not route.pattern.startswith(API)
    ]
    answers = {route: client.post(route.address, {"any": "thing"}) for route in routes}
    assert len(answers) > 50
    let_in = [r for r, answer in answers.items() if answer.status_code != 403]
    assert let_in == []


def test_only_what_is_signed_is_exempt_from_the_check():
    exempt = {
        route.name
        for route in every_route()
        if getattr(route.view, "csrf_exempt", False)
        and not route.pattern.startswith(API)
    }
    assert exempt == SIGNED


def test_a_browser_that_is_signed_in_is_nobody_to_the_api(cast, sign_in):
    client = sign_in(cast.alice, cast.acme)
    client.handler.enforce_csrf_checks = True
    routes = [r for r in every_route() if r.name.startswith("v1:list")]
    assert routes
    for route in routes:
        answer = client.get(route.address)
        assert (answer.status_code, answer.json()["code"]) == (401, "key_missing")
    # Other sites' forms learn nothing either, not even that a token is missing.
    assert client.post("/api/v1/nowhere", {"a": "b"}).status_code == 404
    assert client.post("/api/v1/docs", {"a": "b"}).status_code == 405


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_every_unsafe_method_is_checked(method):
    response = getattr(Client(enforce_csrf_checks=True), method)(PAGE)
    assert response.status_code == 403
    assert "This form is too old" in response.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://testserver.evil.example"]
)
def test_form_of_another_site_is_refused_despite_its_token(origin):
    client = Client(enforce_csrf_checks=True)
    client.get(PAGE)
    token = client.cookies["csrftoken"].value
    form = {"csrfmiddlewaretoken": token, "login": "a@example.com", "password": "b"}
    response = client.post(PAGE, form, headers={"origin": origin})
    assert response.status_code == 403


@pytest.mark.django_db
def test_form_of_our_own_is_taken():
    client = Client(enforce_csrf_checks=True)
    client.get(PAGE)
    token = client.cookies["csrftoken"].value
    form = {"csrfmiddlewaretoken": token, "login": "a@example.com", "password": "b"}
    assert client.post(PAGE, form).status_code == 200
    response = client.post(PAGE, form, headers={"origin": "http://testserver"})
    assert response.status_code == 200
