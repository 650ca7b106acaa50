import pytest
from django.core import mail
from django.test import Client

from accounts.models import Session
from organizations.tenancy import identity
from tests.accounts.conftest import (
    PASSWORD,
    WRONG,
    change,
    is_signed_in,
    person,
    recorded,
)


def sessions(user):
    with identity():
        return list(Session.objects.filter(user=user).values_list("pk", flat=True))


def remember(client, key):
    with identity():
        session = client.session
        session[key] = "something"
        session.save()
    client.cookies["sessionid"] = session.session_key
    return session.session_key


def ask_for_code(client, email):
    return client.post("/accounts/login/code/", {"email": email})


def enter_code(client, code):
    return client.post("/accounts/login/code/confirm/", {"code": code})


# cap 16
def test_sign_in_by_password(visitor, alice, log_in):
    assert log_in(visitor, alice.email)["Location"] == "/"
    assert is_signed_in(visitor)
    [entry] = recorded(alice, "user.signed_in")
    assert (entry.actor_id, entry.target_id) == (alice.pk, str(alice.pk))


@pytest.mark.parametrize("email", ["ALICE@EXAMPLE.COM", " Alice@example.com "])
def test_sign_in_in_any_case(visitor, alice, log_in, email):
    log_in(visitor, email)
    assert is_signed_in(visitor)


@pytest.mark.parametrize("password", [WRONG, "", PASSWORD.upper(), PASSWORD + " "])
def test_a_wrong_password_signs_nobody_in(visitor, alice, log_in, password):
    answer = log_in(visitor, alice.email, password)
    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert sessions(alice) == []


def test_a_refused_sign_in_keeps_the_address_and_clears_the_password(
    visitor, alice, log_in
):
    page = log_in(visitor, alice.email, WRONG).content.decode()
    assert alice.email in page
    assert WRONG not in page
    assert 'role="alert"' in page


# cap 11
def test_signing_in_changes_the_sessions_key(visitor, alice, log_in):
    before = remember(visitor, "planted")
    log_in(visitor, alice.email)
    assert sessions(alice) == [visitor.session.session_key] != [before]
    with identity():
        assert not Session.objects.filter(pk=before).exists()


def test_signing_in_as_another_person_forgets_the_first(visitor, cast, log_in):
    log_in(visitor, cast.alice.email)
    remember(visitor, "hers")
    visitor.post("/accounts/logout/")
    log_in(visitor, cast.bob.email)
    assert "hers" not in visitor.session


# cap 15
def test_sign_in_by_a_mailed_code(visitor, alice, code):
    answer = ask_for_code(visitor, alice.email)
    assert answer["Location"] == "/accounts/login/code/confirm/"
    assert enter_code(visitor, code())["Location"] == "/"
    assert is_signed_in(visitor)
    assert recorded(alice, "user.signed_in")


def test_a_code_signs_in_once(visitor, client, alice, code):
    ask_for_code(visitor, alice.email)
    enter_code(visitor, code())
    visitor.post("/accounts/logout/")
    enter_code(visitor, code())
    assert not is_signed_in(visitor)


def test_a_code_is_bound_to_the_browser_that_asked(visitor, client, alice, code):
    ask_for_code(visitor, alice.email)
    enter_code(client, code())
    assert not is_signed_in(client)


def test_three_wrong_codes_make_the_right_one_useless(visitor, alice, code):
    ask_for_code(visitor, alice.email)
    for _ in range(3):
        enter_code(visitor, "AAAA-AAAA")
    enter_code(visitor, code())
    assert not is_signed_in(visitor)


def test_a_code_is_good_for_three_minutes(visitor, alice, code, time_machine):
    time_machine.move_to("2030-01-01T12:00:00Z")
    ask_for_code(visitor, alice.email)
    time_machine.shift(3 * 60 + 1)
    enter_code(visitor, code())
    assert not is_signed_in(visitor)


