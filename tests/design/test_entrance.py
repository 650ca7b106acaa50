"""The pages before one is in: labels, help for password managers, errors."""

import re
from typing import Any

import pytest
from django.test import Client

from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db

ENTRANCE = [
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/login/code/",
    "/accounts/password/reset/",
]


def page(response: Any) -> str:
    return " ".join(response.content.decode().split())


def control(text: str, key: str) -> str:
    found = re.search(rf'<input[^>]*name="{key}"[^>]*>', text)
    assert found, key
    return found[0]


@pytest.mark.parametrize("path", ENTRANCE)
def test_entrance_page_has_one_headline_and_a_name(path: str) -> None:
    text = page(Client().get(path))
    assert text.count("<h1>") == 1
    assert re.search(r"<title> \S.*· Insula </title>", text)
    assert 'href="#main"' in text


@pytest.mark.parametrize("path", ENTRANCE)
def test_entrance_page_labels_every_field(path: str) -> None:
    text = page(Client().get(path))
    for box in re.findall(r"<input[^>]*>", text):
        if 'type="hidden"' not in box and "data-hotkeys" not in box:
            key = re.search(r'id="([^"]+)"', box)
            assert key, box
            assert f'<label for="{key[1]}">' in text


@pytest.mark.parametrize(
    ("path", "key", "purpose"),
    [
        ("/accounts/login/", "login", "email"),
        ("/accounts/login/", "password", "current-password"),
        ("/accounts/signup/", "first_name", "given-name"),
        ("/accounts/signup/", "email", "email"),
        ("/accounts/signup/", "password1", "new-password"),
        ("/accounts/login/code/", "email", "email"),
        ("/accounts/password/reset/", "email", "email"),
    ],
)
def test_password_managers_know_every_field(path: str, key: str, purpose: str) -> None:
    assert f'autocomplete="{purpose}"' in control(page(Client().get(path)), key)


def test_wrong_password_keeps_the_address_and_clears_the_password() -> None:
    sent = {"login": "alice@example.com", "password": "not the one at all"}
    text = page(Client().post("/accounts/login/", sent))
    assert 'value="alice@example.com"' in control(text, "login")
    assert "not the one at all" not in text
    assert 'class="alert error" role="alert"' in text


def test_refused_sign_up_says_so_at_the_field() -> None:
    sent = {"email": "someone@example.com", "password1": "short"}
    text = page(Client().post("/accounts/signup/", sent))
    assert 'aria-invalid="true"' in control(text, "password1")
    assert 'id="id_password1_error"' in text
    assert 'value="someone@example.com"' in control(text, "email")


def test_sign_up_leads_to_the_code_page() -> None:
    sent = {"email": "someone@example.com", "password1": PASSWORD}
    text = page(Client().post("/accounts/signup/", sent, follow=True))
    assert "Confirm your e-mail" in text
    assert 'autocomplete="one-time-code"' in control(text, "code")
    assert "<b>someone@example.com</b>" in text


def test_wrong_code_is_refused_at_the_field() -> None:
    client = Client()
    client.post(
        "/accounts/signup/", {"email": "someone@example.com", "password1": PASSWORD}
    )
    text = page(client.post("/accounts/confirm-email/", {"code": "000000"}))
    assert 'aria-invalid="true"' in control(text, "code")


def test_unknown_and_known_address_get_the_same_code_page(cast: Any) -> None:
    pages = []
    for address in ("alice@example.com", "nobody@example.com"):
        sent = {"email": address}
        answer = Client().post("/accounts/login/code/", sent, follow=True)
        pages.append(page(answer).replace(address, "…"))
    hidden = re.compile(r'value="[\w-]{64}"|"X-CSRFToken": "\w+"|nonce="[^"]*"')
    assert hidden.sub("", pages[0]) == hidden.sub("", pages[1])


def test_entrance_leaves_the_product_name_as_the_way_home() -> None:
    assert '<a class="brand" href="/">' in page(Client().get("/accounts/login/"))


@pytest.mark.parametrize("path", ENTRANCE)
def test_entrance_speaks_of_e_mail_like_every_other_page(path: str) -> None:
    text = page(Client().get(path))
    assert re.search(r'<label for="id_(login|email)"> E-mail </label>', text)


def test_refused_sign_in_says_what_is_so() -> None:
    sent = {"login": "alice@example.com", "password": "not the one at all"}
    text = page(Client().post("/accounts/login/", sent))
    assert "That e-mail and password do not match." in text


def test_passwords_are_asked_for_in_plain_words(as_alice: Client) -> None:
    text = page(as_alice.get("/accounts/password/change/"))
    for label in ("Current password", "New password", "New password, again"):
        assert f"> {label} </label>" in text
    assert "placeholder" not in control(text, "password1")


def test_wrong_code_is_named_as_such() -> None:
    client = Client()
    client.post(
        "/accounts/signup/", {"email": "someone@example.com", "password1": PASSWORD}
    )
    text = page(client.post("/accounts/confirm-email/", {"code": "000000"}))
    assert "That is not the code we sent." in text
