"""Second factors in a real browser, with Chromium's own pretended key."""

import pytest

from tests.accounts.factors import ADD, KEYS, SECURITY, app_code, factors
from tests.browser.test_first_day import sign_in
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "operator"])
both_ways = pytest.mark.parametrize("scripts", [True, False], indirect=True)
with_scripts = pytest.mark.parametrize("scripts", [True], indirect=True)
KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def give_key(visitor, **facts):
    """Put a pretended key into a browser."""
    channel = visitor.page.context.new_cdp_session(visitor.page)
    channel.send("WebAuthn.enable")
    channel.send("WebAuthn.addVirtualAuthenticator", {"options": KEY | facts})


def prove(visitor, path):
    visitor.go(path)
    visitor.page.fill("[name=password]", PASSWORD)
    visitor.press("Continue")


def sign_out(visitor):
    visitor.go("/accounts/logout/")
    visitor.page.locator("main form button").click()
    visitor.page.wait_for_load_state()


def add_passkey(visitor, name="Work laptop"):
    prove(visitor, ADD)
    visitor.page.fill("[name=name]", name)
    visitor.page.get_by_role("button", name="Add the passkey").click()
    visitor.page.wait_for_url("**/recovery-codes/")


@with_scripts
def test_a_passkey_is_added_and_signs_in_alone(visit, cast, scripts):
    alice = visit()
    give_key(alice)
    sign_in(alice, cast.alice)
    add_passkey(alice)
    assert "Keep them now" in alice.text()
    assert alice.faults() == []
    alice.go(KEYS)
    assert "Work laptop" in alice.text()
    assert alice.faults() == []

    sign_out(alice)
    alice.go("/accounts/login/?next=/organizations/members/")
    assert alice.faults() == []
    alice.page.get_by_role("button", name="Use a passkey").click()
    alice.page.wait_for_url(alice.base + "/organizations/members/")
    assert "Bob Example" in alice.text()


@with_scripts
def test_a_security_key_without_a_pin_is_a_second_step_only(visit, cast, scripts):
    alice = visit()
    give_key(alice, transport="usb", hasUserVerification=False, isUserVerified=False)
    sign_in(alice, cast.alice)
    prove(alice, ADD)
    alice.page.uncheck("[name=passwordless]")
    alice.page.get_by_role("button", name="Add the passkey").click()
    alice.page.wait_for_url("**/recovery-codes/")
    alice.go(KEYS)
    assert "Second step only" in alice.text()

    sign_out(alice)
    sign_in(alice, cast.alice)
    assert alice.page.url.endswith("/authenticate/")
    assert alice.faults() == []
    alice.page.get_by_role("button", name="Use a passkey").click()
    alice.page.wait_for_url(alice.base + "/tasks/")


@with_scripts
def test_whoever_gives_up_is_told_and_can_try_again(visit, cast, scripts):
    alice = visit()
    give_key(alice)
    alice.go("/accounts/login/")
    trouble = alice.page.locator("[data-passkey-trouble]")
    assert not trouble.is_visible()
    alice.page.get_by_role("button", name="Use a passkey").click()
    trouble.wait_for(state="visible")
    assert "The browser did not finish" in trouble.inner_text()
    assert alice.page.get_by_role("button", name="Use a passkey").is_enabled()
    assert alice.faults() == []


@both_ways
def test_an_app_is_set_up_and_asked_for(visit, cast, scripts):
    alice = visit()
    sign_in(alice, cast.alice)
    prove(alice, f"{SECURITY}totp/activate/")
    secret = alice.page.locator(".secret code").inner_text()
    if scripts:
        assert alice.faults() == []
    picture = alice.page.locator("img.qr")
    assert picture.evaluate("img => img.naturalWidth") > 0
    alice.page.fill("[name=code]", app_code(secret))
    alice.press("Turn on")
    codes = alice.page.locator(".recovery code").all_inner_texts()
    assert len(codes) == 10

    sign_out(alice)
    sign_in(alice, cast.alice)
    assert alice.page.url.endswith("/authenticate/")
    alice.page.fill("[name=code]", app_code(secret, later=1))
    alice.press("Sign in")
    assert alice.page.url.endswith("/tasks/")

    sign_out(alice)
    sign_in(alice, cast.alice)
    alice.page.fill("[name=code]", codes[0])
    alice.press("Sign in")
    alice.go(SECURITY)
    assert "9 of 10 left" in alice.text()
    if scripts:
        assert alice.faults() == []
    assert [one.type for one in factors(cast.alice)] == ["totp", "recovery_codes"]


@both_ways
def test_a_member_is_led_through_the_set_up_and_back(visit, cast, scripts):
    alice, bob = visit(), visit(viewport={"width": 390, "height": 800})
    sign_in(bob, cast.bob)
    sign_in(alice, cast.alice)
    prove(alice, f"{SECURITY}totp/activate/")
    secret = alice.page.locator(".secret code").inner_text()
    alice.page.fill("[name=code]", app_code(secret))
    alice.press("Turn on")
    alice.go("/organizations/settings/")
    alice.press("Require it")
    assert "Members without a second step" in alice.text()
    if scripts:
        assert alice.faults() == []

    bob.go("/organizations/members/")
    assert "Acme asks for a second step" in bob.text()
    assert "Alice Example" not in bob.text()
    if scripts:
        assert bob.faults() == []
    bob.press("Set one up", "link")
    bob.press("Set up", "link")
    bob.page.fill("[name=password]", PASSWORD)
    bob.press("Continue")
    secret = bob.page.locator(".secret code").inner_text()
    bob.page.fill("[name=code]", app_code(secret))
    bob.press("Turn on")
    bob.press("Go on to Acme", "link")
    assert bob.page.url == bob.base + "/organizations/members/"
    assert "Alice Example" in bob.text()