def test_a_second_code_replaces_the_first(visitor, alice, code):
    ask_for_code(visitor, alice.email)
    first = code()
    visitor.post("/accounts/login/code/confirm/", {"action": "resend"})
    assert len(mail.outbox) == 2
    enter_code(visitor, first)
    assert not is_signed_in(visitor)
    enter_code(visitor, code())
    assert is_signed_in(visitor)


# cap 2
def test_signing_in_by_code_confirms_the_address(visitor, alice, code):
    with identity():
        alice.emailaddress_set.update(verified=False)
    change(alice, email_verified=False)
    ask_for_code(visitor, alice.email)
    enter_code(visitor, code())
    assert person(alice.email).email_verified
    assert recorded(alice, "user.email_verified")


def test_a_person_without_an_address_row_confirms_it_first(
    visitor, alice, log_in, code
):
    with identity():
        alice.emailaddress_set.all().delete()
    change(alice, email_verified=False)
    assert log_in(visitor, alice.email)["Location"] == "/accounts/confirm-email/"
    visitor.post("/accounts/confirm-email/", {"code": code()})
    assert is_signed_in(visitor)
    assert person(alice.email).email_verified


def test_sign_out_is_a_post(at_home):
    assert at_home.get("/accounts/logout/").status_code == 200
    assert is_signed_in(at_home)


# cap 11
def test_sign_out_removes_the_session_and_its_device(at_home, alice):
    assert len(sessions(alice)) == 1
    at_home.post("/accounts/logout/")
    assert sessions(alice) == []
    with identity():
        assert not alice.usersession_set.exists()
    assert not is_signed_in(at_home)
    assert len(recorded(alice, "user.signed_out")) == 1


def test_a_stolen_cookie_is_worthless_after_sign_out(at_home, client):
    client.cookies["sessionid"] = at_home.cookies["sessionid"].value
    assert is_signed_in(client)
    at_home.post("/accounts/logout/")
    assert not is_signed_in(client)


def test_sign_out_leaves_the_other_devices_alone(at_home, client, alice, log_in):
    log_in(client, alice.email)
    at_home.post("/accounts/logout/")
    assert is_signed_in(client)


def test_signing_out_twice_is_no_error(at_home, alice):
    at_home.post("/accounts/logout/")
    assert at_home.post("/accounts/logout/").status_code == 302
    assert len(recorded(alice, "user.signed_out")) == 1


def test_a_signed_in_person_goes_home_from_the_sign_in_page(at_home):
    assert at_home.get("/accounts/login/")["Location"] == "/"


@pytest.mark.parametrize(
    "path", ["/accounts/profile/", "/accounts/email/", "/accounts/password/change/"]
)
def test_the_own_account_asks_to_sign_in_first(visitor, path):
    assert visitor.get(path)["Location"] == f"/accounts/login/?next={path}"


def test_the_console_has_no_sign_in_of_its_own(visitor, alice):
    change(alice, is_staff=True)
    answer = visitor.post(
        "/admin/login/", {"username": alice.email, "password": PASSWORD}
    )
    assert answer["Location"].startswith("/accounts/login/")
    assert sessions(alice) == []


@pytest.mark.parametrize(
    "path",
    [
        "/accounts/login/",
        "/accounts/signup/",
        "/accounts/login/code/",
        "/accounts/password/reset/",
        "/accounts/inactive/",
    ],
)
def test_the_entrance_pages_are_nobodys_to_keep(visitor, path):
    answer = visitor.get(path)
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]


def test_the_page_over_all_of_accounts_leads_somewhere(visitor, at_home, client):
    assert client.get("/accounts/")["Location"] == "/accounts/login/"
    assert at_home.get("/accounts/")["Location"] == "/accounts/email/"


@pytest.mark.parametrize(
    "path",
    [
        "/accounts/login/",
        "/accounts/signup/",
        "/accounts/logout/",
        "/accounts/login/code/",
        "/accounts/password/reset/",
        "/accounts/profile/",
    ],
)
def test_no_other_site_can_post_in_ones_name(alice, sign_in, path):
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = sign_in(alice).cookies
    assert strict.post(path, {"login": alice.email}).status_code == 403
    assert is_signed_in(strict)
