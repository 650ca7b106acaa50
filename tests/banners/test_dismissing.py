"""Putting a banner away: for oneself, once, and not what is critical."""

import uuid

import pytest
from django.db import IntegrityError, ProgrammingError, transaction
from django.test import Client

from accounts.banners.models import Banner, BannerDismissal
from organizations.tenancy import as_user, identity, no_context, operator, tenant
from tests.banners.conftest import STAFF
from tests.tenancy.attacks import sql

pytestmark = STAFF
TASKS, HTMX = "/tasks/", {"HX-Request": "true"}
BUTTON = "Dismiss announcement"


def dismiss(client, banner, **values):
    htmx = values.pop("headers", None)
    values = {"placement": "app", "next": TASKS} | values
    where = f"/accounts/banners/{banner.pk}/dismiss/"
    return client.post(where, values, headers=htmx)


def rows(person):
    with no_context(), as_user(person):
        return list(BannerDismissal.objects.values_list("banner_id", flat=True))


# cap 80
def test_a_banner_is_put_away_by_its_reader_alone(as_alice, as_bob, announce, cast):
    banner = announce("We move house")
    assert BUTTON in as_alice.get(TASKS).text
    answer = dismiss(as_alice, banner, next="/tasks/?status=todo")
    assert (answer.status_code, answer["Location"]) == (302, "/tasks/?status=todo")
    assert rows(cast.alice) == [banner.pk]
    assert rows(cast.bob) == []
    for _time in range(2):
        assert "We move house" not in as_alice.get(TASKS).text
        assert "We move house" in as_bob.get(TASKS).text


def test_it_is_put_away_on_every_kind_of_page(as_alice, announce):
    banner = announce("We move house")
    assert "We move house" in as_alice.get("/pricing/").text
    dismiss(as_alice, banner, placement="landing", next="/pricing/")
    assert "We move house" not in as_alice.get("/pricing/").text
    assert "We move house" not in as_alice.get(TASKS).text
    assert "We move house" in Client().get("/pricing/").text


def test_twice_is_once(as_alice, announce, cast):
    banner = announce("We move house")
    assert [dismiss(as_alice, banner).status_code for _time in range(2)] == [302, 302]
    assert rows(cast.alice) == [banner.pk]


def test_in_place_it_gives_way_to_the_next(as_alice, announce):
    first = announce("First news", begins=-1)
    second = announce("Second news", begins=-2)
    answer = dismiss(as_alice, first, headers=HTMX, next="/tasks/board/")
    assert answer.status_code == 200
    assert "Second news" in answer.text
    assert "<html" not in answer.text
    assert 'id="banner-app"' in answer.text
    # The next one leads back to the page, not to what was sent.
    assert 'value="/tasks/board/"' in answer.text
    answer = dismiss(as_alice, second, headers=HTMX)
    assert (answer.status_code, answer.text) == (200, "")


@pytest.mark.parametrize("variant", ["info", "warning", "critical"])
def test_what_stays_has_no_button_and_stays(as_alice, announce, cast, variant):
    banner = announce("We move house", variant=variant, dismissible=False)
    assert BUTTON not in as_alice.get(TASKS).text
    assert dismiss(as_alice, banner).status_code == 302
    assert rows(cast.alice) == []
    assert "We move house" in as_alice.get(TASKS).text


def test_whoever_is_not_signed_in_puts_nothing_away(announce):
    banner = announce("We move house")
    page = Client().get("/accounts/login/").text
    assert "We move house" in page
    assert BUTTON not in page
    answer = dismiss(Client(), banner)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")
    assert "We move house" in Client().get("/accounts/login/").text


def test_a_banner_that_is_not_there_is_missing(as_alice, announce):
    announce("We move house")
    where = f"/accounts/banners/{uuid.uuid4()}/dismiss/"
    assert as_alice.post(where).status_code == 404
    assert as_alice.get(where).status_code == 405


@pytest.mark.parametrize(
    "address",
    ["https://evil.example/", "//evil.example/", "javascript:alert(1)", ""],
)
def test_one_is_led_to_pages_of_ours_only(as_alice, announce, address):
    answer = dismiss(as_alice, announce("We move house"), next=address)
    assert answer["Location"] == "/"


def test_a_place_that_is_none_changes_nothing(as_alice, announce, cast):
    banner = announce("We move house")
    answer = dismiss(as_alice, banner, placement="moon")
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert rows(cast.alice) == []


def test_the_form_leads_back_to_its_page(as_alice, announce):
    announce("We move house")
    page = as_alice.get("/tasks/?q=gate&status=todo").text
    assert 'name="next" value="/tasks/?q=gate&amp;status=todo"' in page
    assert 'hx-target="#banner-app"' in page


def test_ones_own_rows_are_nobody_elses(as_alice, as_bob, announce, cast):
    banner = announce("We move house")
    dismiss(as_alice, banner)
    with no_context(), tenant(cast.acme, cast.bob):
        assert not BannerDismissal.objects.exists()
        assert sql("SELECT * FROM banners_bannerdismissal") == []
        assert sql("DELETE FROM banners_bannerdismissal") == 0
    with no_context(), identity():
        assert sql("SELECT * FROM banners_bannerdismissal") == []
    assert rows(cast.alice) == [banner.pk]


def test_nobody_puts_it_away_for_another(announce, cast):
    banner = announce("We move house")
    with (
        no_context(),
        as_user(cast.bob),
        pytest.raises(ProgrammingError, match="row-level security"),
        transaction.atomic(),
    ):
        BannerDismissal.objects.create(banner=banner, user=cast.alice)


def test_it_goes_with_its_banner(as_alice, announce, cast):
    banner = announce("We move house")
    dismiss(as_alice, banner)
    with no_context(), operator(cast.olga, "test"):
        Banner.objects.get(pk=banner.pk).delete()
    assert rows(cast.alice) == []


# cap 80
@pytest.mark.parametrize(
    "values",
    [
        {"variant": "critical", "dismissible": True},
        {"variant": "loud"},
        {"placement": "moon"},
        {"text": ""},
        {"begins": 1, "ends": 1},
        {"begins": 2, "ends": 1},
    ],
)
def test_the_database_refuses_a_banner_that_makes_no_sense(announce, values):
    values = {"text": "News"} | values
    with pytest.raises(IntegrityError):
        announce(values.pop("text"), **values)


def test_rows_are_named(announce, cast):
    banner = announce("We move house")
    assert str(banner) == "We move house"
    row = BannerDismissal(banner=banner, user=cast.bob)
    assert str(row) == f"{cast.bob.pk} {banner.pk}"
