"""The map reads as one: every route has a name, every app its own space."""

import pytest
from django.urls import get_resolver, reverse

from tests.security.routes import every_route

ROUTES = [
    route
    for route in every_route()
    if "admin/" not in route.pattern and "accounts/" not in route.pattern
    # Addresses of the API have manners of their own; the matrix lists them.
    if not route.pattern.startswith("api/")
]


def test_every_route_is_named():
    assert len(ROUTES) >= 15
    assert [route.pattern for route in ROUTES if not route.name] == []


def test_name_of_a_route_is_that_of_its_view():
    for route in ROUTES:
        assert route.name.split(":")[-1] == route.view.__name__, route.pattern


def test_no_two_routes_share_a_name():
    names = [route.name for route in ROUTES]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("label", ["tasks", "organizations", "audit", "accounts"])
def test_label_is_the_space_of_its_routes(label):
    assert label in get_resolver().namespace_dict


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("tasks:task_list", "/tasks/"),
        ("account_login", "/accounts/login/"),
        ("admin:index", "/admin/"),
        ("healthz", "/healthz"),
        ("readyz", "/readyz"),
    ],
)
def test_known_addresses_stay(name, address):
    assert reverse(name) == address


def test_addresses_end_with_a_slash():
    probes = {"healthz", "readyz"}
    open_ended = [
        r.pattern for r in ROUTES if r.pattern and not r.pattern.endswith("/")
    ]
    assert set(open_ended) == probes
