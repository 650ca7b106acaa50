import re
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone

from tests.accounts.conftest import WRONG, is_signed_in, recorded
from tests.accounts.factors import (
    ACTIVATE,
    CODES,
    DEACTIVATE,
    SECURITY,
    SHOWN_CODE,
    STEP,
    app_code,
    factors,
    set_up_app,
)
from tests.conftest import PASSWORD

GENERATE = f"{CODES}generate/"


pytestmark = pytest.mark.usefixtures("at_once")


@pytest.fixture
def secret(proven, alice, at_once):
    """What Alice's app was given."""
    return set_up_app(proven)


def first_step(log_in, alice):
    client = Client()
    answer = log_in(client, alice.email)
    assert answer["Location"] == STEP
    assert not is_signed_in(client)
    return client


def test_setting_up_an_app_asks_for_the_password_first(at_home):
    answer = at_home.get(ACTIVATE)
    assert answer["Location"].startswith("/accounts/reauthenticate/?next=")


def test_the_page_shows_the_key_as_text_and_as_picture(proven, alice):
    page = proven.get(ACTIVATE).text
    assert 'src="data:image/svg+xml;base64,' in page
    assert re.search(r"<code[^>]*>[A-Z2-7]{32}</code>", page)
    assert "style=" not in page


def test_an_app_is_on_once_its_code_fits(secret, proven, alice):
    assert [one.type for one in factors(alice)] == ["totp", "recovery_codes"]
    assert len(recorded(alice, "user.totp_added")) == 1
    assert len(recorded(alice, "user.recovery_codes_made")) == 1
    page = proven.get(SECURITY).text
    assert "Turn off" in page
    assert "10 of 10 left" in page


def test_a_new_app_is_told_by_mail_in_text_and_html(secret, alice):
    [message] = mail.outbox
    assert message.to == [alice.email]
    assert message.subject == "Authenticator app turned on"
    assert "asks for its code" in " ".join(message.body.split())
    [(html, kind)] = message.alternatives
    assert kind == "text/html"
    assert "asks for its code" in html


@pytest.mark.parametrize("code", ["", "000000", "x" * 5000, "12 34", "\u0661" * 6])
def test_a_wrong_code_turns_nothing_on(proven, alice, code):
    proven.get(ACTIVATE)
    assert proven.post(ACTIVATE, {"code": code}).status_code == 200
    assert factors(alice) == []
    assert recorded(alice, "user.totp_added") == []


def test_signing_in_takes_the_code_after_the_password(secret, alice, log_in):
    client = first_step(log_in, alice)
    shown = app_code(secret)
    answer = client.post(STEP, {"code": f"{shown[:3]} {shown[3:]}"})
    assert answer.status_code == 302
    assert is_signed_in(client)


def test_a_mailed_code_does_not_spare_the_second_step(secret, alice, code):
    visitor = Client()
    visitor.post("/accounts/login/code/", {"email": alice.email})
    answer = visitor.post("/accounts/login/code/confirm/", {"code": code()})
    assert answer["Location"] == STEP
    assert not is_signed_in(visitor)


def test_a_wrong_second_step_signs_nobody_in_and_is_recorded(secret, alice, log_in):
    client = first_step(log_in, alice)
    answer = client.post(STEP, {"code": "000000"})
    assert "That code does not fit" in answer.text
    assert not is_signed_in(client)
    [entry] = recorded(alice, "user.second_step_failed")
    assert entry.after == {"kind": "totp"}


def test_codes_cannot_be_guessed_on_and_on(secret, alice, log_in):
    client = first_step(log_in, alice)
    for _attempt in range(12):
        page = client.post(STEP, {"code": "000000"}).text
    assert "Too many tries" in page
    page = client.post(STEP, {"code": app_code(secret)}).text
    assert not is_signed_in(client)


def test_a_code_works_once_for_as_long_as_it_is_taken(secret, alice, log_in):
    shown = app_code(secret)
    assert first_step(log_in, alice).post(STEP, {"code": shown}).status_code == 302
    late = first_step(log_in, alice)
    with time_machine.travel(timezone.now() + timedelta(seconds=31), tick=False):
        assert late.post(STEP, {"code": shown}).status_code == 200
    assert not is_signed_in(late)


def test_the_step_without_a_first_one_leads_to_the_sign_in(visitor, db):
    assert visitor.get(STEP)["Location"] == "/accounts/login/"
    assert visitor.post(STEP, {"code": "1"})["Location"] == "/accounts/login/"


