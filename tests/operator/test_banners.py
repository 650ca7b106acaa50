"""Banners in the console: written in UTC, looked at, ended; all of it recorded."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from accounts.banners.models import Banner
from accounts.models import User
from organizations.audit.models import PlatformEntry
from organizations.tenancy import no_context, operator
from tests.banners.conftest import announce, look_anew  # noqa: F401
from tests.operator.conftest import CONSOLE, SOME_ID, address
from tests.operator.test_rights import helper  # noqa: F401

pytestmark = CONSOLE
FORM = {
    "text": "We move house on Sunday",
    "link": "https://status.example.com/",
    "link_text": "Follow",
    "variant": "warning",
    "placement": "app",
    "starts_at": "2026-11-22T20:00",
    "ends_at": "2026-11-22T22:30",
    "dismissible": "on",
}
ADD = address(Banner, "add")
LIST = address(Banner, "changelist")


@pytest.fixture
def send(as_olga):
    def post(where=ADD, **values):
        return as_olga.post(where, FORM | values)

    return post


@pytest.fixture
def banners(look):
    return lambda: look(lambda: list(Banner.objects.all()))


@pytest.fixture
def told(look):
    def entries():
        rows = PlatformEntry.objects.filter(action__startswith="banner.")
        return list(rows.order_by("created_at", "id"))

    return lambda: look(entries)


@pytest.fixture
def far_away(cast):
    """Olga's own time is nine hours ahead."""
    with no_context(), operator(cast.olga, "test"):
        User.objects.filter(pk=cast.olga.pk).update(timezone="Asia/Tokyo")


# cap 80
def test_a_banner_is_written_and_recorded(send, banners, told, cast):
    assert send().status_code == 302
    [banner] = banners()
    assert (banner.variant, banner.placement) == ("warning", "app")
    assert banner.dismissible
    [entry] = told()
    assert (entry.action, entry.actor_id) == ("banner.created", cast.olga.pk)
    assert entry.target_label == "We move house on Sunday"
    assert entry.after["text"] == "We move house on Sunday"


def test_moments_are_utc_wherever_staff_are(far_away, send, banners, as_olga):
    send()
    [banner] = banners()
    assert banner.starts_at == datetime(2026, 11, 22, 20, 0, tzinfo=UTC)
    assert banner.ends_at == datetime(2026, 11, 22, 22, 30, tzinfo=UTC)
    page = as_olga.get(address(Banner, "change", banner.pk)).text
    assert 'value="2026-11-22T20:00"' in page
    assert "in UTC" in page
    assert "8 p.m." in as_olga.get(LIST).text or "20:00" in as_olga.get(LIST).text


def test_the_preview_tells_both_times(far_away, send, banners, as_olga):
    send()
    [banner] = banners()
    page = as_olga.get(address(Banner, "preview", banner.pk)).text
    assert "22 Nov 2026, 20:00 UTC" in page
    assert "It begins at 23 Nov, 05:00 Asia/Tokyo." in page
    assert "22 Nov 2026, 22:30 UTC" in page


def test_a_change_is_recorded_with_what_was(send, banners, told):
    send()
    [banner] = banners()
    where = address(Banner, "change", banner.pk)
    assert send(where, text="We have moved", ends_at="").status_code == 302
    assert banners()[0].ends_at is None
    entry = told()[-1]
    assert entry.action == "banner.changed"
    assert entry.before["text"] == "We move house on Sunday"
    assert entry.after["text"] == "We have moved"
    assert "variant" not in entry.after


