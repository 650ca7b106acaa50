"""Properties: when it is tried again, where it is sent, and of what it is told."""

from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime
from ipaddress import IPv6Address, ip_network

import pytest
from asgiref.sync import async_to_sync
from hypothesis import given
from hypothesis import strategies as st

from organizations.events.catalogue import CATALOGUE, EVENTS, UNSENT
from organizations.webhooks.addresses import (
    Refused,
    Unfindable,
    is_public,
    may_reach,
    places_of,
)
from organizations.webhooks.forms import GROUPS, EndpointForm
from organizations.webhooks.models import Endpoint
from organizations.webhooks.waiting import (
    LONGEST,
    TRIES,
    WAITS,
    retry_after,
    until,
    wait_after,
)
from tests.webhooks.conftest import NAMES

NOW = datetime(2026, 3, 29, 0, 59, 30, tzinfo=UTC)
SPANS = st.timedeltas(timedelta(0), timedelta(days=3_000))
# Offsets of whole minutes, as HTTP writes them.
ZONES = st.integers(-14 * 60, 14 * 60).map(lambda each: timedelta(minutes=each))
FOREIGN = [
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "224.0.0.0/4",
    "240.0.0.0/4",
    "0.0.0.0/8",
]
PRIVATE_4 = st.sampled_from(FOREIGN).flatmap(
    lambda network: st.ip_addresses(v=4, network=network)
)
PRIVATE_6 = st.sampled_from(
    ["fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8", "2001:db8::/32", "::/96"]
).flatmap(lambda network: st.ip_addresses(v=6, network=network))
PUBLIC = st.sampled_from(
    ["8.8.8.0/24", "93.184.0.0/16", "2606:4700::/32", "2a00:1450::/32"]
).flatmap(lambda network: st.ip_addresses(network=network))


@pytest.fixture
def still(time_machine):
    time_machine.move_to(NOW, tick=False)


# --- when ---------------------------------------------------------------------------


@given(tries=st.integers(1, TRIES - 1), asked=st.none() | SPANS)
def test_a_wait_is_the_promised_one_or_what_was_asked_for(tries, asked):
    own = timedelta(seconds=WAITS[tries - 1])
    wait = wait_after(tries, asked)
    wanted = min(asked or timedelta(), LONGEST)
    assert max(own, wanted) <= wait <= max(own * 1.2, wanted)
    assert wait <= LONGEST


@given(tries=st.integers(TRIES, TRIES + 50), asked=st.none() | SPANS)
def test_behind_the_last_try_there_is_none_whatever_is_asked_for(tries, asked):
    assert wait_after(tries, asked) is None


def test_all_tries_take_as_long_as_the_page_says():
    """28 hours without what is added, and no more than a third day with it."""
    assert timedelta(hours=27) < timedelta(seconds=sum(WAITS)) < timedelta(hours=28)
    assert timedelta(seconds=sum(WAITS)) * 1.2 < timedelta(days=2)


@given(
    seconds=st.integers(0, 10**12), name=st.sampled_from(["Retry-After", "RETRY-AFTER"])
)
def test_seconds_are_seconds(seconds, name):
    found = retry_after(503, {name: str(seconds)})
    assert found == timedelta(seconds=seconds) or found == LONGEST
    assert wait_after(1, found) >= min(timedelta(seconds=seconds), LONGEST)


@given(away=st.integers(-(10**7), 10**7), zone=ZONES)
def test_a_date_is_the_same_moment_in_every_zone(still, away, zone):
    moment = (NOW + timedelta(seconds=away)).astimezone(timezone(zone))
    text = format_datetime(moment)
    assert until(text) == max(timedelta(seconds=away), timedelta())
    assert retry_after(429, {"retry-after": text}) == until(text)


@given(st.from_regex(r"\A[A-Z][a-z]{2}, [0-9]{1,4} [A-Z][a-z]{2} [0-9]{1,9}.{0,20}"))
def test_what_looks_like_a_date_is_one_or_says_nothing(still, text):
    found = retry_after(429, {"retry-after": text})
    assert found is None or wait_after(1, found) <= LONGEST


@pytest.mark.parametrize("status", [None, 200, 301, 400, 404, 410, 500, 502])
def test_who_is_not_busy_says_nothing_by_it(status):
    assert retry_after(status, {"Retry-After": "7000"}) is None


# --- where --------------------------------------------------------------------------


def disguises(address):
    """Yield the ways in which IPv6 holds an address of IPv4."""
    number = int(address)
    yield IPv6Address(number)
    yield IPv6Address(0xFFFF << 32 | number)
    yield IPv6Address(0xFFFF0000 << 32 | number)
    yield IPv6Address((0x64FF9B << 96) | number)
    yield IPv6Address((0x64FF9B0001 << 80) | number)
    yield IPv6Address((0x2002 << 112) | (number << 80) | 1)
    # Teredo has it upside down, and its server's as it is.
    yield IPv6Address((0x20010000 << 96) | (number ^ 0xFFFFFFFF))
    yield IPv6Address((0x20010000 << 96) | (number << 64) | 0xFFFF)


