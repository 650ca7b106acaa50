"""A stranger learns from no page whether an address has an account."""

import re

import pytest
from django.core import mail
from django.test import Client

from tests.accounts.conftest import WRONG
from tests.conftest import PASSWORD, make_user

# What differs between any two answers, and the address that was typed itself.
OWN = re.compile(
    r'name="csrfmiddlewaretoken" value="[^"]*"|nonce="[^"]*"|X-CSRFToken": "[^"]*"'
    r"|(alice|nobody)@example\.com|<code>[0-9a-f]{32}</code>"
)
KNOWN, UNKNOWN = "alice@example.com", "nobody@example.com"
SIGN_UP = {"password1": PASSWORD, "first_name": "A", "last_name": "B"}
PAGES = [
    pytest.param("/accounts/signup/", "email", SIGN_UP, id="sign up"),
    pytest.param("/accounts/login/", "login", {"password": WRONG}, id="sign in"),
    pytest.param("/accounts/login/code/", "email", {}, id="code"),
    pytest.param("/accounts/password/reset/", "email", {}, id="reset"),
]


def seen(path, form):
    """Return all that a stranger's browser sees of a form, and of a wrong code."""
    client = Client()
    answer = client.post(path, form)
    shown = [answer.status_code, answer.headers.get("Location"), text(answer)]
    if answer.status_code == 302:
        for _ in range(4):
            page = client.get(answer["Location"])
            wrong = client.post(answer["Location"], {"code": "AAAA-AAAA"})
            shown += [page.status_code, text(page)]
            shown += [wrong.status_code, wrong.headers.get("Location"), text(wrong)]
    return shown


def text(answer):
    return OWN.sub("", answer.content.decode())


@pytest.mark.parametrize(("path", "name", "more"), PAGES)
def test_known_and_unknown_addresses_get_the_same_answers(alice, path, name, more):
    known = seen(path, {name: KNOWN} | more)
    unknown = seen(path, {name: UNKNOWN} | more)
    assert known == unknown


@pytest.mark.parametrize(("path", "name", "more"), PAGES)
def test_a_closed_account_looks_like_none(db, path, name, more):
    make_user("alice", is_active=False)
    assert seen(path, {name: KNOWN} | more) == seen(path, {name: UNKNOWN} | more)


@pytest.mark.parametrize(
    ("path", "name", "more"), [page for page in PAGES if page.id != "sign in"]
)
def test_both_get_one_mail(alice, path, name, more):
    for email in (KNOWN, UNKNOWN):
        mail.outbox.clear()
        Client().post(path, {name: email} | more)
        assert [message.to for message in mail.outbox] == [[email]]


def test_an_unknown_address_costs_as_much_hashing_as_a_known_one(alice, monkeypatch):
    from django.contrib.auth.hashers import MD5PasswordHasher

    hashed = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(
        MD5PasswordHasher,
        "encode",
        lambda self, *args: hashed.append(1) or encode(self, *args),
    )
    counts = []
    for email in (KNOWN, UNKNOWN):
        hashed.clear()
        Client().post("/accounts/login/", {"login": email, "password": WRONG})
        counts.append(len(hashed))
    assert counts[0] == counts[1] == 1
