"""What the double takes and answers is what the stripe package asks and knows."""

from typing import Any

import pytest
import stripe

from billing.fakestripe.endpoints import ENDPOINTS, PAGING, Endpoint
from billing.fakestripe.events import API_VERSION
from billing.fakestripe.params import Choice, Moment, Times, Words
from tests.billing.package import addresses, complaints, inner, plain, words
from tests.billing.story import KINDS, tell


def named(endpoints: list[Endpoint]) -> list:
    return [pytest.param(one, id=f"{one.method} {one.path}") for one in endpoints]


def unknown(spec: dict, params: type | None, way: str = "") -> list[str]:
    """Return the parameters that the package's own class does not have."""
    found = []
    for name, one in spec.items():
        hint = getattr(params, "__annotations__", {}).get(name)
        if hint is None:
            found.append(f"{way}{name}")
        else:
            found += unknown_inside(one, params, name, f"{way}{name}")
    return found


def unknown_inside(one: Any, params: Any, name: str, way: str) -> list[str]:
    hint = params.__annotations__[name]
    if isinstance(one, list):
        one = one[0]
    if isinstance(one, dict):
        return unknown(one, inner(params, name), f"{way}.")
    if isinstance(one, Choice | Moment):
        return [f"{way}={word}" for word in set(one.words) - words(hint)]
    if one is int and "int" not in str(hint):
        return [f"{way} is no whole number"]
    return []


def test_double_speaks_the_packages_version_of_the_interface():
    assert stripe.api_version.startswith(API_VERSION[:4])
    assert API_VERSION == "2026-05-27.dahlia"


@pytest.mark.parametrize("one", named(ENDPOINTS))
def test_address_and_parameters_are_the_packages_own(one):
    params = addresses()[one.method, plain(one.path)]
    assert unknown(one.accepts, params) == []


@pytest.mark.parametrize("one", named(ENDPOINTS))
def test_required_parameters_are_accepted_ones(one):
    assert set(one.required) <= one.accepts.keys()


def test_no_two_endpoints_share_an_address():
    every = [(one.method, plain(one.path)) for one in ENDPOINTS]
    assert len(every) == len(set(every)) >= 60


def test_lists_all_take_the_parameters_of_pages():
    lists = [one for one in ENDPOINTS if PAGING.keys() <= one.accepts.keys()]
    assert len(lists) >= 18


@pytest.mark.parametrize("spec", [Words, Times])
def test_markers_of_parameters_are_in_use(spec):
    assert any(spec in one.accepts.values() for one in ENDPOINTS)


@pytest.fixture
def told(stripe_double):
    tell(stripe_double)
    return stripe_double


def test_every_object_has_only_what_the_package_knows(told):
    found = {kind: told.every(kind) for kind in KINDS}
    assert [kind for kind, things in found.items() if not things] == []
    wrong = {
        c
        for things in found.values()
        for one in things
        for c in complaints(one, way=one["object"])
    }
    assert sorted(wrong) == []


def test_every_event_is_one_the_package_knows(told):
    events = told.events()
    assert len({event["type"] for event in events}) >= 30
    wrong = {c for event in events for c in complaints(event, way=event["type"])}
    wrong |= {
        c
        for event in events
        for c in complaints(event["data"]["object"], way=event["type"])
    }
    assert sorted(wrong) == []


@pytest.mark.parametrize(
    ("method", "address"),
    [
        ("GET", "/v1/account"),
        ("GET", "/v1/customers"),
        ("GET", "/v1/customers?expand[]=data.sources&expand[]=data.subscriptions"),
        (
            "GET",
            "/v1/invoices?expand[]=data.payments&expand[]=data.lines.data.discounts",
        ),
        ("GET", "/v1/subscriptions?status=all&expand[]=data.latest_invoice"),
        ("GET", "/v1/checkout/sessions?expand[]=data.line_items"),
        ("GET", "/v1/charges?expand[]=data.refunds&expand[]=data.balance_transaction"),
        ("GET", "/v1/prices?expand[]=data.tiers&expand[]=data.currency_options"),
        ("GET", "/v1/events?limit=100"),
    ],
)
def test_answer_has_only_what_the_package_knows(told, method, address):
    status, answer = told.answer(method, address, None, None)
    assert status == 200
    assert sorted(set(complaints(answer, way=address))) == []


def test_preview_has_only_what_the_package_knows(told):
    (live,) = told.every("subscription", status="active")[:1]
    body = f"subscription={live['id']}&subscription_details[items][0][price]="
    body += f"{live['items']['data'][0]['price']['id']}"
    status, answer = told.answer("POST", "/v1/invoices/create_preview", body, None)
    assert status == 200, answer
    assert sorted(set(complaints(answer, way="preview"))) == []
