"""The log of deliveries: walked, narrowed, replayed, and nobody else's."""

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from organizations.tenancy import identity
from organizations.webhooks import flows
from organizations.webhooks.forms import LogForm, span_of
from organizations.webhooks.models import TEST, Delivery, State
from tests.webhooks.conftest import WEBHOOKS

LINE = re.compile(r'deliveries/([0-9a-f-]{36})/"\s*>([a-z_.]+)<')
MORE = re.compile(r'hx-get="(\?[^"]+)"')
MISSING = "0190f5a0-0000-7000-8000-000000000000"


@pytest.fixture
def log(endpoint, inside):
    """Return what makes deliveries of an endpoint, each a second older than the one
    before."""

    def make(count, at=None, of=None, **values):
        at = at or timezone.now()
        values = {"event_type": "task.created", "state": "delivered"} | values
        rows = [
            Delivery(
                endpoint=of or endpoint,
                event_id=f"{make.made + number:032x}",
                created_at=at - timedelta(seconds=number),
                **values,
            )
            for number in range(count)
        ]
        make.made += count
        with inside():
            return [str(each.pk) for each in Delivery.objects.bulk_create(rows)]

    make.made = 1
    return make


def page(endpoint, rest=""):
    return f"{WEBHOOKS}{endpoint.pk}/{rest}"


def lines(client, address):
    """Return the deliveries of a page, and where the next one is."""
    text = client.get(address, headers={"HX-Request": "true"}).text
    more = MORE.search(text)
    return LINE.findall(text), more and more[1].replace("&amp;", "&")


def walked(client, endpoint, query="", between=lambda: None):
    """Return the ids of all pages from the first to the last."""
    found, more = [], query or "?"
    while more:
        rows, more = lines(client, page(endpoint, more))
        found += [pk for pk, _event in rows]
        between()
    return found


# --- walked -------------------------------------------------------------------------


def test_120_deliveries_come_once_each_in_order_while_others_are_made(
    as_alice, endpoint, log
):
    keys = log(120)
    found = walked(
        as_alice,
        endpoint,
        between=lambda: log(7, at=timezone.now() + timedelta(hours=1)),
    )
    assert found == keys


def test_those_of_the_same_moment_come_once_each(as_alice, endpoint, log, inside):
    keys = log(120)
    with inside():
        Delivery.objects.update(created_at=timezone.now())
    found = walked(as_alice, endpoint)
    assert len(found) == 120
    assert sorted(found) == sorted(keys)


def test_what_it_is_narrowed_to_stays_from_page_to_page(as_alice, endpoint, log):
    wanted = log(70, state="failed")
    log(70)
    log(70, state="failed", event_type="task.moved")
    query = "?state=failed&event=task.created"
    assert walked(as_alice, endpoint, query) == wanted


def test_a_page_without_scripts_goes_on_as_well(as_alice, endpoint, log):
    keys = log(60, state="failed")
    text = as_alice.get(page(endpoint, "?state=failed")).text
    [more] = set(MORE.findall(text))
    assert f'href="{more}"' in text
    rest = as_alice.get(page(endpoint, more.replace("&amp;", "&"))).text
    assert "<html" in rest
    assert [pk for pk, _event in LINE.findall(rest)] == keys[50:]
    assert '<option value="failed" selected>' in re.sub(r"\s+", " ", rest)


def test_the_log_of_another_endpoint_is_not_in_it(
    as_alice, endpoint, endpoint_at, receiver, log
):
    other = endpoint_at(receiver.url + "/2", events=["label.created"])
    keys, others = log(3), log(4, of=other)
    assert walked(as_alice, endpoint) == keys
    assert walked(as_alice, other) == others


# --- narrowed -----------------------------------------------------------------------


@given(
    state=st.sampled_from(["", *State.values, "nonsense"]) | st.text(max_size=8),
    event=st.sampled_from(["task.created", TEST]) | st.text(max_size=90),
    day=st.dates().map(str) | st.text(max_size=12),
    before=st.datetimes().map(str) | st.text(max_size=20),
)
def test_whatever_is_asked_for_the_log_is_shown(
    as_alice, endpoint, state, event, day, before
):
    asked = {"state": state, "event": event, "day": day, "before": before}
    asked["before_id"] = MISSING
    answer = as_alice.get(
        page(endpoint), {k: v.replace("\0", "") for k, v in asked.items()}
    )
    assert answer.status_code == 200


