"""From being invited to leaving, in a real browser."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core import mail
from django.db import connections

from organizations.models import Membership
from organizations.tenancy import no_context, tenant
from tests.browser.test_first_day import CODE, sign_in
from tests.invitations.conftest import ADDRESS

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "operator"])
both_ways = pytest.mark.parametrize("scripts", [True, False], indirect=True)
with_scripts = pytest.mark.parametrize("scripts", [True], indirect=True)
MEMBERS = "/organizations/members/"


def roles(cast):
    with no_context(), tenant(cast.acme):
        rows = Membership.objects.select_related("user")
        return {one.user.email: one.role for one in rows}


def apart(work):
    """Do something in a thread of its own: the browser's has an event loop."""

    def go():
        try:
            return work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(go).result()


def invite(visitor, address, run_jobs):
    visitor.go(MEMBERS)
    visitor.press("Invite people", "link")
    visitor.page.fill("[name=addresses]", address)
    visitor.press("Send invitations")
    apart(run_jobs)
    return ADDRESS.search(mail.outbox[-1].body)[0]


def join_as_newcomer(visitor, where):
    visitor.go(where)
    visitor.press("Create an account and join")
    visitor.page.fill("[name=password1]", "quiet harbour lantern")
    visitor.page.click("main form button[type=submit]")
    visitor.page.wait_for_load_state()
    visitor.page.fill("[name=code]", CODE.search(mail.outbox[-1].body)[1])
    visitor.page.click("form:has([name=code]) button[type=submit]")
    visitor.page.wait_for_load_state()


@both_ways
def test_from_an_invitation_to_the_ownership_and_out(visit, cast, scripts, run_jobs):
    alice, zoe = visit(), visit()
    sign_in(alice, cast.alice)
    where = invite(alice, "zoe@example.com", run_jobs)

    join_as_newcomer(zoe, where)
    assert "Acme" in zoe.text()
    assert zoe.page.url.endswith("/tasks/")
    assert roles(cast)["zoe@example.com"] == "member"

    alice.go(MEMBERS)
    alice.page.get_by_role("link", name="zoe").first.click()
    alice.page.select_option("[name=role]", "admin")
    alice.press("Save role")
    assert roles(cast)["zoe@example.com"] == "admin"

    alice.press("Offer the ownership", "link")
    alice.press("Send the offer")
    zoe.go(MEMBERS)
    zoe.press("Read it and answer", "link")
    zoe.press("Become an owner")
    assert roles(cast)["zoe@example.com"] == "owner"
    assert roles(cast)["alice@example.com"] == "admin"

    alice.go(MEMBERS + "leave/")
    alice.press("Leave Acme")
    assert "alice@example.com" not in roles(cast)
    alice.go("/tasks/")
    assert "/organizations/" in alice.page.url


@with_scripts
def test_a_role_changes_in_the_list_and_back(visit, cast, scripts):
    alice = visit()
    sign_in(alice, cast.alice)
    alice.go(MEMBERS)
    alice.page.get_by_label("Role of Bob Example").select_option("viewer")
    alice.page.get_by_text("Bob Example is now Viewer").wait_for()
    assert roles(cast)["bob@example.com"] == "viewer"
    alice.press("Undo")
    assert roles(cast)["bob@example.com"] == "member"
    assert alice.faults() == []


@with_scripts
@pytest.mark.parametrize(("scheme", "width"), [("light", 390), ("dark", 1280)])
def test_what_the_invited_see_has_no_fault(
    visit, cast, scripts, run_jobs, scheme, width
):
    alice = visit()
    sign_in(alice, cast.alice)
    where = invite(alice, "zoe@example.com", run_jobs)
    look = {"color_scheme": scheme, "viewport": {"width": width, "height": 800}}
    stranger, charlie = visit(**look), visit(**look)
    sign_in(charlie, cast.charlie)
    for visitor in (stranger, charlie):
        visitor.go(where)
        assert visitor.faults() == []
