"""Which banner stands above which page, and what that costs."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.banners import showing
from accounts.banners.models import Banner, Placement
from tests.banners.conftest import STAFF

pytestmark = STAFF
TASKS, SIGN_IN, PRICES = "/tasks/", "/accounts/login/", "/pricing/"
APP, LANDING = 'id="banner-app"', 'id="banner-landing"'


@pytest.fixture
def texts(as_alice):
    """Return which of some words stand above a page."""

    def found(*words, page=TASKS, client=as_alice):
        text = client.get(page).text
        return [word for word in words if word in text]

    return found


def without_data(text):
    return text.partition('<div class="app-bars">')[2].partition("<aside")[0]


# cap 80
@pytest.mark.parametrize(
    ("placement", "in_app", "on_landing"),
    [
        ("app", True, False),
        ("landing", False, True),
        ("everywhere", True, True),
    ],
)
def test_a_banner_stands_where_it_belongs(
    as_alice, announce, placement, in_app, on_landing
):
    announce("We move house", placement=placement)
    assert (APP in as_alice.get(TASKS).text) is in_app
    for page in (SIGN_IN, PRICES):
        assert (LANDING in Client().get(page).text) is on_landing
        assert APP not in Client().get(page).text


@pytest.mark.parametrize("page", ["/tasks/", "/tasks/board/", "/organizations/"])
def test_it_stands_above_every_page_of_the_product(as_alice, announce, page):
    announce("We move house", variant="warning")
    bars = without_data(as_alice.get(page).text)
    assert "We move house" in bars
    assert 'class="banner warning"' in bars
    assert 'role="region"' in bars


def test_the_console_has_none(as_olga, announce):
    announce("We move house")
    assert "We move house" not in as_olga.get("/admin/").text


# cap 80
@pytest.mark.parametrize(
    ("begins", "ends", "shows"),
    [
        (-1, None, True),
        (-1, 1, True),
        (1, None, False),
        (1, 2, False),
        (-2, -1, False),
    ],
)
def test_it_shows_in_its_time(texts, announce, begins, ends, shows):
    announce("We move house", begins=begins, ends=ends)
    assert bool(texts("We move house")) is shows


def test_it_begins_and_ends_to_the_moment(texts, announce):
    announce("We move house", begins=1, ends=2)
    now = timezone.now()
    for minutes, shows in ((59, False), (60, True), (119, True), (121, False)):
        moment = now + timedelta(minutes=minutes, seconds=1)
        banners = list(Banner.objects.all())
        with time_machine.travel(moment, tick=False):
            showing.remember(banners, until=moment.timestamp() + 1)
            found = showing.shown(Placement.APP, None)
            assert bool(found) is shows, minutes


# cap 80
def test_one_alone_stands_there_the_gravest_then_the_newest(texts, announce):
    words = ("Old news", "New news", "Old warning", "New warning", "On fire")
    announce("New news", begins=-1)
    announce("Old news", begins=-2)
    assert texts(*words) == ["New news"]
    announce("Old warning", begins=-9, variant="warning")
    assert texts(*words) == ["Old warning"]
    announce("New warning", begins=-3, variant="warning")
    assert texts(*words) == ["New warning"]
    announce("On fire", begins=-8, variant="critical", dismissible=False)
    assert texts(*words) == ["On fire"]


def test_of_one_moment_it_is_always_the_same(announce, texts):
    now = timezone.now()
    with time_machine.travel(now, tick=False):
        announce("First", begins=0)
        announce("Second", begins=0)
    assert texts("First", "Second") == texts("First", "Second")
    assert len(texts("First", "Second")) == 1


def test_each_placement_chooses_by_itself(texts, announce):
    announce("For members", placement="app", variant="warning")
    announce("For all")
    assert texts("For members", "For all") == ["For members"]
    assert texts("For members", "For all", page=SIGN_IN, client=Client()) == ["For all"]


def test_words_are_words(texts, announce):
    announce("<script>alert(1)</script> & co", link="/pricing/", link_text="<b>Go</b>")
    assert texts("<script>alert(1)", "<b>Go") == []
    escaped = "&lt;script&gt;alert(1)&lt;/script&gt; &amp; co"
    assert texts(escaped, "&lt;b&gt;Go") == [escaped, "&lt;b&gt;Go"]


def test_a_link_leads_on(texts, announce):
    announce("We move house", link="https://status.example.com/", link_text="Follow")
    link = '<a href="https://status.example.com/" rel="noopener">Follow</a>'
    assert texts(link) == [link]


@pytest.mark.parametrize(
    ("variant", "word"), [("warning", "Warning:"), ("critical", "Critical:")]
)
def test_colour_is_not_the_only_sign(texts, announce, variant, word):
    announce("We move house", variant=variant, dismissible=False)
    assert texts(word) == [word]


def test_a_new_one_is_seen_within_seconds(texts, announce, look_anew):
    assert texts("We move house") == []
    kept, rows = showing._kept[0]
    announce("We move house")
    showing.remember(rows, until=kept)
    assert texts("We move house") == []
    with time_machine.travel(timezone.now() + timedelta(seconds=4), tick=False):
        assert texts("We move house") == ["We move house"]


def banner_statements(client, page=TASKS):
    with CaptureQueriesContext(connection) as captured:
        assert client.get(page).status_code == 200
    return [query["sql"] for query in captured if "banners_" in query["sql"]]


def test_pages_ask_once_in_a_few_seconds(as_alice, cast, look_anew):
    now = timezone.now()
    with time_machine.travel(now, tick=False):
        assert len(banner_statements(as_alice)) == 1
        assert banner_statements(as_alice) == []
        assert banner_statements(Client(), SIGN_IN) == []
    with time_machine.travel(now + timedelta(seconds=4), tick=False):
        assert len(banner_statements(as_alice)) == 1


@pytest.mark.parametrize(
    ("values", "asked"),
    [
        ({}, 1),
        ({"dismissible": False}, 0),
        ({"variant": "critical", "dismissible": False}, 0),
        ({"placement": "landing"}, 0),
        ({"begins": 1}, 0),
    ],
)
def test_ones_own_rows_are_asked_for_only_where_it_can_be_put_away(
    as_alice, announce, values, asked
):
    announce("We move house", **values)
    showing.remember(showing.banners(), until=float("inf"))
    found = banner_statements(as_alice)
    assert len(found) == asked
    assert all("banners_bannerdismissal" in each for each in found)


def test_a_refused_statement_leaves_nothing_half_known(look_anew, announce):
    announce("We move house")

    def refuse(execute, *args):
        raise RuntimeError("away")

    with connection.execute_wrapper(refuse), pytest.raises(RuntimeError):
        showing.banners()
    assert [each.text for each in showing.banners()] == ["We move house"]