@given(
    day=st.dates(date(2000, 1, 1), date(2100, 1, 1)),
    zone=st.sampled_from(
        ["UTC", "Europe/Berlin", "America/Sao_Paulo", "Asia/Beirut", "Pacific/Apia"]
    ),
)
def test_days_follow_each_other_without_a_gap_or_an_overlap(day, zone):
    with timezone.override(ZoneInfo(zone)):
        begin, end = span_of(day)
        assert end == span_of(day + timedelta(days=1))[0]
        assert begin <= end
        assert end - begin < timedelta(days=2)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-03-28T23:30:00+00:00", "2026-03-29"),
        ("2026-03-29T21:59:59+00:00", "2026-03-29"),
        ("2026-03-29T22:00:00+00:00", "2026-03-30"),
        ("2026-10-25T22:59:59+00:00", "2026-10-25"),
        ("2026-10-25T23:00:00+00:00", "2026-10-26"),
    ],
)
def test_a_day_is_the_readers_also_when_the_clocks_change(
    moment, day, as_alice, cast, endpoint, log
):
    with identity():
        cast.alice.timezone = "Europe/Berlin"
        cast.alice.save(update_fields=["timezone"])
    [key] = log(1, at=datetime.fromisoformat(moment).astimezone(UTC))
    shown = date.fromisoformat(day)
    for each in (-1, 0, 1):
        rows, _more = lines(
            as_alice, page(endpoint, f"?day={shown + timedelta(days=each)}")
        )
        assert [pk for pk, _event in rows] == ([key] if each == 0 else [])


def test_the_days_on_offer_are_those_of_the_log():
    days = LogForm({}).days()
    assert days[0] == timezone.localdate()
    assert len(days) == 31
    assert days == sorted(days, reverse=True)


# --- replayed -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hours", "count"), [("1", 1), ("24", 2), ("168", 3), ("720", 4)]
)
def test_what_failed_in_that_time_is_sent_once_more_and_nothing_else(
    hours, count, as_alice, endpoint, endpoint_at, receiver, log, the, run_jobs
):
    other = endpoint_at(receiver.url + "/2", events=["label.created"])
    for age in (0.5, 20, 160, 700):
        at = timezone.now() - timedelta(hours=age)
        log(1, at=at, state="failed", event_type=TEST)
        log(1, at=at, state="failed", event_type=TEST, of=other)
        log(1, at=at, event_type=TEST)
    as_alice.post(page(endpoint, "replay/"), {"hours": hours})
    run_jobs()
    assert [each.path for each in receiver.requests] == ["/hooks"] * count
    failed = [each.endpoint_id for each in the.deliveries if each.state == "failed"]
    assert failed.count(endpoint.pk) == 4 - count
    assert failed.count(other.pk) == 4
    [entry] = the.entries("webhook.replayed")
    assert (entry.after["deliveries"], entry.actor_label) == (count, "Alice Example")


@pytest.mark.parametrize("hours", ["", "0", "-1", "1e9", "24.0", "\u0663", "x" * 5_000])
def test_no_other_time_is_taken(hours, as_alice, endpoint, log, the):
    log(1, state="failed")
    as_alice.post(page(endpoint, "replay/"), {"hours": hours})
    assert the.delivery.state == "failed"
    assert the.entries("webhook.replayed") == []


@pytest.mark.parametrize("verb", ["pause/", "remove/"])
def test_who_gets_nothing_gets_no_replay_either(
    verb, as_alice, endpoint, log, the, receiver, run_jobs
):
    [key] = log(1, state="failed", event_type=TEST)
    as_alice.post(page(endpoint, verb))
    where = f"{WEBHOOKS}deliveries/{key}/"
    shown = as_alice.get(where)
    assert shown.status_code == 200
    assert "replay/" not in shown.text
    assert "Resume it first" in as_alice.post(f"{where}replay/", follow=True).text
    run_jobs()
    assert (receiver.requests, the.delivery.state) == ([], "failed")


# --- whose --------------------------------------------------------------------------

VERBS = ["edit/", "secret/", "pause/", "resume/", "remove/", "test/", "replay/"]


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("who", ["as_charlie", "as_alice"])
def test_what_is_anothers_is_changed_by_nobody_and_as_missing_as_none(
    who, verb, request, cast, endpoint, the, sign_in
):
    client, before = request.getfixturevalue(who), vars(the.endpoint(endpoint.pk))
    key = endpoint.pk if who == "as_charlie" else MISSING
    answer = client.post(f"{WEBHOOKS}{key}/{verb}", {"url": "https://a.example/"})
    assert answer.status_code == 404
    after = vars(the.endpoint(endpoint.pk))
    assert {k: v for k, v in after.items() if k != "_state"} == {
        k: v for k, v in before.items() if k != "_state"
    }
    assert the.deliveries == []


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("who", ["as_bob", "as_vera"])
def test_members_and_viewers_do_nothing_to_it(who, verb, request, endpoint, the):
    client = request.getfixturevalue(who)
    assert client.post(page(endpoint, verb)).status_code == 403
    row = the.endpoint(endpoint.pk)
    assert (row.state, row.deleted_at, row.secret) == (
        "receiving",
        None,
        endpoint.secret,
    )


@pytest.mark.parametrize("verb", ["pause/", "resume/", "test/", "replay/"])
def test_a_look_changes_nothing(verb, as_alice, endpoint, the):
    assert as_alice.get(page(endpoint, verb)).status_code == 405
    assert the.endpoint(endpoint.pk).is_open
    assert the.deliveries == []


def test_a_removed_one_is_done_nothing_to(as_alice, endpoint, inside, cast, the):
    with inside():
        flows.remove_endpoint(endpoint=endpoint, by=cast.alice)
    for verb in VERBS:
        assert as_alice.post(page(endpoint, verb)).status_code == 404
    assert the.endpoint(endpoint.pk).secret == ""
    assert len(the.entries("webhook.removed")) == 1
