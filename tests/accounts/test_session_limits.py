from datetime import timedelta

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Session
from config.env import WrongSetting
from organizations.tenancy import identity
from tests.accounts.conftest import is_signed_in
from tests.security.test_settings import production

PAGE = "/accounts/profile/"
DEVICES = "/accounts/sessions/"


def after(**time):
    return time_machine.travel(timezone.now() + timedelta(**time), tick=True)


def seen(client):
    with identity():
        return Session.objects.get(pk=client.cookies["sessionid"].value).seen_at


def writes(client):
    with CaptureQueriesContext(connection) as statements:
        assert client.get(PAGE).status_code == 200
    return [one["sql"] for one in statements if "UPDATE" in one["sql"]]


def test_a_session_ends_however_much_it_is_used(at_home, settings):
    settings.SESSION_ABSOLUTE_SECONDS = 3600
    with after(minutes=59):
        assert is_signed_in(at_home)
        at_home.post(PAGE, {"theme": "dark", "timezone": "UTC", "first_name": "A"})
    with after(minutes=61):
        assert not is_signed_in(at_home)


def test_a_session_left_alone_ends(at_home, settings):
    settings.SESSION_IDLE_SECONDS = 3600
    with after(minutes=61):
        assert not is_signed_in(at_home)


def test_a_session_in_use_goes_on(at_home, settings):
    settings.SESSION_IDLE_SECONDS = 3600
    for minutes in range(45, 300, 45):
        with after(minutes=minutes):
            assert is_signed_in(at_home)
    with after(minutes=400):
        assert not is_signed_in(at_home)


def test_without_a_limit_a_session_may_be_left_alone(at_home, settings):
    assert settings.SESSION_IDLE_SECONDS == 0
    with after(days=13):
        assert is_signed_in(at_home)
    with after(days=14, minutes=1):
        assert not is_signed_in(at_home)


def test_what_is_over_leaves_neither_row_nor_device(at_home, alice, log_in, settings):
    settings.SESSION_IDLE_SECONDS = 3600
    with after(minutes=61):
        at_home.get(PAGE)
        with identity():
            assert not Session.objects.filter(user=alice).exists()
    other = Client()
    log_in(other, alice.email)
    assert other.get(DEVICES).text.count('class="set"') == 1


def test_a_request_writes_nothing_only_to_be_counted(at_home):
    before = seen(at_home)
    assert writes(at_home) == []
    with after(minutes=4):
        assert writes(at_home) == []
    assert seen(at_home) == before


def test_being_seen_is_marked_every_few_minutes(at_home, alice):
    before = seen(at_home)
    with after(minutes=6):
        assert len(writes(at_home)) == 2
        assert writes(at_home) == []
        assert seen(at_home) - before > timedelta(minutes=5)
        with identity():
            device = UserSession.objects.get(user=alice)
        assert device.last_seen_at - before > timedelta(minutes=5)


def test_a_short_limit_is_marked_more_often(at_home, settings):
    settings.SESSION_IDLE_SECONDS = 60
    for seconds in (20, 60, 100, 140):
        with after(seconds=seconds):
            assert is_signed_in(at_home)
    with after(seconds=201):
        assert not is_signed_in(at_home)


def test_the_devices_show_when_they_were_last_seen(at_home, alice, log_in):
    other = Client()
    log_in(other, alice.email)
    page = at_home.get(DEVICES).text
    assert page.count("last seen") == 1
    assert "This one" in page


def test_a_stranger_is_not_marked(visitor, db):
    with CaptureQueriesContext(connection) as statements:
        visitor.get("/accounts/login/")
    assert not [one for one in statements if "UPDATE" in one["sql"]]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SESSION_ABSOLUTE_SECONDS", "10"),
        ("SESSION_ABSOLUTE_SECONDS", "soon"),
        ("SESSION_IDLE_SECONDS", "-1"),
        ("SESSION_IDLE_SECONDS", "5"),
    ],
)
def test_a_senseless_limit_ends_the_start(monkeypatch, name, value):
    with pytest.raises(WrongSetting, match=name):
        production(monkeypatch, **{name: value})