def test_a_banner_is_deleted_with_whom_it_was_put_away_by(
    announce,
    as_olga,
    as_alice,
    banners,
    told,
):
    banner = announce("We move house")
    as_alice.post(f"/accounts/banners/{banner.pk}/dismiss/", {"next": "/"})
    where = address(Banner, "delete", banner.pk)
    assert as_olga.get(where).status_code == 200
    assert as_olga.post(where, {"post": "yes"}).status_code == 302
    assert banners() == []
    assert [each.action for each in told()] == ["banner.deleted"]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"text": ""}, "This field is required"),
        ({"text": "x" * 301}, "at most 300"),
        ({"link": "javascript:alert(1)"}, "begins with https://"),
        ({"link": "//evil.example/"}, "begins with https://"),
        ({"link": ""}, "need each other"),
        ({"link_text": ""}, "need each other"),
        ({"ends_at": "2026-11-22T20:00"}, "ends after it has begun"),
        ({"variant": "loud"}, "not one of the available choices"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(send, banners, values, words):
    answer = send(**values)
    assert words in answer.text
    assert banners() == []


@pytest.mark.parametrize("link", ["/pricing/", "http://intranet/", "https://a.b/c?d"])
def test_a_link_leads_here_or_elsewhere(send, banners, link):
    assert send(link=link).status_code == 302
    assert banners()[0].link == link


def test_a_critical_one_always_stays(send, banners):
    assert send(variant="critical").status_code == 302
    assert banners()[0].dismissible is False


def test_the_list_tells_where_each_is_in_its_time(announce, as_olga):
    announce("Coming", begins=1)
    announce("Here")
    announce("Gone", begins=-2, ends=-1)
    found = {row.text: row.state.label for row in rows(as_olga.get(LIST))}
    assert found == {"Coming": "Scheduled", "Here": "Showing", "Gone": "Over"}
    for state, text in (("scheduled", "Coming"), ("showing", "Here"), ("over", "Gone")):
        listed = rows(as_olga.get(LIST, {"state": state}))
        assert [row.text for row in listed] == [text]


def rows(answer):
    return list(answer.context["cl"].result_list)


@pytest.mark.parametrize(
    ("placement", "stands"), [("app", 2), ("landing", 2), ("everywhere", 4)]
)
def test_the_preview_draws_it_as_its_readers_see_it(
    announce,
    as_olga,
    placement,
    stands,
):
    banner = announce("We <b>move</b>", placement=placement, variant="warning")
    page = as_olga.get(address(Banner, "preview", banner.pk)).text
    assert page.count('class="banner warning"') == stands
    assert page.count("We &lt;b&gt;move&lt;/b&gt;") >= stands
    assert page.count('data-theme="dark"') == stands / 2
    assert ("It does not show here" in page) is (stands == 2)
    # Nothing there puts it away, and no two things have one name.
    assert "/dismiss/" not in page
    assert 'id="banner-' not in page


def test_the_preview_of_one_that_is_missing_is_missing(as_olga):
    assert as_olga.get(address(Banner, "preview", SOME_ID)).status_code == 404


def test_colleagues_who_only_look_change_nothing(announce, helper):
    banner = announce("We move house")
    client = helper("view_banner")
    assert client.get(LIST).status_code == 200
    assert client.get(address(Banner, "preview", banner.pk)).status_code == 200
    where = address(Banner, "change", banner.pk)
    assert client.get(where).status_code == 200
    assert client.post(where, FORM).status_code == 403
    assert client.post(ADD, FORM).status_code == 403
    assert client.post(address(Banner, "delete", banner.pk)).status_code == 403


def test_colleagues_without_the_right_see_nothing(announce, helper):
    banner = announce("We move house")
    client = helper("view_organization")
    assert client.get(LIST).status_code == 403
    assert client.get(address(Banner, "preview", banner.pk)).status_code == 403


def test_members_are_not_told_that_there_is_such_a_page(announce, as_alice):
    banner = announce("We move house")
    assert as_alice.get(address(Banner, "preview", banner.pk)).status_code == 404


def test_what_staff_write_is_seen_by_members(send, as_alice, look_anew):
    now = timezone.now()
    starts = (now - timedelta(minutes=5)).astimezone(UTC)
    send(starts_at=starts.strftime("%Y-%m-%dT%H:%M"), ends_at="")
    look_anew()
    assert "We move house on Sunday" in as_alice.get("/tasks/").text
