"""An organization that asks for a second step shows nothing to whoever has none."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from config.routes import every_route
from organizations.models import Organization
from organizations.permissions import ABILITIES
from organizations.security.flows import NoFactorOfOwn, ask_second_step
from organizations.tenancy import identity, no_context, tenant
from tests.accounts.factors import SECURITY, app_code, prove, set_up_app
from tests.conftest import PASSWORD
from tests.history import entries
from tests.isolation.test_matrix import address

STEP = "/organizations/security/second-step/"
POLICY = f"{STEP}policy/"
SETTINGS = "/organizations/settings/"
ON = {"required": "on"}
ROOMS = [
    route
    for route in every_route()
    if not (route.elsewhere or route.by_key)
    and set(route.access.values()) & set(ABILITIES)
]


def give_factor(user, kind="totp"):
    with no_context(), identity():
        Authenticator.objects.create(user=user, type=kind, data={"secret": "x"})


def ask(organization, required=True):
    with no_context(), tenant(organization):
        Organization.objects.filter(pk=organization.pk).update(
            requires_second_factor=required
        )


def asks(organization):
    with no_context(), tenant(organization):
        return Organization.objects.get(pk=organization.pk).requires_second_factor


def target(answer):
    parts = urlsplit(answer["Location"])
    return parts.path, parse_qs(parts.query).get("next", [""])[0]


def test_an_owner_with_a_second_step_asks_everybody_for_one(as_alice, cast, acme):
    give_factor(cast.alice)
    assert "Require it" in as_alice.get(SETTINGS).text
    answer = as_alice.post(POLICY, ON, follow=True)
    assert "Members without a second step are asked" in answer.text
    assert "No longer require it" in answer.text
    assert asks(acme)
    [entry] = entries(acme, "organization.second_step_required")
    assert entry.actor_id == cast.alice.pk
    assert entry.after == {"requires_second_factor": True}


def test_an_owner_takes_the_demand_back(as_alice, cast, acme):
    give_factor(cast.alice)
    as_alice.post(POLICY, ON)
    answer = as_alice.post(POLICY, follow=True)
    assert "up to each member again" in answer.text
    assert not asks(acme)
    [entry] = entries(acme, "organization.second_step_optional")
    assert entry.before == {"requires_second_factor": True}


def test_asking_twice_is_asking_once(as_alice, cast, acme):
    give_factor(cast.alice)
    as_alice.post(POLICY, ON)
    as_alice.post(POLICY, ON)
    assert len(entries(acme, "organization.second_step_required")) == 1
    as_alice.post(POLICY)
    as_alice.post(POLICY)
    assert len(entries(acme, "organization.second_step_optional")) == 1


def test_an_admin_may_ask_too(as_adam, cast, acme):
    give_factor(cast.adam, "webauthn")
    as_adam.post(POLICY, ON)
    assert asks(acme)


@pytest.mark.parametrize("actor", ["bob", "vera"])
def test_others_may_not_ask(actor, cast, acme, sign_in):
    give_factor(getattr(cast, actor))
    client = sign_in(getattr(cast, actor), acme)
    assert client.post(POLICY, ON).status_code == 403
    assert "Require it" not in client.get(SETTINGS).text
    assert not asks(acme)


def test_whoever_asks_others_must_have_one(as_alice, cast, acme):
    page = as_alice.get(SETTINGS).text
    assert "set up one for yourself first" in page
    assert "Require it" not in page
    answer = as_alice.post(POLICY, ON, follow=True)
    assert "Set up a second step for yourself first" in answer.text
    assert not asks(acme)
    with no_context(), tenant(acme, cast.alice), pytest.raises(NoFactorOfOwn):
        ask_second_step(organization=acme, by=cast.alice, required=True)


def test_recovery_codes_alone_are_no_second_step(as_alice, cast, acme):
    give_factor(cast.alice, "recovery_codes")
    as_alice.post(POLICY, ON)
    assert not asks(acme)


@pytest.mark.parametrize("value", ["x" * 5000, "\u202e", "0", "False", "\ud800"])
def test_the_demand_answers_to_any_text(as_alice, cast, value):
    give_factor(cast.alice)
    form = {"required": value.encode("utf-8", "replace").decode()}
    assert as_alice.post(POLICY, form).status_code == 302


def test_a_page_of_before_a_switch_changes_no_other_organization(
    as_alice, cast, globex
):
    give_factor(cast.alice)
    form = ON | {"organization": str(globex.pk)}
    assert as_alice.post(POLICY, form).status_code == 409
    assert not asks(cast.acme)
    assert not asks(globex)


def test_a_member_without_one_is_led_to_the_set_up(as_bob, acme):
    ask(acme)
    answer = as_bob.get("/tasks/?status=done&q=x%20y")
    assert target(answer) == (STEP, "/tasks/?status=done&q=x%20y")
    page = as_bob.get(answer["Location"]).text
    assert "Acme asks for a second step" in page
    assert f'href="{SECURITY}"' in page
    assert "Acme asks for a second step. Set one up here" in as_bob.get(SECURITY).text


def test_every_room_of_the_organization_stays_closed(as_bob, acme, cast):
    ask(acme)
    for route in ROOMS:
        where = address(route, acme.pk)
        for method in route.methods:
            answer = as_bob.generic(method, where)
            assert answer.status_code == 302, route.name
            assert target(answer)[0] == STEP, route.name
            assert answer.content == b""


def test_every_part_of_a_page_stays_closed_as_well(as_bob, acme):
    ask(acme)
    headers = {
        "HX-Request": "true",
        "HX-Current-URL": "http://testserver/organizations/members/?q=a",
    }
    for route in ROOMS:
        for method in route.methods:
            where = address(route, acme.pk)
            answer = as_bob.generic(method, where, headers=headers)
            assert answer.content == b"", route.name
            parts = urlsplit(answer["HX-Redirect"])
            assert parts.path == STEP
            assert parse_qs(parts.query)["next"] == ["/organizations/members/?q=a"]


def test_nothing_of_the_organization_is_within_reach(as_bob, acme):
    ask(acme)
    request = as_bob.get("/organizations/").wsgi_request
    assert request.organization is None
    assert request.membership is None
    assert request.abilities == frozenset()
    assert request.closed_organization == acme


def test_owners_are_led_there_too(as_alice, acme):
    ask(acme)
    assert target(as_alice.get("/tasks/"))[0] == STEP


def test_a_member_with_one_works_as_before(as_bob, cast, acme):
    ask(acme)
    give_factor(cast.bob)
    assert as_bob.get("/tasks/").status_code == 200
    assert as_bob.get(SETTINGS).status_code == 200


def test_other_organizations_of_the_person_stay_open(as_charlie, cast, globex, acme):
    ask(acme)
    assert as_charlie.get("/tasks/").status_code == 200
    assert "Globex" in as_charlie.get("/organizations/").text


def test_the_chooser_the_account_and_sign_out_stay_open(as_bob, acme):
    ask(acme)
    for path in ("/organizations/", "/accounts/profile/", SECURITY):
        assert as_bob.get(path).status_code == 200
    assert as_bob.post("/accounts/logout/").status_code == 302


def test_a_form_that_was_sent_leads_back_to_the_start(as_bob, acme):
    ask(acme)
    answer = as_bob.post("/tasks/new/", {"title": "Boat"})
    assert target(answer) == (STEP, "/")


def test_whoever_has_set_one_up_goes_on_to_what_they_wanted(cast, acme):
    bob = Client()
    form = {"login": cast.bob.email, "password": PASSWORD}
    bob.post("/accounts/login/", form)
    ask(acme)
    bob.get(bob.get("/organizations/members/?q=al")["Location"])
    prove(bob)
    set_up_app(bob)
    page = bob.get(f"{SECURITY}recovery-codes/").text
    assert "That is all Acme asks for" in page
    assert f'href="{STEP}"' in page
    answer = bob.get(STEP)
    assert answer["Location"] == "/organizations/members/?q=al"
    assert "Alice Example" in bob.get(answer["Location"]).text
    assert "asks for" not in bob.get(SECURITY).text


def test_the_next_sign_in_passes_at_once(cast, acme):
    bob = Client()
    form = {"login": cast.bob.email, "password": PASSWORD}
    bob.post("/accounts/login/", form)
    prove(bob)
    secret = set_up_app(bob)
    ask(acme)
    other = Client()
    other.post("/accounts/login/", form | {"next": "/tasks/"})
    answer = other.post(f"{SECURITY}authenticate/", {"code": app_code(secret)})
    assert answer["Location"] == "/tasks/"
    assert other.get("/tasks/").status_code == 200


@pytest.mark.parametrize(
    "page",
    ["https://evil.example/", "//evil.example", "javascript:1", "\\\\evil", "x", ""],
)
def test_the_way_back_leads_to_no_other_host(as_bob, cast, acme, page):
    ask(acme)
    as_bob.get(STEP, {"next": page})
    give_factor(cast.bob)
    assert as_bob.get(STEP)["Location"] == "/"


def test_whoever_is_asked_for_nothing_is_sent_on(as_bob):
    assert as_bob.get(STEP)["Location"] == "/"


def test_a_factor_taken_off_closes_the_door_again(as_bob, cast, acme):
    ask(acme)
    give_factor(cast.bob)
    assert as_bob.get("/tasks/").status_code == 200
    with no_context(), identity():
        Authenticator.objects.all().delete()
    assert target(as_bob.get("/tasks/"))[0] == STEP


def test_the_demand_costs_no_statement(as_bob, cast, acme):
    give_factor(cast.bob)
    as_bob.get(SETTINGS)
    with CaptureQueriesContext(connection) as before:
        as_bob.get(SETTINGS)
    ask(acme)
    with CaptureQueriesContext(connection) as after:
        as_bob.get(SETTINGS)
    assert len(after) == len(before)
    assert not any(re.search(r"FROM .mfa_", one["sql"]) for one in after)


def test_a_rotated_secret_opens_no_door(as_bob, acme, settings):
    ask(acme)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another secret of the same house, which is long enough"
    assert target(as_bob.get("/tasks/"))[0] == STEP
