"""No parameter of ours leads anybody to another site."""

import pytest
from django.test import Client

from organizations.tenancy import tenant
from tasks.flows import create_task
from tests.conftest import PASSWORD

HOSTILE = [
    "https://evil.example/",
    "//evil.example/",
    "///evil.example/",
    "\\\\evil.example\\",
    "/\\evil.example/",
    "https:evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "http://testserver@evil.example/",
    "http://testserver.evil.example/",
    " //evil.example/",
    "\t//evil.example/",
    "/%0d%0aLocation:%20//evil.example/",
]
hostile = pytest.mark.parametrize("target", HOSTILE)


def leads_home(response) -> bool:
    """Return whether an answer stays here: no redirect, or one of our own."""
    location = response.get("Location", "/")
    return location.startswith("/") and location[1:2] not in {"/", "\\"}


@hostile
def test_signing_in_leads_home(cast, target):
    form = {"login": "bob@example.com", "password": PASSWORD, "next": target}
    response = Client().post("/accounts/login/", form)
    assert response.status_code == 302
    assert leads_home(response)


@hostile
def test_signing_in_by_query_leads_home(cast, target):
    form = {"login": "bob@example.com", "password": PASSWORD}
    response = Client().post("/accounts/login/", form, query_params={"next": target})
    assert response.status_code == 302
    assert leads_home(response)


@hostile
@pytest.mark.parametrize("name", ["next", "url", "redirect", "return_to", "continue"])
def test_arriving_signed_in_leads_home(as_bob, target, name):
    response = as_bob.get("/accounts/login/", {name: target})
    assert leads_home(response)


@hostile
def test_signing_out_leads_home(as_bob, target):
    assert leads_home(as_bob.post("/accounts/logout/", {"next": target}))


@hostile
def test_moving_a_task_leads_home(cast, as_bob, target):
    with tenant(cast.acme, cast.bob):
        task = create_task(by=cast.bob, title="Count the beds")
    form = {"status": "done", "next": target}
    response = as_bob.post(f"/tasks/{task.pk}/status/", form)
    assert response.status_code == 302
    assert leads_home(response)


@hostile
@pytest.mark.django_db
def test_login_page_carries_no_hostile_target(target):
    response = Client().get("/accounts/login/", {"next": target})
    assert 'href="javascript:' not in response.content.decode()
    assert 'action="//' not in response.content.decode()
