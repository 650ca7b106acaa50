"""Banned and inactive people: no way in, and out at the next request."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from accounts.models import User
from organizations.tenancy import identity
from tests.accounts.conftest import PASSWORD, change, is_signed_in, person, recorded

NEW = "a new and longer secret"
# cap 5
CLOSED = [
    pytest.param({"is_active": False}, id="inactive"),
    pytest.param({"banned": True, "ban_reason": "spam"}, id="banned"),
    pytest.param(
        {"banned": True, "ban_expires_at": timezone.now() + timedelta(days=1)},
        id="banned for a day",
    ),
]
closed = pytest.mark.parametrize("state", CLOSED)


def has_session(user):
    with identity():
        return user.sessions.exists()


@closed
def test_a_closed_account_cannot_sign_in_by_password(visitor, alice, log_in, state):
    change(alice, **state)
    assert log_in(visitor, alice.email)["Location"] == "/accounts/inactive/"
    assert not is_signed_in(visitor)
    assert not has_session(alice)
    assert recorded(alice, "user.signed_in") == []


@closed
def test_a_wrong_password_does_not_tell_that_an_account_is_closed(
    visitor, alice, log_in, state
):
    open_page = log_in(visitor, alice.email, "wrong").content
    change(alice, **state)
    assert len(log_in(visitor, alice.email, "wrong").content) == len(open_page)


@closed
def test_a_closed_account_cannot_sign_in_by_code(visitor, alice, code, state):
    change(alice, **state)
    visitor.post("/accounts/login/code/", {"email": alice.email})
    if "code" in mail.outbox[-1].subject:
        visitor.post("/accounts/login/code/confirm/", {"code": code()})
    assert not is_signed_in(visitor)


@closed
def test_a_code_asked_for_before_is_worthless_after(visitor, alice, code, state):
    visitor.post("/accounts/login/code/", {"email": alice.email})
    change(alice, **state)
    answer = visitor.post("/accounts/login/code/confirm/", {"code": code()})
    assert answer["Location"] == "/accounts/inactive/"
    assert not has_session(alice)


@closed
def test_a_reset_code_asked_for_before_sets_no_password(visitor, alice, code, state):
    visitor.post("/accounts/password/reset/", {"email": alice.email})
    change(alice, **state)
    visitor.post("/accounts/password/reset/confirm/", {"code": code()})
    form = {"password1": NEW, "password2": NEW}
    visitor.post("/accounts/password/reset/complete/", form)
    assert person(alice.email).check_password(PASSWORD)
    assert not is_signed_in(visitor)


@closed
def test_a_confirmed_reset_code_sets_no_password_either(visitor, alice, code, state):
    visitor.post("/accounts/password/reset/", {"email": alice.email})
    visitor.post("/accounts/password/reset/confirm/", {"code": code()})
    change(alice, **state)
    form = {"password1": NEW, "password2": NEW}
    answer = visitor.post("/accounts/password/reset/complete/", form)
    assert answer["Location"] == "/accounts/inactive/"
    assert person(alice.email).check_password(PASSWORD)


@closed
def test_a_sign_up_closed_before_it_was_confirmed_stays_out(visitor, code, state):
    form = {"email": "zoe@example.com", "password1": PASSWORD}
    visitor.post("/accounts/signup/", form)
    zoe = person("zoe@example.com")
    change(zoe, **state)
    answer = visitor.post("/accounts/confirm-email/", {"code": code()})
    assert answer["Location"] == "/accounts/inactive/"
    assert not person("zoe@example.com").email_verified
    assert not has_session(zoe)


@closed
def test_a_new_address_is_not_confirmed_for_a_closed_account(
    proven, alice, code, state
):
    proven.post("/accounts/email/", {"email": "a@example.org", "action_add": "1"})
    change(alice, **state)
    proven.post("/accounts/confirm-email/", {"code": code()})
    assert person("alice@example.com").pk == alice.pk


@closed
def test_a_closed_account_is_out_at_the_next_request(at_home, alice, state):
    assert is_signed_in(at_home)
    change(alice, **state)
    assert not is_signed_in(at_home)


@closed
def test_a_closed_account_loses_its_organizations_too(as_bob, cast, state):
    assert as_bob.get("/tasks/").status_code == 200
    change(cast.bob, **state)
    assert as_bob.get("/tasks/")["Location"].startswith("/accounts/login/")


def test_a_ban_ends_by_itself(visitor, alice, log_in):
    change(alice, banned=True, ban_expires_at=timezone.now() - timedelta(seconds=1))
    assert log_in(visitor, alice.email)["Location"] == "/"
    assert is_signed_in(visitor)


@pytest.mark.parametrize(
    ("banned", "expires", "is_banned"),
    [
        (False, None, False),
        (False, timedelta(days=1), False),
        (True, None, True),
        (True, timedelta(days=1), True),
        (True, -timedelta(days=1), False),
    ],
)
def test_whether_a_ban_is_in_force(banned, expires, is_banned):
    until = timezone.now() + expires if expires else None
    user = User(email="a@example.com", banned=banned, ban_expires_at=until)
    assert user.is_banned is is_banned
    assert user.may_sign_in is not is_banned


def test_the_page_of_a_closed_account_says_so(visitor, db):
    page = visitor.get("/accounts/inactive/")
    assert page.status_code == 200
    assert "inactive" in page.content.decode().lower()
