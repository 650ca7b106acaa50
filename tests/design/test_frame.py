"""The frame round every page of the product."""

import re
from typing import Any

import pytest
from django.test import Client

from config.templatetags.frame import skeleton
from organizations.tenancy import identity

PAGE = "/accounts/password/change/"
pytestmark = pytest.mark.django_db


def page(client: Client, path: str = PAGE) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_frame_begins_with_a_way_past_the_navigation(as_alice: Client) -> None:
    text = page(as_alice)
    first = re.search(r"<body.*?<a ([^>]*)>", text)
    assert first
    assert 'href="#main"' in first[1]
    assert 'id="main" tabindex="-1"' in text


def test_frame_has_one_headline(as_alice: Client) -> None:
    assert page(as_alice).count("<h1") == 1


def test_frame_names_the_organization_in_title_and_switcher(as_alice: Client) -> None:
    text = page(as_alice)
    assert re.search(r"<title>[^<]* · Acme · Insula </title>", text)
    assert '<span class="name truncate">Acme</span>' in text


@pytest.mark.parametrize(
    ("who", "sees"),
    [("as_alice", True), ("as_adam", True), ("as_bob", False), ("as_vera", False)],
)
def test_link_a_role_may_not_follow_is_left_out(
    who: str, sees: bool, request: Any
) -> None:
    assert ("</svg> Audit log" in page(request.getfixturevalue(who))) is sees


def test_person_without_organization_sees_no_work(as_nora: Client) -> None:
    text = page(as_nora)
    assert "Organizations" in text
    assert 'aria-label="Work"' not in text


@pytest.mark.parametrize(("who", "led"), [("as_olga", True), ("as_nora", False)])
def test_operator_without_organization_is_led_to_the_console(
    who: str, led: bool, request: Any
) -> None:
    answer = request.getfixturevalue(who).get("/organizations/")
    main = answer.content.decode().split("<main")[1].split("</main>")[0]
    assert ('href="/admin/"' in main) is led


def test_switcher_ticks_the_active_organization(as_alice: Client) -> None:
    menu = page(as_alice).split('id="organizations"')[1].split("</form>")[0]
    assert re.search(r'aria-current="true"[^>]*>.*?Acme', menu)
    assert 'name="organization"' not in menu


def test_switcher_offers_every_other_organization(cast: Any, sign_in: Any) -> None:
    from tests.conftest import join

    join(cast.globex, cast.alice, "viewer")
    menu = page(sign_in(cast.alice, cast.acme)).split('id="organizations"')[1]
    assert f'name="organization" value="{cast.globex.pk}"' in menu
    assert '<span class="sub">Viewer</span>' in menu


def test_switcher_shows_no_door_to_a_suspended_place(cast: Any, sign_in: Any) -> None:
    from django.utils import timezone

    from organizations.tenancy import no_context, tenant
    from tests.conftest import join

    place = join(cast.globex, cast.alice, "viewer")
    with no_context(), tenant(cast.globex):
        place.suspended_at = timezone.now()
        place.save(update_fields=["suspended_at"])
    menu = page(sign_in(cast.alice, cast.acme)).split('id="organizations"')[1]
    assert "Suspended" in menu
    assert f'value="{cast.globex.pk}"' not in menu


def test_organization_name_is_escaped(cast: Any, sign_in: Any) -> None:
    from organizations.tenancy import no_context, tenant

    with no_context(), tenant(cast.acme):
        cast.acme.name = "<b>Acme</b>"
        cast.acme.save(update_fields=["name"])
    text = page(sign_in(cast.alice, cast.acme))
    assert "<b>Acme</b>" not in text
    assert "&lt;b&gt;Acme&lt;/b&gt;" in text


def test_theme_of_the_person_is_painted_by_the_server(cast: Any, sign_in: Any) -> None:
    with identity():
        cast.alice.theme = "dark"
        cast.alice.save(update_fields=["theme"])
    assert '<html lang="en" data-theme="dark">' in page(sign_in(cast.alice, cast.acme))


