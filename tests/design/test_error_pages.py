"""Errors in our look: what is so, what to do, a reference, and never a trace."""

from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest
from allauth.core.ratelimit import respond_429
from django.http import HttpResponse
from django.test import Client, RequestFactory

from config import errors

REFERENCE = "0198c2f44be37b7d8f2c41"
PAGES: dict[str, Any] = {
    "400": errors.bad_request,
    "403": errors.permission_denied,
    "403 csrf": errors.csrf_failure,
    "404": errors.not_found,
    "405": partial(errors.not_allowed, allowed="POST"),
    "413": errors.too_large,
    "429": errors.too_many_tries,
    "500": errors.server_error,
    "503": errors.service_unavailable,
}


def answer(what: str, theme: str = "", path: str = "/") -> HttpResponse:
    request = RequestFactory().get(path)
    request.id = REFERENCE
    request.COOKIES["theme"] = theme
    return PAGES[what](request)


def words(response: Any) -> str:
    return " ".join(response.content.decode().split())


@pytest.mark.parametrize("what", PAGES)
def test_error_page_needs_no_database(what: str) -> None:
    response = answer(what)
    assert response.status_code == int(what[:3])
    assert what[:3] in words(response)


@pytest.mark.parametrize("what", PAGES)
def test_error_page_has_one_headline_and_one_way_on(what: str) -> None:
    page = words(answer(what))
    assert page.count("<h1>") == 1
    assert '<div class="ways"> <a ' in page


@pytest.mark.parametrize("what", PAGES)
def test_error_page_runs_no_script_and_styles_nothing_inline(what: str) -> None:
    page = words(answer(what))
    assert "<script" not in page
    assert "style=" not in page
    assert page.count('rel="stylesheet"') == 3


@pytest.mark.parametrize("what", [what for what in PAGES if what != "404"])
def test_error_page_gives_the_reference(what: str) -> None:
    assert f"<code>{REFERENCE}</code>" in words(answer(what))


def test_missing_page_has_the_same_bytes_everywhere() -> None:
    assert answer("404", path="/a").content == answer("404", path="/b").content
    assert REFERENCE not in words(answer("404"))


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_error_page_keeps_the_theme_of_the_device(theme: str) -> None:
    assert f'data-theme="{theme}"' in words(answer("500", theme))


def test_error_page_believes_no_other_theme() -> None:
    assert "data-theme" not in words(answer("500", '"><b>'))


def test_refusal_says_what_is_missing_and_who_has_it() -> None:
    refusal = SimpleNamespace(ability="see the audit log", roles=["Owner", "Admin"])
    page = words(errors.permission_denied(RequestFactory().get("/"), refusal))
    assert "may see the audit log: Owner, Admin" in page


def test_refusal_without_a_reason_stays_general() -> None:
    page = words(answer("403"))
    assert "Your account may not do this" in page
    assert "None" not in page


@pytest.mark.parametrize(("what", "seconds"), [("429", "60"), ("503", "5")])
def test_wait_says_how_long(what: str, seconds: str) -> None:
    assert answer(what)["Retry-After"] == seconds


def test_busy_database_is_told_from_an_absent_one() -> None:
    request = RequestFactory().get("/")
    page = words(errors.service_unavailable(request, busy=True))
    assert "That took too long" in page
    assert "Back in a moment" in words(answer("503"))


def test_rate_limits_of_the_entrance_wear_our_page() -> None:
    request = RequestFactory().post("/accounts/login/")
    request.allauth = SimpleNamespace()
    response = respond_429(request)
    assert response.status_code == 429
    assert "Too many tries" in words(response)


@pytest.mark.django_db
def test_unknown_address_answers_404_in_our_look() -> None:
    response = Client().get("/no/such/page/")
    assert response.status_code == 404
    assert "There is nothing here" in words(response)
    assert "no/such" not in words(response)


def test_strange_host_answers_400_in_our_look() -> None:
    response = Client().get("/", headers={"host": "evil.example"})
    assert response.status_code == 400
    assert "We could not read that request" in words(response)
    assert "evil" not in words(response)


@pytest.mark.django_db
def test_form_without_token_answers_403_in_our_look() -> None:
    response = Client(enforce_csrf_checks=True).post("/accounts/login/")
    assert response.status_code == 403
    assert "This form is too old" in words(response)


@pytest.mark.django_db
def test_breakdown_shows_no_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("allauth.account.views.LoginView.get", lambda *_: 1 / 0)
    response = Client(raise_request_exception=False).get("/accounts/login/")
    assert response.status_code == 500
    assert "Something broke on our side" in words(response)
    assert "ZeroDivisionError" not in words(response)
    assert f"<code>{response['X-Request-ID']}</code>" in words(response)
