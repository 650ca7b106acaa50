"""What stays closed to staff, also while an owner lets them change things."""

import uuid

import pytest

from config.routes import every_route
from organizations.permissions import ABILITIES, KEPT_FROM_STAFF, abilities
from organizations.support.models import SupportGrant
from organizations.tenancy import no_context, tenant
from tests.isolation.test_matrix import filled
from tests.operator.conftest import SOME_ID
from tests.support.conftest import CONSOLE, grant, recorded

pytestmark = CONSOLE
NEVER = "this is for the person alone"
ROUTES = [route for route in every_route() if not route.by_key]
# Whoever looks on asks, and leaves.
OWN = {"support:ask", "support:stop"}
# What an owner's grant opens: the work, and the organization's daily affairs.
OPENED = {
    "domains.edit",
    "gallery.edit",
    "members.edit",
    "members.invite",
    "organization.edit",
    "roles.edit",
    "tasks.delete",
    "tasks.edit",
    "tasks.view",
    "teams.edit",
    "teams.view",
}
# Their ability is open, and they are not: copies of data, a person's own affairs.
KEPT = {
    "audit:entry_export",
    "exports:task_export",
    "members:member_leave",
    "members:ownership_accept",
    "members:ownership_decline",
}
LEFT_TO_OTHERS = ("admin:", "healthz", "readyz", "fakestripe:", "v1:")


def is_open(route):
    if route.name in OWN:
        return True
    return route.access.get("POST") in OPENED and route.name not in KEPT


CLOSED = [
    route
    for route in ROUTES
    if ("POST" in route.methods or route.elsewhere)
    and not is_open(route)
    and not route.name.startswith(LEFT_TO_OTHERS)
]


def test_what_is_kept_are_abilities_and_owners_have_them():
    assert set(ABILITIES) >= KEPT_FROM_STAFF
    assert abilities("owner") >= KEPT_FROM_STAFF
    assert not KEPT_FROM_STAFF & OPENED


def test_only_owners_let_staff_in():
    assert [role.value for role in ABILITIES["support.edit"][0]] == ["owner"]


def test_every_route_that_changes_something_is_open_or_closed_for_a_reason():
    named = {route.name for route in CLOSED}
    # Passwords, addresses, second steps, devices, other accounts.
    for start in ("account_", "mfa_", "usersessions_", "socialaccount_", "accounts:"):
        assert any(name.startswith(start) for name in named), start
    # Money, keys, secrets, copies, the end of it, ownership, the grant, terms.
    assert named >= KEPT | {
        "accounts:terms",
        "api:key_create",
        "api:key_rotate",
        "archives:arrival_cancel",
        "archives:arrival_confirm",
        "archives:arrival_create",
        "archives:export_ask",
        "billing:plan_buy",
        "billing:plan_change",
        "billing:portal",
        "billing:subscription_cancel",
        "members:ownership_offer",
        "organizations:organization_create",
        "organizations:organization_delete",
        "organizations:organization_switch",
        "personal:account_delete",
        "personal:export_ask",
        "security:second_step_policy",
        "support:grant",
        "support:revoke",
        "webhooks:endpoint_create",
        "webhooks:endpoint_roll",
    }


# cap 81
@pytest.mark.parametrize("is_granted", [False, True], ids=["reading", "granted"])
def test_closed_pages_answer_so_whatever_is_granted(as_staff, cast, is_granted):
    if is_granted:
        grant(cast.acme, cast.alice)
    for route in CLOSED:
        address = filled(route.address.replace("<int:pk>", "7"), uuid.uuid4())
        answer = as_staff.post(address)
        assert answer.status_code == 403, route.name
        page = answer.content.decode()
        assert NEVER in page, route.name
        assert 'class="support-bar"' in page, route.name


def test_what_is_the_persons_alone_is_not_even_shown(as_staff):
    for address in (
        "/accounts/profile/",
        "/accounts/password/change/",
        "/accounts/email/",
        "/accounts/2fa/",
        "/accounts/sessions/",
        "/accounts/connected/",
        "/accounts/data/",
        "/accounts/data/download/",
        "/accounts/terms/",
        "/accounts/logout/",
        "/accounts/reauthenticate/",
        "/tasks/export/",
        "/inbox/settings/",
        "/organizations/settings/export/",
        "/organizations/settings/import/",
        "/organizations/settings/import/new/",
        f"/organizations/settings/import/{SOME_ID}/",
        f"/organizations/settings/import/{SOME_ID}/confirm/",
        f"/organizations/settings/export/{SOME_ID}/download/",
    ):
        answer = as_staff.get(address)
        assert (address, answer.status_code) == (address, 403)
        assert NEVER in answer.content.decode()


def test_a_closed_part_is_told_by_a_toast(as_staff):
    answer = as_staff.post(
        "/developers/keys/new/", {"name": "x"}, headers={"HX-Request": "true"}
    )
    assert answer.status_code == 403
    assert NEVER in answer["HX-Trigger"]


def test_nobody_else_meets_any_of_it(as_alice):
    for address in ("/accounts/profile/", "/inbox/settings/", "/tasks/export/"):
        assert as_alice.get(address).status_code == 200
    assert as_alice.post("/organizations/support/stop/").status_code == 404
    assert as_alice.post("/organizations/support/ask/").status_code == 404


def test_a_grant_is_not_made_by_whoever_looks_on(as_staff, cast):
    as_staff.post("/organizations/support/grant/", {"hours": "72"})
    with no_context(), tenant(cast.acme):
        assert not SupportGrant.objects.exists()
    assert recorded(cast.acme, "support.granted") == []