def test_theme_of_the_device_comes_first(as_alice: Client) -> None:
    as_alice.cookies["theme"] = "light"
    assert 'data-theme="light"' in page(as_alice)


def test_signing_out_is_a_form(as_alice: Client) -> None:
    text = page(as_alice)
    form = text.split('action="/accounts/logout/"')[1].split("</form>")[0]
    assert "csrfmiddlewaretoken" in form


@pytest.mark.parametrize(("who", "sees"), [("as_olga", True), ("as_alice", False)])
def test_console_is_offered_to_staff_only(who: str, sees: bool, request: Any) -> None:
    assert ("Operator console" in page(request.getfixturevalue(who))) is sees


def test_scripts_carry_the_nonce_of_the_answer(as_alice: Client) -> None:
    response = as_alice.get(PAGE)
    policy = response["Content-Security-Policy"]
    nonces = set(re.findall(r'<script [^>]*nonce="([^"]+)"', response.content.decode()))
    assert len(nonces) == 1
    assert f"'nonce-{nonces.pop()}'" in policy
    assert "unsafe" not in policy


def test_htmx_keeps_nothing_in_the_browser_and_evaluates_nothing(
    as_alice: Client,
) -> None:
    text = page(as_alice)
    for setting in (
        '"historyCacheSize":0',
        '"allowEval":false',
        '"allowScriptTags":false',
        '"selfRequestsOnly":true',
        '{"code":"422","swap":true}',
    ):
        assert setting in text


def test_requests_of_htmx_carry_the_token(as_alice: Client) -> None:
    assert re.search(r"""hx-headers='{"X-CSRFToken": "\w{64}"[,}]""", page(as_alice))


def test_ids_in_the_frame_are_unique(as_alice: Client) -> None:
    ids = re.findall(r'\sid="([^"]+)"', page(as_alice))
    assert len(ids) == len(set(ids))


def test_name_that_looks_like_a_slot_stays_a_name(cast: Any, sign_in: Any) -> None:
    with identity():
        cast.alice.first_name = "<!--slot csrf_token-->"
        cast.alice.save(update_fields=["first_name"])
    text = page(sign_in(cast.alice, cast.acme))
    assert "&lt;!--slot csrf_token--&gt;" in text
    assert "<!--slot" not in text


def test_drawn_frame_keeps_nobody_s_names() -> None:
    drawn = skeleton(
        "components/sidebar.html",
        "en",
        "",
        frozenset({"audit.view"}),
        is_staff=False,
        has_organization=True,
    )
    assert set(drawn[1::2]) == {
        "csrf_token",
        "organization_mark",
        "organization_name",
        "person_email",
        "person_mark",
        "person_name",
        "unread",
        "welcome",
        "places",
    }


def test_two_people_never_see_each_other_s_frame(
    as_alice: Client, as_charlie: Client
) -> None:
    assert "Globex" not in page(as_alice)
    assert "Acme" not in page(as_charlie)
    assert "alice@example.com" not in page(as_charlie)


@pytest.mark.parametrize(
    ("path", "link"),
    [
        ("/tasks/", "/tasks/"),
        ("/tasks/new/", "/tasks/"),
        ("/tasks/trash/", "/tasks/"),
        ("/tasks/labels/", "/tasks/"),
        ("/tasks/import/", "/tasks/"),
        ("/tasks/export/", "/tasks/"),
        ("/tasks/board/", "/tasks/board/"),
        ("/tasks/mine/", "/tasks/mine/"),
        ("/gallery/trash/", "/gallery/"),
        ("/organizations/teams/", "/organizations/members/"),
        ("/organizations/domains/", "/organizations/members/"),
        ("/audit/", "/audit/"),
        ("/organizations/settings/", "/organizations/settings/"),
    ],
)
def test_sidebar_says_where_one_is(as_alice: Client, path: str, link: str) -> None:
    sidebar = page(as_alice, path).partition('class="tabbar"')[0]
    marked = re.findall(r'<a href="([^"]+)"[^>]* aria-current="page">', sidebar)
    assert link in marked
    assert len([each for each in marked if f"{each} " in f"{link} "]) == 1