def test_somebody_banned_meanwhile_is_not_let_in_by_a_code(secret, alice, log_in):
    from tests.accounts.conftest import change

    client = first_step(log_in, alice)
    change(alice, banned=True)
    client.post(STEP, {"code": app_code(secret)})
    assert not is_signed_in(client)


def test_the_app_proves_oneself_before_a_change(secret, at_home, alice):
    with time_machine.travel(timezone.now() + timedelta(minutes=6), tick=True):
        page = at_home.get(DEACTIVATE)
        assert page["Location"].startswith("/accounts/reauthenticate/")
        there = f"{SECURITY}reauthenticate/?next={DEACTIVATE}"
        assert at_home.post(there, {"code": "000000"}).status_code == 200
        answer = at_home.post(there, {"code": app_code(secret)})
        assert answer["Location"] == DEACTIVATE


def test_turning_the_app_off_takes_the_recovery_codes_along(secret, proven, alice):
    mail.outbox.clear()
    page = proven.get(DEACTIVATE).text
    assert "Its codes stop working" in page
    assert proven.post(DEACTIVATE)["Location"] == SECURITY
    assert factors(alice) == []
    assert len(recorded(alice, "user.totp_removed")) == 1
    assert mail.outbox[-1].subject == "Authenticator app turned off"


def test_turning_the_app_off_asks_for_proof_first(secret, at_home, alice):
    with time_machine.travel(timezone.now() + timedelta(minutes=6), tick=True):
        answer = at_home.post(DEACTIVATE)
    assert answer["Location"].startswith("/accounts/reauthenticate/")
    assert len(factors(alice)) == 2


def test_recovery_codes_are_shown_once(secret, proven):
    page = proven.get(CODES).text
    assert len(SHOWN_CODE.findall(page)) == 10
    assert 'download="insula-recovery-codes.txt"' in page
    assert "data:text/plain" in page
    again = proven.get(CODES).text
    assert SHOWN_CODE.findall(again) == []
    assert "data:text/plain" not in again
    assert "10 of 10 are left" in again


def test_a_recovery_code_stands_in_for_the_app_once(secret, proven, alice, log_in):
    spent = SHOWN_CODE.findall(proven.get(CODES).text)[3]
    client = first_step(log_in, alice)
    assert client.post(STEP, {"code": spent}).status_code == 302
    assert is_signed_in(client)
    [entry] = recorded(alice, "user.recovery_code_used")
    assert entry.after == {"left": 9}
    assert "9 of 10 left" in client.get(SECURITY).text
    other = first_step(log_in, alice)
    assert other.post(STEP, {"code": spent}).status_code == 200
    assert not is_signed_in(other)


def test_new_recovery_codes_replace_the_old_ones(secret, proven, alice, log_in):
    old = SHOWN_CODE.findall(proven.get(CODES).text)
    assert "10 codes you have left" in proven.get(GENERATE).text
    assert proven.post(GENERATE)["Location"] == CODES
    new = SHOWN_CODE.findall(proven.get(CODES).text)
    assert len(new) == 10
    assert not set(old) & set(new)
    assert len(recorded(alice, "user.recovery_codes_made")) == 2
    assert mail.outbox[-1].subject == "New recovery codes"
    assert first_step(log_in, alice).post(STEP, {"code": old[0]}).status_code == 200


def test_recovery_codes_need_something_they_stand_in_for(proven, alice):
    answer = proven.post(GENERATE)
    assert "Set up an app or a passkey first" in answer.text
    assert factors(alice) == []


def test_people_have_no_recovery_codes_of_others(secret, sign_in, bob):
    other = sign_in(bob)
    assert other.get(CODES).status_code == 404
    assert other.post(DEACTIVATE).status_code == 404


def test_the_other_devices_are_signed_out_by_a_new_app(proven, alice, log_in):
    other = Client()
    log_in(other, alice.email)
    assert is_signed_in(other)
    set_up_app(proven)
    assert is_signed_in(proven)
    assert not is_signed_in(other)
    [entry] = recorded(alice, "user.sessions_ended")
    assert entry.after == {"count": 1}


def test_a_wrong_password_never_reaches_the_second_step(secret, alice, log_in):
    visitor = Client()
    assert log_in(visitor, alice.email, WRONG).status_code == 200
    assert visitor.get(STEP)["Location"] == "/accounts/login/"
    assert log_in(visitor, alice.email, PASSWORD)["Location"] == STEP
