"""No form is taken from another site, on any route that takes one."""

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse

from tests.security.forms import posting_routes

ROUTES = posting_routes()


@pytest.mark.parametrize("name", ROUTES, ids=str)
def test_form_without_a_token_is_refused(name, cast, sign_in):
    client = sign_in(cast.alice, cast.acme)
    client.handler.enforce_csrf_checks = True
    response = client.post(ROUTES[name], {"any": "thing"})
    assert response.status_code == 403
    assert "This form is too old" in response.content.decode()
