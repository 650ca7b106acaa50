"""The console's first page where days, rights, languages and requests are odd."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from config.operator.periods import Period, series
from organizations import closing, flows
from organizations.audit.models import PlatformEntry
from organizations.limits.models import Usage
from organizations.models import Organization
from organizations.tenancy import no_context, operator, tenant
from organizations.webhooks.models import Endpoint
from tests.conftest import make_user
from tests.operator.conftest import CONSOLE
from tests.operator.test_dashboard import (
    endpoint,
    everything,  # noqa: F401
    moved,
    shown,
)
from tests.operator.test_pages import statements
from tests.operator.test_rights import helper  # noqa: F401

pytestmark = CONSOLE
HOME = "/admin/"
GERMAN = {"Accept-Language": "de"}


def change(user, **values):
    with no_context(), operator(user, "test"):
        User.objects.filter(pk=user.pk).update(**values)


@pytest.mark.parametrize(
    "zone", ["Asia/Tokyo", "America/Los_Angeles", "Pacific/Kiritimati", "UTC"]
)
def test_the_page_says_utc_and_means_it(as_olga, cast, zone):
    change(cast.olga, timezone=zone)
    page = as_olga.get(HOME)
    moment = page.context["now"].astimezone(UTC).strftime("%H:%M")
    assert f"as of {moment} UTC" in page.text


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/Los_Angeles"])
def test_a_day_is_the_same_day_for_staff_anywhere(as_olga, cast, zone):
    before = as_olga.get(f"{HOME}?days=7").context["line"]["rows"]
    change(cast.olga, timezone=zone)
    page = as_olga.get(f"{HOME}?days=7")
    assert page.context["line"]["rows"] == before
    assert sum(row[1] for row in before) == 7


@pytest.mark.parametrize(
    ("joined", "point"),
    [
        (datetime(2026, 10, 24, 23, 59, 59, tzinfo=UTC), None),
        (datetime(2026, 10, 25, 0, 0, tzinfo=UTC), 0),
        (datetime(2026, 10, 25, 23, 59, 59, tzinfo=UTC), 0),
        (datetime(2026, 10, 26, 0, 0, tzinfo=UTC), 1),
        (datetime(2026, 10, 31, 23, 59, 59, tzinfo=UTC), 6),
    ],
)
def test_a_day_of_twentyfive_hours_is_a_day(cast, look, joined, point):
    """In Berlin the clock was put back on the first of these days."""
    chosen = Period(7, datetime(2026, 10, 31, tzinfo=UTC))
    look(lambda: User.objects.update(date_joined=joined))
    with timezone.override("Europe/Berlin"):
        found = look(lambda: series(User.objects.all(), "date_joined", chosen))
    expected = [7 * (each == point) for each in range(7)]
    assert found.now == expected
    assert sum(found.before) == (7 if point is None else 0)


def test_the_moment_before_the_period_belongs_to_the_one_before(as_olga, cast, look):
    start = as_olga.get(f"{HOME}?days=7").context["period"].start
    look(lambda: User.objects.update(date_joined=start - timedelta(microseconds=1)))
    found = shown(as_olga, "Sign-ups", 7)
    assert (found.count, found.change) == (0, -100.0)
    look(lambda: User.objects.update(date_joined=start))
    found = shown(as_olga, "Sign-ups", 7)
    assert (found.count, found.change) == (7, None)


@pytest.mark.parametrize("days", ["٧", "7 ", "7.0", "1e1", "７", "9" * 4000])
def test_odd_days_are_the_usual_ones(as_olga, days):
    page = as_olga.get(HOME, {"days": days})
    assert page.status_code == 200
    assert page.context["period"].days in {7, 30}


def test_a_nul_is_no_request(as_olga):
    assert as_olga.get(HOME, {"days": "\x00"}).status_code == 400


def test_the_last_of_two_periods_counts(as_olga):
    page = as_olga.get(f"{HOME}?days=7&days=90&other=<script>")
    assert page.context["period"].days == 90
    assert "other=<script>" not in page.text


# The method changes nothing here, and the page says so by staying as it is.
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_an_unsafe_request_of_the_first_page_changes_nothing(as_olga, look, method):
    as_olga.get(HOME)
    before = look(PlatformEntry.objects.count)
    answer = getattr(as_olga, method)(HOME, {"days": "7"})
    assert answer.status_code in {200, 405}
    assert look(PlatformEntry.objects.count) == before


def test_a_foreign_form_is_refused(as_olga, look):
    as_olga.get(HOME)
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = as_olga.cookies
    before = look(PlatformEntry.objects.count)
    for page in (HOME, "/admin/doctor/"):
        assert strict.post(page).status_code == 403
    headers = {"Origin": "https://evil.example"}
    assert strict.post("/admin/doctor/", headers=headers).status_code == 403
    assert look(PlatformEntry.objects.count) == before


def test_the_page_is_german_for_germans(as_olga, cast, everything):
    change(cast.olga, language="de")
    for days in (7, 30, 90):
        page = as_olga.get(f"{HOME}?days={days}", headers=GERMAN)
        assert page.status_code == 200
        assert '<html lang="de"' in page.text
        assert "Sign-ups" not in page.text
    assert all(str(each.label) for each in page.context["figures"])


@pytest.mark.parametrize(
    "name",
    [
        "<script>alert(1)</script>",
        "שלום \u202e gnp.exe",
        "😀" * 20,
        "A & B \"C\" 'D'",
        "x" * 100,
    ],
)
def test_names_of_organizations_are_words_there(as_olga, everything, cast, look, name):
    look(lambda: Organization.objects.filter(pk=cast.acme.pk).update(name=name))
    page = as_olga.get(HOME)
    assert page.status_code == 200
    assert "<script>alert" not in page.text
    looks = page.context["looks"]
    assert name in {str(each.organization) for each in looks}
    for each in looks:
        assert as_olga.get(each.url).context["cl"].result_count >= 1, each.why


def test_a_deleted_organization_needs_nobody_to_look(as_olga, cast, everything):
    with no_context(), tenant(cast.acme, cast.alice):
        closing.delete_organization(organization=cast.acme, by=cast.alice)
    looks = as_olga.get(HOME).context["looks"]
    assert "80 %" not in " ".join(str(each.why) for each in looks)
    assert as_olga.get(HOME).status_code == 200


def test_of_many_in_need_the_page_names_some(as_olga, cast, look):
    with no_context():
        for number in range(12):
            endpoint(cast.acme if number % 2 else cast.globex, cast.alice)
    look(lambda: Endpoint.objects.update(failing_since=timezone.now()))
    look(lambda: Usage.objects.update(warned_percent=100))
    looks = as_olga.get(HOME).context["looks"]
    whys = [str(each.why) for each in looks if "webhook" in str(each.why)]
    assert whys == ["6 webhooks fail", "6 webhooks fail"]
    assert len(looks) <= 15


def test_twenty_organizations_cost_as_much_as_two(as_olga, everything, look):
    as_olga.get(HOME)
    before = statements(as_olga, HOME)
    for number in range(20):
        owner = make_user(f"owner{number}")
        with no_context():
            made = flows.create_organization(user=owner, name=f"House {number}")
            endpoint(made, owner)
    look(lambda: Endpoint.objects.update(failing_since=timezone.now()))
    look(lambda: Usage.objects.update(warned_percent=90))
    assert statements(as_olga, HOME) <= before


def test_what_was_made_is_counted_at_once(as_olga, cast):
    first = shown(as_olga, "Sign-ups").count
    make_user("newcomer")
    assert shown(as_olga, "Sign-ups").count == first + 1


def test_an_erased_or_banned_colleague_sees_nothing_more(helper, look):
    client = helper("view_user")
    assert client.get(HOME).status_code == 200
    look(lambda: User.objects.filter(email="hugo@example.com").update(is_staff=False))
    assert client.get(HOME).status_code in {302, 404}


def test_a_right_that_is_taken_away_is_gone_on_the_next_page(helper, look):
    client = helper("view_user", "view_organization")
    labels = {each.label for each in client.get(HOME).context["figures"]}
    assert "Sign-ups" in labels
    look(lambda: User.objects.get(email="hugo@example.com").groups.clear())
    assert client.get(HOME).context["figures"] == []


@pytest.mark.parametrize("actor", ["alice", "adam", "bob", "vera", "charlie", "nora"])
def test_no_member_learns_that_there_is_a_console(request, actor):
    client = request.getfixturevalue(f"as_{actor}")
    answers = [client.get(page) for page in (HOME, f"{HOME}?days=7", "/no/such/page/")]
    assert {answer.status_code for answer in answers} == {404}
    texts = {each.text.replace(each["X-Request-Id"], "") for each in answers}
    assert len(texts) == 1


def test_moving_rows_out_of_the_period_moves_the_figure(as_olga, cast, look):
    moved(look, User.objects.all, "date_joined", 29)
    assert shown(as_olga, "Sign-ups", 30).count == 7
    moved(look, User.objects.all, "date_joined", 30)
    assert shown(as_olga, "Sign-ups", 30).count == 0
    assert shown(as_olga, "Sign-ups", 90).count == 7
