"""Wherever a page is told where to go next, it stays on this server."""

from urllib.parse import quote, urlsplit

import pytest

from tests.conftest import PASSWORD

HOSTILE = [
    "https://evil.example/",
    "http://evil.example",
    "//evil.example",
    "///evil.example",
    "////evil.example/%2f..",
    r"\\evil.example",
    r"/\evil.example",
    r"\/evil.example",
    "/\t/evil.example",
    "\t//evil.example",
    " //evil.example",
    "https:evil.example",
    "https:/evil.example",
    "http:///evil.example",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,hello",
    "https://testserver@evil.example/",
    "https://testserver.evil.example/",
    "https://testserver:80@evil.example",
    "https://localhost/",
    "http://127.0.0.1/",
    "//[::1]/",
    "http://[evil.example/",
    "/accounts/profile/\r\nX-Injected: yes",
    "/\x00//evil.example",
    "\x00",
    "/" + "a" * 5000,
    "https://evil.example\u2044",
    "//evil\u3002example",
]
hostile = pytest.mark.parametrize("target", HOSTILE)


def stays(answer):
    if answer.status_code not in (301, 302):
        return answer.status_code in (200, 400, 422, 429)
    where = answer["Location"]
    assert "\n" not in where
    assert "\\" not in where[:2]
    parts = urlsplit(where)
    return parts.scheme == parts.netloc == "" and not where.startswith("//")


@hostile
def test_sign_in_stays_here(visitor, alice, target):
    form = {"login": alice.email, "password": PASSWORD}
    path = f"/accounts/login/?next={quote(target)}"
    assert stays(visitor.post(path, form))
    visitor.post("/accounts/logout/")
    assert stays(visitor.post("/accounts/login/", form | {"next": target}))


@pytest.mark.parametrize("target", HOSTILE[::4])
def test_every_other_page_with_a_next_stays_here(at_home, client, target):
    for browser, path, form in (
        (at_home, "/accounts/reauthenticate/", {"password": PASSWORD}),
        (at_home, "/accounts/login/", {}),
        (client, "/accounts/signup/", {"email": "z@x.at", "password1": PASSWORD}),
        (client, "/accounts/login/code/", {"email": "alice@example.com"}),
        (client, "/accounts/password/reset/", {"email": "alice@example.com"}),
        (at_home, "/accounts/logout/", {}),
    ):
        assert stays(browser.post(path, form | {"next": target}))
        assert stays(browser.post(f"{path}?next={quote(target)}", form))


@pytest.mark.parametrize("target", HOSTILE[1::3])
def test_a_code_page_stays_here(visitor, alice, code, target):
    visitor.post("/accounts/login/code/", {"email": alice.email, "next": target})
    path = f"/accounts/login/code/confirm/?next={quote(target)}"
    assert stays(visitor.post(path, {"code": code()}))


@pytest.mark.parametrize(
    "target", ["/tasks/", "/accounts/profile/", "/tasks/?status=done"]
)
def test_a_place_of_ours_is_gone_to(visitor, alice, log_in, target):
    assert log_in(visitor, alice.email, next=target)["Location"] == target


def test_a_full_address_of_this_very_server_is_gone_to(visitor, alice, log_in):
    target = "http://testserver/tasks/"
    assert log_in(visitor, alice.email, next=target)["Location"] == target
