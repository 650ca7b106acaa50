"""Bans, a deleted organization brought back, terms and a copy of one's data, in a real
browser."""

import pytest
from django.urls import reverse

from tests.browser.test_first_day import sign_in
from tests.browser.test_second_step import prove
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "operator"])
both_ways = pytest.mark.parametrize("scripts", [True, False], indirect=True)
looks = pytest.mark.parametrize(("scheme", "width"), [("light", 390), ("dark", 1280)])
SETTINGS = "/organizations/settings/"


def look_of(scheme, width):
    return {"color_scheme": scheme, "viewport": {"width": width, "height": 800}}


def sound(visitor, scripts):
    """Look for faults where a script can; what is wrong shows in the failure."""
    found = visitor.faults() if scripts else []
    assert found == []


# cap 5
@both_ways
def test_a_banned_person_is_out_told_why_and_let_in_again(visit, cast, scripts):
    olga, bob = visit(), visit(**look_of("dark", 390))
    sign_in(bob, cast.bob)
    bob.go("/tasks/")
    assert bob.page.url.endswith("/tasks/")

    sign_in(olga, cast.olga)
    olga.go(reverse("admin:accounts_user_change", args=[cast.bob.pk]))
    olga.press("Ban", "link")
    sound(olga, scripts)
    olga.press("Ban")
    assert "Say why" in olga.text()
    olga.page.fill("[name=reason]", "Sent adverts to everybody")
    olga.page.fill("[name=message]", "Please stop sending adverts.")
    olga.press("Ban")
    assert "Bob Example is banned." in olga.text()
    sound(olga, scripts)

    bob.go("/tasks/")
    assert "/accounts/login/" in bob.page.url
    sign_in(bob, cast.bob)
    assert "Your account is banned" in bob.text()
    assert "Please stop sending adverts." in bob.text()
    assert "Sent adverts" not in bob.text()
    sound(bob, scripts)

    olga.go(reverse("admin:accounts_user_changelist") + "?q=bob")
    olga.page.check("tbody [name=_selected_action]")
    olga.page.select_option("[name=action]", "unban")
    olga.page.fill("[name=reason]", "He promised")
    olga.page.click("[name=index]")
    olga.page.wait_for_load_state()
    sign_in(bob, cast.bob)
    assert bob.page.url.endswith("/tasks/")


# cap 26
@both_ways
def test_an_organization_is_deleted_and_brought_back(visit, cast, scripts):
    alice, bob = visit(), visit()
    sign_in(bob, cast.bob)
    sign_in(alice, cast.alice)
    prove(alice, f"{SETTINGS}delete/")
    sound(alice, scripts)
    alice.page.fill("[name=typed]", "wrong")
    alice.press("Delete Acme")
    assert alice.page.input_value("[name=typed]") == "wrong"
    alice.page.fill("[name=typed]", "acme")
    alice.press("Delete Acme")
    assert "Can be restored until" in alice.text()
    sound(alice, scripts)

    bob.go("/tasks/")
    assert bob.page.url.endswith("/organizations/")
    assert "Acme" not in bob.page.inner_text("main")

    alice.press("Restore Acme")
    assert "Can be restored until" not in alice.text()
    bob.go("/tasks/")
    assert bob.page.url.endswith("/tasks/")


@looks
@pytest.mark.parametrize("scripts", [True], indirect=True)
def test_terms_are_accepted_at_sign_up_and_again(
    visit, cast, scripts, settings, scheme, width
):
    settings.TERMS_URL = "https://insula.example/terms"
    settings.TERMS_VERSION = "2026-11"
    zoe, bob = visit(**look_of(scheme, width)), visit(**look_of(scheme, width))
    zoe.go("/accounts/signup/")
    zoe.page.fill("[name=email]", "zoe@example.com")
    zoe.page.fill("[name=password1]", PASSWORD)
    zoe.press("Create account")
    assert zoe.page.url.endswith("/accounts/signup/")
    assert zoe.faults() == []
    zoe.page.check("[name=terms]")
    zoe.press("Create account")
    assert zoe.page.url.endswith("/accounts/confirm-email/")

    sign_in(bob, cast.bob)
    assert "/accounts/terms/" in bob.page.url
    assert bob.faults() == []
    bob.page.check("[name=terms]")
    bob.press("Accept and go on")
    assert bob.page.url.endswith("/tasks/")
