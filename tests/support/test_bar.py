"""The bar stands over every page, whatever drew it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.impersonation.models import Impersonation
from organizations.tenancy import no_context, operator
from tests.banners.conftest import announce, look_anew
from tests.conftest import make_user
from tests.support.conftest import CONSOLE

__all__ = ["announce", "look_anew"]

pytestmark = CONSOLE
BAR = 'class="support-bar"'
PAGES = {
    "/tasks/": 200,
    "/tasks/board/": 200,
    "/tasks/mine/": 200,
    "/inbox/": 200,
    "/audit/": 200,
    "/billing/": 200,
    "/pricing/": 200,
    "/organizations/": 200,
    "/organizations/settings/": 200,
    "/organizations/members/": 200,
    "/developers/keys/": 200,
    "/developers/webhooks/": 200,
    "/gallery/": 200,
    "/api/v1/docs": 200,
    "/nowhere/": 404,
    "/tasks/018f0000-0000-7000-8000-000000000000/": 404,
    "/organizations/support/stop/": 405,
    "/accounts/password/change/": 403,
    "/admin/": 403,
    "/tasks/?q=%00": 400,
}


def said(page):
    return " ".join(page.content.decode().split())


def test_it_stands_over_every_page_once(as_staff):
    for address, status in PAGES.items():
        page = as_staff.get(address)
        assert (address, page.status_code) == (address, status)
        if status != 400:
            assert (address, page.content.decode().count(BAR)) == (address, 1)


def test_it_says_who_is_whom_where_and_how_long(as_staff):
    text = said(as_staff.get("/tasks/"))
    assert (
        "You are Olga Example (staff), seeing Insula as Alice Example of Acme." in text
    )
    assert "Read only." in text
    assert "30 minutes left." in text
    assert 'action="/organizations/support/stop/"' in text


def test_it_counts_down(as_staff, cast):
    for seconds, words in ((61, "2 minutes left."), (59, "1 minute left.")):
        moment = timezone.now() + timedelta(seconds=seconds)
        with no_context(), operator(cast.olga, reason="test"):
            Impersonation.objects.update(ends_at=moment)
        assert words in said(as_staff.get("/tasks/"))


def test_names_are_text_in_it(look_on, cast):
    from tests.conftest import join

    person = make_user("mallory", first_name="<script>", last_name="&amp;")
    join(cast.acme, person, "member")
    page = look_on(person).get("/tasks/").content.decode()
    assert "seeing Insula as <script>" not in page
    assert "&lt;script&gt; &amp;amp;" in page


def test_nothing_in_it_dismisses_it_or_needs_a_script(as_staff):
    page = as_staff.get("/tasks/").content.decode()
    bar = page[page.index("<section " + BAR) : page.index("</section>")]
    for word in ("<script", "style=", "onclick", "hx-", "data-dismiss", "popover"):
        assert word not in bar


def test_parts_of_pages_and_files_have_none(as_staff):
    part = as_staff.get("/inbox/unread/", headers={"HX-Request": "true"})
    assert BAR not in part.content.decode()
    assert BAR not in as_staff.get("/api/v1/openapi.json").content.decode()


def test_it_stands_above_a_banner_that_staff_leave_to_the_person(
    as_staff, as_alice, announce
):
    banner = announce("Closed on Sunday")
    away = f"/accounts/banners/{banner.pk}/dismiss/"
    page = as_staff.get("/tasks/").text
    assert 0 < page.index(BAR) < page.index("Closed on Sunday")
    for address in ("/tasks/", "/pricing/"):
        assert away not in as_staff.get(address).text
    assert as_staff.post(away, {"back": "/tasks/"}).status_code == 403
    assert away in as_alice.get("/tasks/").text


def test_nobody_else_has_it(as_alice, as_olga, client):
    for page in (
        as_alice.get("/tasks/"),
        as_alice.get("/nowhere/"),
        as_olga.get("/admin/"),
        client.get("/accounts/login/"),
    ):
        assert BAR not in page.content.decode()


def test_the_length_that_is_told_is_right(as_staff):
    page = as_staff.get("/tasks/")
    if "Content-Length" in page.headers:
        assert int(page["Content-Length"]) == len(page.content)


@pytest.mark.parametrize("terms", ["2026-11"])
def test_nobody_is_led_to_terms_in_anothers_name(as_staff, settings, terms):
    settings.TERMS_VERSION, settings.TERMS_URL = terms, "https://example.com/terms"
    page = as_staff.get("/tasks/")
    assert page.status_code == 200
    assert BAR in page.content.decode()


def test_the_persons_language_and_zone_are_used(as_staff, as_alice):
    assert as_staff.get("/tasks/")["Content-Language"] == "en"
    assert as_alice.get("/tasks/")["Content-Language"] == "en"
