"""What a newcomer does on the first day, in a real browser."""

import re

import pytest
from django.core import mail

from accounts.models import User
from organizations.models import Membership
from organizations.tenancy import as_user, identity, tenant
from tasks.models import Status, Task
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "operator"])
CODE = re.compile(r"\b([A-Z0-9]{4}-[A-Z0-9]{4})\b")


def sign_up(visitor, email):
    visitor.go("/accounts/signup/")
    visitor.page.fill("[name=first_name]", "Nina")
    visitor.page.fill("[name=last_name]", "Newcomer")
    visitor.page.fill("[name=email]", email)
    visitor.page.fill("[name=password1]", "quiet harbour lantern")
    visitor.page.click("main form button[type=submit]")
    visitor.page.wait_for_load_state()
    code = CODE.search(mail.outbox[-1].body)[1]
    visitor.page.fill("[name=code]", code)
    visitor.page.click("form:has([name=code]) button[type=submit]")
    visitor.page.wait_for_load_state()


def sign_in(visitor, user):
    visitor.go("/accounts/login/")
    visitor.page.fill("[name=login]", user.email)
    visitor.page.fill("[name=password]", PASSWORD)
    visitor.page.click("form:has([name=password]) button[type=submit]")
    visitor.page.wait_for_load_state()


def found_organization(visitor, name):
    visitor.go("/organizations/new/")
    visitor.page.fill("[name=name]", name)
    visitor.page.click("form:has([name=name]) button[type=submit]")
    visitor.page.wait_for_load_state()


def add_task(visitor, title):
    visitor.page.fill("#quick [name=title]", title)
    visitor.page.press("#quick [name=title]", "Enter")
    visitor.page.get_by_role("link", name=title).first.wait_for()


both_ways = pytest.mark.parametrize("scripts", [True, False], indirect=True)
with_scripts = pytest.mark.parametrize("scripts", [True], indirect=True)


@both_ways
def test_newcomer_signs_up_and_works_in_an_organization(visit, scripts):
    nina = visit()
    sign_up(nina, "nina@example.com")
    found_organization(nina, "Harbour Works")
    add_task(nina, "Paint the small boat")
    with identity():
        user = User.objects.get(email="nina@example.com")
        assert user.email_verified
    with as_user(user):
        membership = Membership.own.select_related("organization").get()
    assert membership.role == "owner"
    with tenant(membership.organization, user):
        task = Task.objects.get()
        assert (task.title, task.number) == ("Paint the small boat", 1)
    if scripts:
        assert nina.faults() == []


@both_ways
def test_status_changes_in_place(visit, cast, scripts):
    alice = visit()
    sign_in(alice, cast.alice)
    alice.go("/tasks/")
    add_task(alice, "Count the oars")
    alice.page.locator("a[href$='/status/']").first.click()
    alice.page.get_by_role("button", name="In progress").first.click()
    alice.page.wait_for_load_state("networkidle")
    with tenant(cast.acme, cast.alice):
        assert Task.objects.get().status == Status.IN_PROGRESS


@with_scripts
def test_rows_stand_under_the_status_they_have(visit, cast, scripts):
    alice = visit()
    sign_in(alice, cast.alice)
    alice.go("/tasks/")
    add_task(alice, "Count the oars")
    groups = alice.page.locator("#tasks .group:visible")
    assert groups.locator("summary").all_inner_texts() == ["To do\n1"]
    alice.page.locator("a[href$='/status/']").first.click()
    alice.page.get_by_role("button", name="In progress").first.click()
    alice.page.wait_for_load_state("networkidle")
    assert groups.locator("summary").all_inner_texts() == ["In progress\n1"]
    assert "Count the oars" in groups.inner_text()
    assert alice.faults() == []


@with_scripts
def test_one_organization_sees_nothing_of_another_and_staff_all(visit, cast, scripts):
    alice, olga = visit(), visit()
    sign_in(alice, cast.alice)
    alice.go("/tasks/")
    add_task(alice, "Secret plan for spring")
    found_organization(alice, "Second House")
    alice.go("/tasks/")
    assert "Second House" in alice.text()
    assert "Secret plan" not in alice.text()
    sign_in(olga, cast.olga)
    olga.go("/admin/tasks/task/")
    assert "Secret plan for spring" in olga.text()
    assert olga.faults() == []


@with_scripts
@pytest.mark.parametrize(("scheme", "width"), [("light", 390), ("dark", 1280)])
def test_pages_have_no_fault(visit, cast, scripts, width, scheme):
    alice = visit(color_scheme=scheme, viewport={"width": width, "height": 800})
    sign_in(alice, cast.alice)
    for path in ("/tasks/", "/tasks/new/", "/organizations/members/", "/audit/"):
        alice.go(path)
        assert (path, alice.faults()) == (path, [])
