"""Banners among very many, sent twice and at once, in odd words and odd requests."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.banners import showing
from accounts.banners.models import Banner, BannerDismissal, Placement
from accounts.models import User
from organizations.audit.models import AuditEntry, PlatformEntry
from organizations.personal.erasure import erase
from organizations.personal.parts import parts
from organizations.tenancy import identity, no_context, operator, tenant
from tests.banners.conftest import STAFF
from tests.banners.test_dismissing import dismiss, rows
from tests.conftest import join, signed_in_client
from tests.operator.conftest import address
from tests.operator.test_pages import statements

pytestmark = STAFF
TASKS = "/tasks/"
HTMX = {"HX-Request": "true"}


def announce_many(cast, number, *, hours, **values):
    moment = timezone.now() + timedelta(hours=hours)
    values = {"text": "One of many", "starts_at": moment} | values
    with no_context(), operator(cast.olga, "test"):
        Banner.objects.bulk_create([Banner(**values) for _n in range(number)])
    showing.forget()


@pytest.mark.parametrize("hours", [1, 24 * 365])
def test_what_is_planned_never_hides_what_shows(as_alice, announce, cast, hours):
    announce("We move house", begins=-5)
    announce_many(cast, 120, hours=hours)
    assert "We move house" in as_alice.get(TASKS).text


def test_the_gravest_is_found_behind_a_hundred_newer_ones(as_alice, announce, cast):
    announce("On fire", begins=-500, variant="critical", dismissible=False)
    announce_many(cast, 120, hours=-1, variant="info")
    assert "On fire" in as_alice.get(TASKS).text
    assert "One of many" not in as_alice.get(TASKS).text


def test_the_database_orders_as_python_does(announce, cast):
    moment = timezone.now()
    for hours in (-1, -2, -3):
        announce_many(cast, 2, hours=hours)
        announce_many(cast, 1, hours=hours, variant="warning")
    announce_many(
        cast, 1, hours=-9, variant="critical", dismissible=False, starts_at=moment
    )
    with no_context(), operator(cast.olga, "test"):
        found = list(Banner.objects.gravest_first())
    assert found == sorted(found, key=lambda each: each.rank, reverse=True)


def test_one_that_begins_while_others_are_remembered_is_read_in_time(announce):
    announce("Soon", begins=0.5 / 3600)
    assert [each.text for each in showing.banners()] == ["Soon"]
    announce("Later", begins=1)
    assert "Later" not in [each.text for each in showing.banners()]


def asked(client, page=TASKS):
    showing.forget()
    with CaptureQueriesContext(connection) as captured:
        assert client.get(page).status_code == 200
    return len(captured)


def test_fifty_banners_ask_no_more_than_one(as_alice, announce, cast):
    announce("We move house")
    as_alice.get(TASKS)
    before = asked(as_alice)
    announce_many(cast, 49, hours=-1)
    assert asked(as_alice) == before


def test_fifty_put_away_ask_no_more_than_one(as_alice, announce, cast):
    for number in range(8):
        dismiss(as_alice, announce(f"News {number}"))
    announce("Still there", begins=-3)
    before = asked(as_alice)
    announce_many(cast, 40, hours=-4)
    assert asked(as_alice) == before
    assert "Still there" in as_alice.get(TASKS).text


def test_put_away_by_four_tabs_at_once_it_is_put_away_once(announce, cast):
    banner, gate = announce("We move house"), Barrier(4)
    clients = [signed_in_client(cast.alice, cast.acme.pk) for _tab in range(4)]

    def send(client):
        try:
            gate.wait(20)
            return dismiss(client, banner).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(send, clients)) == [302] * 4
    assert rows(cast.alice) == [banner.pk]


def test_a_device_that_is_behind_sends_for_one_that_is_over(as_alice, announce, cast):
    banner = announce("We move house", begins=-3, ends=-1)
    assert dismiss(as_alice, banner).status_code == 302
    answer = dismiss(as_alice, banner, headers=HTMX)
    assert (answer.status_code, answer.text) == (200, "")


def test_what_became_critical_comes_back_for_whoever_put_it_away(
    as_alice, announce, cast, look_anew
):
    banner = announce("We move house")
    dismiss(as_alice, banner)
    assert "We move house" not in as_alice.get(TASKS).text
    with no_context(), operator(cast.olga, "test"):
        Banner.objects.update(variant="critical", dismissible=False)
    look_anew()
    assert "We move house" in as_alice.get(TASKS).text


@pytest.mark.parametrize(
    "text",
    [
        "שלום עולם",
        "abc\u202edef",
        "😀" * 150,
        "x" * 300,
        "{{ request.user.password }} {% now 'Y' %}",
        '"><img src=x onerror=alert(1)>',
    ],
)
def test_odd_words_stand_there_as_words(as_alice, announce, text):
    announce(text)
    for client, page in ((as_alice, TASKS), (Client(), "/pricing/")):
        answer = client.get(page)
        assert answer.status_code == 200
        assert "<img src=x" not in answer.text
        assert "pbkdf2" not in answer.text
        if '"' not in text and "'" not in text:
            assert text in answer.text


@pytest.mark.parametrize(
    "where",
    [
        "/tasks/?q=%00",
        "/tasks/\r\nX-Evil: 1",
        "/\\evil.example/",
        "///evil.example/",
        "/tasks/?q=" + "x" * 20_000,
        "/😀/",
        "http:tasks",
        " /tasks/",
    ],
)
def test_odd_ways_back_lead_to_ours_or_home(as_alice, announce, where, cast):
    banner = announce("We move house")
    answer = dismiss(as_alice, banner, next=where)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/")
    assert not answer["Location"].startswith(("//", "/\\"))
    assert "X-Evil" not in answer.headers


def test_a_nul_puts_nothing_away(as_alice, announce, cast):
    banner = announce("We move house")
    assert dismiss(as_alice, banner, next="/\x00").status_code in {302, 400}
    assert dismiss(as_alice, banner, placement="\x00").status_code in {302, 400}
    assert rows(cast.alice) == []


def test_without_its_token_nothing_is_put_away(announce, cast):
    banner = announce("We move house")
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = signed_in_client(cast.alice, cast.acme.pk).cookies
    for headers in (None, HTMX, {"X-CSRFToken": "x" * 64}):
        assert dismiss(strict, banner, headers=headers).status_code == 403
    assert rows(cast.alice) == []


@pytest.mark.parametrize("method", ["get", "head", "put", "patch", "delete"])
def test_other_methods_put_nothing_away(as_alice, announce, cast, method):
    banner = announce("We move house")
    where = f"/accounts/banners/{banner.pk}/dismiss/"
    assert getattr(as_alice, method)(where).status_code == 405
    assert rows(cast.alice) == []


@pytest.mark.parametrize("actor", ["alice", "adam", "bob", "vera", "charlie", "nora"])
def test_everybody_puts_away_for_themselves_and_no_log_tells(
    request, announce, cast, actor
):
    banner, person = announce("We move house"), getattr(cast, actor)
    client = request.getfixturevalue(f"as_{actor}")
    assert dismiss(client, banner).status_code == 302
    assert rows(person) == [banner.pk]
    with no_context(), operator(cast.olga, "test"):
        assert not PlatformEntry.objects.filter(actor=person).exists()
        about = AuditEntry.objects.filter(target_id=str(banner.pk))
        assert not about.exists()


def test_what_is_put_away_here_is_put_away_in_every_organization(
    announce, cast, sign_in
):
    join(cast.globex, cast.bob, "viewer")
    banner = announce("We move house")
    dismiss(sign_in(cast.bob, cast.acme), banner)
    assert "We move house" not in sign_in(cast.bob, cast.globex).get(TASKS).text


def test_an_erased_person_leaves_no_trace_of_what_they_read(as_bob, announce, cast):
    banner = announce("We move house")
    dismiss(as_bob, banner)
    with no_context(), identity():
        bob = User.objects.get(pk=cast.bob.pk)
    copy = {name: list(found) for name, found in parts(bob)}
    assert any("We move house" in str(found) for found in copy.values())
    erase(user=bob, by=bob)
    assert rows(bob) == []
    with no_context(), operator(cast.olga, "test"):
        assert Banner.objects.filter(pk=banner.pk).exists()


def test_german_readers_are_told_in_german_what_the_button_does(
    announce, cast, as_alice
):
    with no_context(), identity():
        User.objects.filter(pk=cast.alice.pk).update(language="de")
    announce("We move house", variant="warning")
    page = as_alice.get(TASKS, headers={"Accept-Language": "de"})
    assert page.status_code == 200
    assert "We move house" in page.text
    assert "Dismiss announcement" not in page.text
    assert "Warning:" not in page.text


def test_the_list_of_staff_costs_the_same_for_fifty(as_olga, announce, cast):
    announce("We move house")
    page = address(Banner, "changelist")
    as_olga.get(page)
    before = statements(as_olga, page)
    announce_many(cast, 49, hours=-1)
    assert statements(as_olga, page) == before


def test_a_member_cannot_write_one_by_any_way(announce, cast, as_alice):
    announce("We move house")
    form = {"text": "Mine", "variant": "info", "placement": "app"}
    assert as_alice.post(address(Banner, "add"), form).status_code == 404
    with no_context(), tenant(cast.acme, cast.alice):
        assert Banner.objects.count() == 1
        assert not BannerDismissal.objects.exists()
    assert showing.shown(Placement.APP, None).text == "We move house"
