import pytest
from django.core import mail
from django.utils import timezone

from accounts.models import User
from organizations.tenancy import identity
from tests.accounts.conftest import (
    PASSWORD,
    WRONG,
    change,
    is_signed_in,
    person,
    recorded,
)

NEW = "a new and longer secret"
CHANGE = "/accounts/password/change/"
RESET = "/accounts/password/reset/"


def change_password(client, old=PASSWORD, new=NEW, again=None):
    form = {"oldpassword": old, "password1": new, "password2": again or new}
    return client.post(CHANGE, form)


def reset(client, email, code, new=NEW):
    client.post(RESET, {"email": email})
    client.post(f"{RESET}confirm/", {"code": code()})
    return client.post(f"{RESET}complete/", {"password1": new, "password2": new})


def test_a_password_is_changed_with_the_old_one(at_home, alice):
    assert change_password(at_home).status_code == 302
    assert person(alice.email).check_password(NEW)
    [entry] = recorded(alice, "user.password_changed")
    assert (entry.before, entry.after) == ({}, {})


@pytest.mark.parametrize(
    ("old", "new", "again"),
    [
        (WRONG, NEW, NEW),
        (PASSWORD, NEW, "something else"),
        (PASSWORD, "short", "short"),
        (PASSWORD, "1234567890", "1234567890"),
        (PASSWORD, "alice@example.com", "alice@example.com"),
    ],
)
def test_a_refused_change_changes_nothing(at_home, alice, old, new, again):
    assert change_password(at_home, old, new, again).status_code == 200
    assert person(alice.email).check_password(PASSWORD)
    assert recorded(alice, "user.password_changed") == []


def test_a_changed_password_ends_the_other_sessions_only(
    at_home, client, alice, log_in
):
    log_in(client, alice.email)
    change_password(at_home)
    assert is_signed_in(at_home)
    assert not is_signed_in(client)
    [entry] = recorded(alice, "user.sessions_ended")
    assert entry.after == {"count": 1}


def test_a_changed_password_changes_the_sessions_key(at_home):
    before = at_home.session.session_key
    change_password(at_home)
    assert at_home.session.session_key != before


def test_a_changed_password_is_told_by_mail(at_home, alice):
    change_password(at_home)
    assert mail.outbox[-1].to == [alice.email]
    assert "password was changed" in mail.outbox[-1].body
    assert "127.0.0.1" in mail.outbox[-1].body


def test_a_password_is_reset_by_a_mailed_code(visitor, alice, code, log_in):
    assert reset(visitor, alice.email, code).status_code == 302
    assert person(alice.email).check_password(NEW)
    assert len(recorded(alice, "user.password_reset")) == 1
    assert recorded(alice, "user.password_changed") == []
    assert log_in(visitor, alice.email, NEW).status_code == 302


def test_a_reset_ends_every_session(at_home, client, alice, code):
    reset(client, alice.email, code)
    assert not is_signed_in(at_home)


def test_a_reset_is_told_by_mail(visitor, alice, code):
    reset(visitor, alice.email, code)
    assert "set anew" in mail.outbox[-1].body


def test_a_reset_keeps_weak_passwords_out(visitor, alice, code):
    assert reset(visitor, alice.email, code, "short").status_code == 200
    assert person(alice.email).check_password(PASSWORD)


def test_a_reset_code_works_once(visitor, alice, code):
    reset(visitor, alice.email, code)
    again = {"password1": "another long one", "password2": "another long one"}
    visitor.post(f"{RESET}complete/", again)
    assert person(alice.email).check_password(NEW)


def test_a_reset_needs_the_code(visitor, alice):
    visitor.post(RESET, {"email": alice.email})
    visitor.post(f"{RESET}complete/", {"password1": NEW, "password2": NEW})
    assert person(alice.email).check_password(PASSWORD)


def test_a_reset_code_of_one_browser_is_no_use_in_another(visitor, client, alice, code):
    visitor.post(RESET, {"email": alice.email})
    client.post(f"{RESET}confirm/", {"code": code()})
    client.post(f"{RESET}complete/", {"password1": NEW, "password2": NEW})
    assert person(alice.email).check_password(PASSWORD)


@pytest.mark.parametrize("action", ["confirm", "complete"])
def test_a_reset_runs_out(visitor, alice, code, time_machine, action):
    time_machine.move_to("2030-01-01T12:00:00Z")
    visitor.post(RESET, {"email": alice.email})
    if action == "complete":
        visitor.post(f"{RESET}confirm/", {"code": code()})
    time_machine.shift(10 * 60)
    visitor.post(f"{RESET}confirm/", {"code": code()})
    visitor.post(f"{RESET}complete/", {"password1": NEW, "password2": NEW})
    assert person(alice.email).check_password(PASSWORD)


PROVE = "/accounts/reauthenticate/"


def test_proving_oneself_takes_the_right_password_and_leads_back(at_home):
    there = f"{PROVE}?next={CHANGE}"
    assert at_home.post(there, {"password": WRONG}).status_code == 200
    assert at_home.post(there, {"password": PASSWORD})["Location"] == CHANGE


def test_proving_oneself_lasts_five_minutes(at_home, alice, time_machine):
    time_machine.move_to(timezone.now())
    at_home.post(PROVE, {"password": PASSWORD})
    time_machine.shift(5 * 60 + 1)
    form = {"email": "alice@example.org", "action_add": "1"}
    assert at_home.post("/accounts/email/", form)["Location"].startswith(PROVE)


def test_proving_oneself_cannot_be_tried_without_end(at_home):
    answers = [at_home.post(PROVE, {"password": WRONG}).status_code for _ in range(6)]
    assert answers == [200] * 5 + [429]


# cap 8
@pytest.mark.parametrize("password", [None, ""])
def test_a_person_without_a_password_has_an_unusable_one(db, password):
    with identity():
        user = User.objects.create_user("nina@example.com", password)
    assert user.password
    assert not user.check_password("")


def test_a_person_without_a_password_cannot_sign_in_by_one(visitor, alice, log_in):
    alice.set_unusable_password()
    change(alice, password=alice.password)
    for guess in ("", "!", alice.password):
        log_in(visitor, alice.email, guess)
        assert not is_signed_in(visitor)


def test_a_person_without_a_password_sets_one(visitor, alice, code):
    alice.set_unusable_password()
    change(alice, password=alice.password)
    visitor.post("/accounts/login/code/", {"email": alice.email})
    visitor.post("/accounts/login/code/confirm/", {"code": code()})
    assert visitor.get(CHANGE)["Location"] == "/accounts/password/set/"
    visitor.post("/accounts/password/set/", {"password1": NEW, "password2": NEW})
    assert person(alice.email).check_password(NEW)
    assert recorded(alice, "user.password_changed")
