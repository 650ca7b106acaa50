from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.base import UpdateError
from django.db import connection
from django.db.models import CASCADE
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import jobs
from accounts.models import Session, User
from accounts.sessions import SessionStore
from accounts.templatetags.devices import device
from organizations.tenancy import identity
from tests.accounts.conftest import change, is_signed_in, recorded

PAGE = "/accounts/sessions/"


def row(client):
    with identity():
        return Session.objects.get(pk=client.cookies["sessionid"].value)


# cap 11
def test_a_session_knows_its_person_and_when_it_ends(at_home, alice):
    session = row(at_home)
    assert session.user_id == alice.pk
    left = session.expire_date - timezone.now()
    assert timedelta(days=13, hours=23) < left <= timedelta(days=14)


# cap 11
def test_a_device_is_remembered_by_address_and_browser(visitor, alice, log_in):
    headers = {"User-Agent": "Firefox on a boat"}
    form = {"login": alice.email, "password": "correct horse battery"}
    visitor.post("/accounts/login/", form, headers=headers)
    with identity():
        device = UserSession.objects.get(user=alice)
    assert (device.ip, device.user_agent) == ("127.0.0.1", "Firefox on a boat")
    assert device.session_key == visitor.cookies["sessionid"].value


# cap 12
def test_a_session_row_names_the_active_organization(as_alice, acme):
    assert row(as_alice).organization_id == acme.pk


def test_a_saved_session_keeps_the_moment_it_began(at_home):
    began = row(at_home).created_at
    with identity():
        store = SessionStore(at_home.cookies["sessionid"].value)
        store["seen"] = "something"
        store.save()
        assert at_home.session["seen"] == "something"
    assert row(at_home).created_at == began


def test_a_session_that_was_ended_is_not_saved_again(at_home):
    with identity():
        store = SessionStore(at_home.cookies["sessionid"].value)
        store["seen"] = "something"
        Session.objects.all().delete()
        with pytest.raises(UpdateError):
            store.save()
        assert not Session.objects.exists()


def test_the_person_comes_with_the_session_in_one_statement(at_home, alice):
    key = at_home.cookies["sessionid"].value
    with identity(), CaptureQueriesContext(connection) as seen:
        store = SessionStore(key)
        assert store["_auth_user_id"] == str(alice.pk)
        assert store.person == alice
        assert store.person.name == "Alice Example"
    assert len(seen) == 1


def test_the_person_of_a_session_is_whole_and_can_be_saved(at_home, alice):
    with identity():
        store = SessionStore(at_home.cookies["sessionid"].value)
        assert store.load()
        assert store.person.get_deferred_fields() == set()
        store.person.first_name = "Changed"
        store.person.save(update_fields=["first_name"])
        assert User.objects.get(pk=alice.pk).first_name == "Changed"


def test_an_unknown_session_key_is_nobodys(visitor, db):
    visitor.cookies["sessionid"] = "a" * 32
    assert not is_signed_in(visitor)


@pytest.mark.parametrize(
    "key", ["", "x", "\x00" * 32, "ü" * 20, "' OR 1=1 --", "a" * 999]
)
def test_a_senseless_session_key_is_no_error(visitor, db, key):
    visitor.cookies["sessionid"] = key
    assert visitor.get("/accounts/profile/").status_code in (302, 400)


def test_a_session_that_ended_is_nobodys(at_home):
    with identity():
        Session.objects.update(expire_date=timezone.now())
    assert not is_signed_in(at_home)


def test_a_forged_session_content_is_nobodys(at_home):
    with identity():
        Session.objects.update(session_data="e30:forged:signature")
    assert not is_signed_in(at_home)


def test_a_session_row_moved_to_another_person_signs_nobody_in(at_home, bob):
    with identity():
        Session.objects.update(user=bob)
    answer = at_home.get("/accounts/profile/")
    assert answer.status_code == 302 or answer.wsgi_request.user != bob


def test_a_rotated_secret_keeps_people_signed_in(at_home, settings):
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another secret of the same house, long enough"
    assert is_signed_in(at_home)


def test_a_lost_secret_signs_everybody_out(at_home, settings):
    settings.SECRET_KEY = "another secret of the same house, long enough"
    assert not is_signed_in(at_home)


def test_the_list_shows_ones_own_devices(at_home, alice, client, log_in):
    log_in(client, alice.email)
    page = at_home.get(PAGE)
    keys = [session.session_key for session in page.context["sessions"]]
    assert keys == [browser.cookies["sessionid"].value for browser in (at_home, client)]


def test_the_list_shows_nobody_elses(at_home, bob, client, log_in):
    log_in(client, bob.email)
    assert len(at_home.get(PAGE).context["sessions"]) == 1


def test_ending_the_others_keeps_this_one(at_home, client, alice, log_in):
    log_in(client, alice.email)
    assert at_home.post(PAGE)["Location"] == PAGE
    assert is_signed_in(at_home)
    assert not is_signed_in(client)
    [entry] = recorded(alice, "user.sessions_ended")
    assert entry.after == {"count": 1}


def test_ending_the_others_removes_their_rows(at_home, client, alice, log_in):
    log_in(client, alice.email)
    at_home.post(PAGE)
    with identity():
        assert Session.objects.filter(user=alice).count() == 1
        assert UserSession.objects.filter(user=alice).count() == 1


def test_ending_none_records_none(at_home, alice):
    at_home.post(PAGE)
    assert recorded(alice, "user.sessions_ended") == []


# cap 11
@pytest.mark.parametrize("model", [Session, UserSession])
def test_sessions_go_with_their_person_and_are_found_by_them(model):
    field = model._meta.get_field("user")
    assert field.remote_field.on_delete is CASCADE
    assert field.db_index


def test_ended_sessions_are_cleared_and_the_living_kept(at_home, client, alice, log_in):
    log_in(client, alice.email)
    with identity():
        gone = Session.objects.exclude(pk=at_home.cookies["sessionid"].value)
        gone.update(expire_date=timezone.now() - timedelta(seconds=1))
        jobs.clear_expired_sessions()
        assert Session.objects.count() == UserSession.objects.count() == 1
    assert is_signed_in(at_home)


def test_a_page_costs_one_statement_for_session_and_person(at_home):
    with CaptureQueriesContext(connection) as seen:
        at_home.get("/accounts/profile/")
    asked = [query["sql"] for query in seen]
    assert len([sql for sql in asked if "app.session_with_person" in sql]) == 1
    assert [sql for sql in asked if "accounts_" in sql] == []


def test_a_stranger_costs_no_statement_at_all(db):
    client = Client()
    client.get("/accounts/login/")
    with CaptureQueriesContext(connection) as seen:
        client.get("/accounts/login/")
    assert len(seen) == 0


def test_a_person_made_inactive_is_found_again_when_active(at_home, alice):
    change(alice, is_active=False)
    assert not is_signed_in(at_home)
    change(alice, is_active=True)
    assert is_signed_in(at_home)


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
            "Firefox on Linux",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like"
            " Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0",
            "Edge on Windows",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1"
            " (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1",
            "Safari on iPhone",
        ),
        ("curl/8.14", "curl/8.14"),
        ("", "Unknown browser"),
        ("x" * 300, "x" * 60),
    ],
)
def test_a_device_is_called_what_people_call_it(agent, words):
    assert device(agent) == words


def test_the_list_says_which_device_this_is(at_home, client, alice, log_in):
    log_in(client, alice.email)
    page = at_home.get(PAGE).content.decode()
    assert page.count("This one") == 1
    assert page.count("Unknown browser") == 2
