import io
import json

from django.core.management import call_command
from django.urls import path
from django.views.decorators.http import require_GET
from django.views.generic import TemplateView

from config.routes import every_route, methods_of, walk


def listed(**options):
    out = io.StringIO()
    call_command("routes", stdout=out, **options)
    return out.getvalue()


def test_routes_are_listed_with_their_methods_and_access():
    (line,) = [one for one in listed().splitlines() if "entry_list" in one]
    assert line.split() == ["/audit/", "GET", "audit.view", "audit:entry_list"]


def test_a_route_with_two_abilities_shows_both():
    assert "GET organization.view, POST organization.edit" in listed()


def test_programs_get_the_roles_of_each_method():
    routes = {route["name"]: route for route in json.loads(listed(json=True))}
    settings = routes["organizations:organization_settings"]
    assert settings["roles"] == {
        "GET": ["owner", "admin", "member", "viewer"],
        "POST": ["owner", "admin"],
    }
    assert settings["view"] == "organizations.views.organization_settings"
    assert routes["admin:index"]["elsewhere"] == "staff"
    assert routes["organizations:landing"]["roles"] == {}


def test_a_view_without_a_declaration_is_shown_as_such():
    @require_GET
    def bare(request): ...

    (route,) = walk([path("bare/", bare, name="bare")])
    assert (route.access, route.elsewhere, route.methods) == ({}, "", ("GET",))


def test_a_class_answers_the_methods_it_has():
    assert methods_of(TemplateView.as_view()) == ("GET", "OPTIONS")


def test_no_two_routes_share_an_address():
    addresses = [
        (route.address, route.methods if route.by_key else ())
        for route in every_route()
        if not route.elsewhere
    ]
    assert len(addresses) == len(set(addresses))


def test_operations_of_the_api_are_listed_with_the_ability_a_key_needs():
    (line,) = [one for one in listed().splitlines() if "list_events" in one]
    assert line.split() == ["/api/v1/events", "GET", "audit.view", "v1:list_events"]
    (route,) = [one for one in every_route() if one.name == "v1:list_events"]
    assert route.by_key
    assert route.view == "organizations.events.api.list_events"
