"""Which addresses are sent to, and which never."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import pytest
from asgiref.sync import async_to_sync
from hypothesis import given
from hypothesis import strategies as st

from config.env import WrongSetting, receivers
from organizations.webhooks.addresses import (
    NotAnAddress,
    Pinned,
    PlainHttp,
    Refused,
    Unfindable,
    is_public,
    lookup,
    may_reach,
    parsed,
    places_of,
)
from tests.webhooks.conftest import NAMES

PRIVATE = [
    "0.0.0.0",
    "10.1.2.3",
    "100.64.0.1",
    "100.100.100.200",
    "127.0.0.1",
    "127.255.255.254",
    "168.63.129.16",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.192",
    "192.168.0.1",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::ffff:127.0.0.1",
    "::ffff:93.184.215.14",
    "::7f00:1",
    "64:ff9b::7f00:1",
    "64:ff9b::5db8:d70e",
    "64:ff9b:1::a00:1",
    "100::1",
    "2001::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "2001:db8::1",
    "2002:7f00:1::",
    "2002:a00:1::1",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "not an address",
    "",
]
PUBLIC = ["93.184.215.14", "8.8.8.8", "2606:4700:4700::1111", "2a00:1450:4001::1"]


@pytest.fixture(autouse=True)
def _nothing_is_allowed(settings):
    settings.WEBHOOK_ALLOWED_NETWORKS = []


def places(url):
    return async_to_sync(places_of)(url)


@pytest.mark.parametrize("address", PRIVATE)
def test_what_is_not_of_the_public_internet_is_not_reached(address):
    assert not may_reach(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_what_is_public_is_reached(address):
    assert may_reach(address)


@given(
    st.ip_addresses(v=4, network="10.0.0.0/8")
    | st.ip_addresses(v=4, network="192.168.0.0/16")
)
def test_no_disguise_makes_a_private_address_public(address):
    number = int(address)
    for prefix in (0, 0xFFFF << 32, 0x64FF9B << 96, 0x2002 << 112):
        shift = number << 80 if prefix == 0x2002 << 112 else number
        assert not is_public(IPv6Address(prefix | shift))


@given(st.ip_addresses())
def test_nothing_is_public_that_the_library_calls_otherwise(address):
    if is_public(address):
        assert address.is_global
        assert not address.is_private


@given(st.text())
def test_whatever_is_typed_is_an_address_or_refused(text):
    try:
        parts = parsed(text)
    except NotAnAddress:
        return
    assert parts.scheme in ("http", "https")
    assert parts.host


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/",
        "https://①②⑦.⓪.⓪.①/",
        "https://127.1/",
        "https://0x7f.1/",
        "https://2130706433/",
        "https://017700000001/",
        "https://[::ffff:7f00:1]/",
        "https://localhost/",
        "https://LOCALHOST./",
        "https://any.localhost/",
    ],
)
def test_no_way_of_writing_it_leads_to_this_machine(url):
    with pytest.raises((Refused, Unfindable)):
        places(url)


def test_a_name_with_one_private_address_is_refused_whole():
    NAMES["two.example.com"] = ["93.184.215.14", "127.0.0.1"]
    with pytest.raises(Refused):
        places("https://two.example.com/")


def test_a_name_nobody_knows_cannot_be_found():
    with pytest.raises(Unfindable):
        places("https://nowhere.example.com/")


def test_a_name_leads_to_all_its_addresses():
    NAMES["wide.example.com"] = PUBLIC
    assert places("https://wide.example.com:8443/in?x=1") == PUBLIC


@pytest.mark.parametrize(
    ("entries", "url", "fine"),
    [
        (["10.2.0.0/16"], "https://10.2.3.4/", True),
        (["10.2.0.0/16"], "http://10.2.3.4/", True),
        (["10.2.0.0/16"], "https://[::ffff:10.2.3.4]/", True),
        (["10.2.0.0/16"], "https://10.3.0.1/", False),
        (["10.2.0.0/16"], "http://93.184.215.14/", False),
        (["fd00::/8"], "https://[fd00::5]/", True),
        (["localhost"], "http://localhost:9000/", True),
        (["other.internal"], "http://localhost:9000/", False),
    ],
)
def test_the_operators_list_opens_what_it_names(entries, url, fine, settings):
    settings.WEBHOOK_ALLOWED_NETWORKS = entries
    if fine:
        assert places(url)
    else:
        with pytest.raises(Refused):
            places(url)


def test_plain_http_is_sent_to_only_where_it_is_allowed(settings):
    with pytest.raises(PlainHttp):
        places("http://93.184.215.14/")
    settings.WEBHOOK_PLAIN_HTTP = True
    assert places("http://93.184.215.14/") == ["93.184.215.14"]


def test_a_socket_leads_only_to_what_was_checked():
    import socket

    gate = Pinned(["93.184.215.14"])
    info = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.0.0.1", 443))
    with pytest.raises(Refused):
        gate.open(info)
    gate.open((*info[:4], ("93.184.215.14", 443))).close()


def test_a_resolver_that_breaks_means_it_cannot_be_found(settings):
    settings.WEBHOOK_RESOLVER = "tests.webhooks.test_addresses.broken"
    with pytest.raises(Unfindable):
        places("https://hooks.example.com/")


async def broken(host):
    raise OSError("no network")


def test_names_that_no_system_could_know_have_no_addresses():
    """The real resolver, with what it refuses before it asks anybody."""
    assert async_to_sync(lookup)("a" * 300 + ".example") == []


def test_the_list_is_read_from_the_environment(monkeypatch):
    monkeypatch.setenv("HOOKS", "10.0.0.0/8, fd00::/8 ,Hooks.Internal")
    assert receivers("HOOKS") == ["10.0.0.0/8", "fd00::/8", "hooks.internal"]


@pytest.mark.parametrize("text", ["10.0.0.0/40", "10.0.0.300", "fd00::/8/9", "10.1/8"])
def test_a_list_that_makes_no_sense_ends_the_start(text, monkeypatch):
    monkeypatch.setenv("HOOKS", text)
    with pytest.raises(WrongSetting, match="HOOKS must list networks"):
        receivers("HOOKS")


def test_every_network_that_is_closed_is_one():
    from organizations.webhooks.addresses import CLOSED

    assert all(network == ip_network(str(network)) for network in CLOSED)
    assert isinstance(ip_address("10.0.0.1"), IPv4Address)