@given(PRIVATE_4)
def test_no_way_to_hold_a_private_address_leads_to_it(settings, address):
    settings.WEBHOOK_ALLOWED_NETWORKS = []
    assert not may_reach(str(address))
    for other in disguises(address):
        assert not is_public(other)
        for text in (str(other), other.exploded, str(other).upper(), f"{other}%1"):
            assert not may_reach(text)


@given(PRIVATE_4 | PRIVATE_6)
def test_a_url_of_a_private_address_is_refused(settings, address):
    settings.WEBHOOK_ALLOWED_NETWORKS = []
    host = f"[{address}]" if address.version == 6 else str(address)
    for url in (f"https://{host}/", f"https://{host}:8443/a?b=c#d"):
        with pytest.raises(Refused):
            async_to_sync(places_of)(url)


@given(PRIVATE_4, st.sampled_from(["{0}", "0x{0:x}", "0{0:o}", "{0}.", "0x{0:x}."]))
def test_a_private_address_as_one_number_leads_nowhere(settings, address, form):
    settings.WEBHOOK_ALLOWED_NETWORKS = []
    with pytest.raises((Refused, Unfindable)):
        async_to_sync(places_of)(f"https://{form.format(int(address))}/")


@given(st.lists(PUBLIC, min_size=1, max_size=6), PRIVATE_4 | PRIVATE_6, st.data())
def test_one_private_address_spoils_a_name(settings, public, private, data):
    settings.WEBHOOK_ALLOWED_NETWORKS = []
    found = [str(each) for each in public]
    NAMES["some.example.com"] = found
    assert async_to_sync(places_of)("https://some.example.com/") == found
    place = data.draw(st.integers(0, len(found)))
    NAMES["some.example.com"] = [*found[:place], str(private), *found[place:]]
    with pytest.raises(Refused):
        async_to_sync(places_of)("https://SOME.example.com./")


@given(PRIVATE_4, st.integers(8, 32))
def test_an_allowed_network_opens_itself_and_nothing_beside(settings, address, length):
    network = ip_network((int(address), length), strict=False)
    settings.WEBHOOK_ALLOWED_NETWORKS = [str(network)]
    assert may_reach(str(address))
    assert may_reach(f"::ffff:{address}")
    for beside in (int(network[0]) - 1, int(network[-1]) + 1):
        if 0 <= beside < 2**32:
            other = type(address)(beside)
            assert may_reach(str(other)) == is_public(other)


# --- of what ------------------------------------------------------------------------

CHOSEN = st.lists(st.sampled_from([*GROUPS, *EVENTS]), max_size=12)


def saved(chosen):
    NAMES["hooks.example.com"] = ["93.184.215.14"]
    form = EndpointForm({"url": "https://hooks.example.com/", "events": chosen})
    assert form.is_valid(), form.errors
    return Endpoint(events=form.cleaned_data["events"]), form


@given(CHOSEN)
def test_an_endpoint_hears_what_was_ticked_and_nothing_else(chosen):
    endpoint, _form = saved(chosen)
    wanted = {
        name
        for name in EVENTS
        if not chosen or name in chosen or f"{name.split('.')[0]}.*" in chosen
    }
    assert {name for name in EVENTS if endpoint.wants(name)} == wanted
    assert endpoint.chosen == len(wanted)
    assert not any(endpoint.wants(name) for name in UNSENT)


@given(CHOSEN)
def test_what_is_saved_is_ticked_when_it_is_opened_again(chosen):
    endpoint, _form = saved(chosen)
    form = EndpointForm(initial={"events": endpoint.events})
    groups = {each["name"]: each for each in form.groups()}
    ticked = {name for name, group in groups.items() if group["on"]}
    for group in groups.values():
        ticked |= {line["name"] for line in group["lines"] if line["on"]}
    assert ticked == set(endpoint.events)
    again, _form = saved(sorted(ticked))
    assert sorted(again.events) == sorted(endpoint.events)
    open_ones = {name for name, group in groups.items() if group["some"]}
    assert open_ones == {f"{name.split('.')[0]}.*" for name in endpoint.events}


@given(st.text(min_size=1, max_size=30))
def test_no_event_is_chosen_that_is_not_offered(name):
    form = EndpointForm({"url": "https://93.184.215.14/", "events": [name]})
    assert form.is_valid() == (name in GROUPS or name in EVENTS)


def test_every_group_and_event_is_offered_once():
    form = EndpointForm()
    lines = [line["name"] for group in form.groups() for line in group["lines"]]
    assert sorted(lines) == sorted(EVENTS)
    assert len({each["name"] for each in form.groups()}) == len(CATALOGUE)
