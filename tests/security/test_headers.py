"""Every answer carries the security headers and an id, refusals included."""

import re

import pytest
from django.test import Client

from tests.security.routes import KINDS, PAGE, STATIC

pytestmark = pytest.mark.django_db
ANSWERS = {
    **{kind: ("get", path, {}) for kind, path in KINDS.items()},
    "unknown host": ("get", PAGE, {"host": "evil.example"}),
    "charset": ("post", PAGE, {"content-type": "text/plain; charset=utf-7"}),
    "method": ("post", "/tasks/", {}),
    "redirect": ("get", "/", {}),
}
every_answer = pytest.mark.parametrize(
    ("method", "path", "headers"), ANSWERS.values(), ids=ANSWERS
)


def ask(method, path, headers):
    response = getattr(Client(), method)(path, headers=headers)
    response.close()
    return response


@every_answer
def test_answer_carries_the_security_headers(method, path, headers):
    response = ask(method, path, headers)
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in response["Permissions-Policy"]
    assert "Access-Control-Allow-Origin" not in response


@every_answer
def test_answer_carries_a_strict_policy(method, path, headers):
    policy = ask(method, path, headers)["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "*" not in policy
    assert "http" not in policy
    assert "default-src 'none'" in policy
    assert "base-uri 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "form-action 'self'" in policy


@every_answer
def test_answer_carries_an_id(method, path, headers):
    assert re.fullmatch(r"[0-9a-f]{32}", ask(method, path, headers)["X-Request-ID"])


def test_two_answers_have_two_ids():
    assert Client().get(PAGE)["X-Request-ID"] != Client().get(PAGE)["X-Request-ID"]


def test_id_of_a_proxy_is_kept():
    response = Client().get(PAGE, headers={"x-request-id": "edge-0123.abc_9"})
    assert response["X-Request-ID"] == "edge-0123.abc_9"


@pytest.mark.parametrize("given", ["short", "x" * 65, "new\nline-here", "<script>12"])
def test_malformed_id_is_replaced(given):
    answered = Client().get(PAGE, headers={"x-request-id": given})["X-Request-ID"]
    assert answered != given
    assert re.fullmatch(r"[0-9a-f]{32}", answered)


def test_nonce_of_the_policy_is_the_pages_own():
    response = Client().get(PAGE)
    nonces = set(re.findall(r'nonce="([^"]+)"', response.content.decode()))
    granted = re.findall(r"'nonce-([^']+)'", response["Content-Security-Policy"])
    assert nonces <= set(granted)
    assert len(granted) <= 1


@pytest.mark.parametrize("kind", ["form", "product", "console", "missing"])
def test_private_page_stays_out_of_every_cache(kind):
    cache_control = Client().get(KINDS[kind])["Cache-Control"]
    assert "no-store" in cache_control
    assert "public" not in cache_control


def test_page_and_fragment_of_one_address_are_told_apart():
    varies = Client().get(PAGE)["Vary"]
    assert {"HX-Request", "Cookie"} <= {part.strip() for part in varies.split(",")}


def test_static_file_may_be_kept():
    response = ask("get", STATIC, {})
    assert response["Cache-Control"].startswith("max-age=")
    assert "no-store" not in response["Cache-Control"]


def test_strict_transport_in_production(settings):
    settings.SECURE_HSTS_SECONDS = 63_072_000
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    response = Client().get(PAGE, secure=True)
    assert response["Strict-Transport-Security"].startswith("max-age=63072000")


def test_plain_http_is_led_to_https(settings):
    settings.SECURE_SSL_REDIRECT = True
    response = Client().get(PAGE)
    assert response.status_code == 301
    assert response["Location"] == f"https://testserver{PAGE}"


def test_probes_need_no_https(settings):
    settings.SECURE_SSL_REDIRECT = True
    assert Client().get("/healthz").status_code == 200


@pytest.mark.parametrize("path", ["/tasks/", "/healthz", PAGE])
def test_wrong_method_is_refused_in_our_look(path):
    response = Client().generic("DELETE", path)
    assert response.status_code in {302, 405}
    if response.status_code == 405:
        assert "This address does not take that" in response.content.decode()
        assert "GET" in response["Allow"]


def test_timing_is_for_staff_only(as_olga, as_bob, settings):
    settings.SERVER_TIMING = False
    assert "Server-Timing" not in as_bob.get("/tasks/")
    timing = as_olga.get("/organizations/")["Server-Timing"]
    assert re.fullmatch(r'db;desc="\d+";dur=[\d.]+, app;dur=[\d.]+', timing)


def test_timing_counts_statements(settings, django_assert_num_queries):
    settings.SERVER_TIMING = True
    assert 'db;desc="0"' in Client().get("/healthz")["Server-Timing"]
    assert 'db;desc="2"' in Client().get("/readyz")["Server-Timing"]


def test_cookies_of_a_visit_carry_their_flags():
    cookies = Client().get(PAGE).cookies
    assert cookies
    for cookie in cookies.values():
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"
        assert cookie["path"] == "/"
        assert not cookie["domain"]
