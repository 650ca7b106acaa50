"""Which addresses are sent to: public ones, and those that the operator allows.

A name is resolved here, each address is checked, and the connection goes to a checked
one: a name that answers otherwise a moment later changes nothing.
"""

import asyncio
import socket
from collections.abc import Callable, Coroutine
from functools import lru_cache
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from typing import Any, Final

import dns.asyncresolver
import dns.exception
from aiohttp.abc import AbstractResolver, ResolveResult
from django.conf import settings
from django.utils.module_loading import import_string
from yarl import URL

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
SECONDS: Final = 5.0
MOST: Final = 16
# What the standard library calls global and is not, or leads somewhere else: addresses
# that hold another one, and a provider's own at a public number.
CLOSED: Final[tuple[Network, ...]] = tuple(
    ip_network(each)
    for each in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "168.63.129.16/32",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/3",
        "::/16",
        "64:ff9b::/96",
        "64:ff9b:1::/48",
        "100::/16",
        "2001::/23",
        "2001:db8::/32",
        "2002::/16",
        "3fff::/20",
        "4000::/2",
        "8000::/1",
    )
)


class Refused(OSError):
    """An address is private, or not one of the public internet."""


class PlainHttp(Refused):
    """An address asks for no encryption, and is not one where that is allowed."""


class NotAnAddress(Refused):
    """A text is no address of HTTP, or one that holds a password."""


class Unfindable(OSError):
    """A name has no address, or nobody says which."""


@lru_cache(maxsize=8)
def allowed(entries: tuple[str, ...]) -> tuple[frozenset[str], tuple[Network, ...]]:
    """Return the names and the networks of the operator's list."""
    networks, found = [], set()
    for entry in entries:
        try:
            networks.append(ip_network(entry))
        except ValueError:
            found.add(entry.lower())
    return frozenset(found), tuple(networks)


def names_allowed() -> frozenset[str]:
    return allowed(tuple(settings.WEBHOOK_ALLOWED_NETWORKS))[0]


def is_allowed(address: Address) -> bool:
    """Whether the operator's list has an address; one in disguise is what it hides."""
    mapped = getattr(address, "ipv4_mapped", None)
    _names, networks = allowed(tuple(settings.WEBHOOK_ALLOWED_NETWORKS))
    return any((mapped or address) in network for network in networks)


def is_public(address: Address) -> bool:
    """Whether an address is somebody's on the public internet."""
    if address.is_multicast or address.is_reserved or not address.is_global:
        return False
    return not any(address in network for network in CLOSED)


def may_reach(text: str, host: str = "") -> bool:
    """Whether an address may be called, for a host or by itself."""
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return False
    return host in names_allowed() or is_allowed(address) or is_public(address)


async def lookup(host: str) -> list[str]:
    """Return a name's addresses as the domain name system tells them."""
    answers = await asyncio.gather(
        *(
            dns.asyncresolver.resolve(host, kind, lifetime=SECONDS)
            for kind in ("A", "AAAA")
        ),
        return_exceptions=True,
    )
    found = []
    for answer in answers:
        if isinstance(answer, BaseException):
            if not isinstance(answer, dns.exception.DNSException | OSError):
                raise answer
        else:
            found += [str(record.address) for record in answer]
    return found


async def ask_system(host: str) -> list[str]:
    """Return a name's addresses as this machine knows them, its own list included."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(each[4][0]) for each in found))


async def places_of(url: str) -> list[str]:
    """Return the addresses where a URL may be called; Refused or Unfindable when it
    may not.

    One address that must not be called is enough to refuse them all.
    """
    parts = parsed(url)
    host = (parts.host or "").rstrip(".").lower()
    found = await found_for(host)
    if not found:
        raise Unfindable(f"{host} cannot be found")
    if not all(may_reach(each, host) for each in found):
        raise Refused(f"{host} is not a public address")
    if parts.scheme == "http" and not settings.WEBHOOK_PLAIN_HTTP:
        ours = host in names_allowed() or all(is_allowed(ip_address(e)) for e in found)
        if not ours:
            raise PlainHttp("only https is sent to")
    return found[:MOST]


def parsed(url: str) -> URL:
    """Return an address in its parts, read as the caller will read it."""
    try:
        parts = URL(url)
        is_fine = parts.scheme in {"https", "http"} and parts.host and parts.port
    except ValueError as error:
        raise NotAnAddress("not an address") from error
    if not is_fine or parts.user or parts.password:
        raise NotAnAddress("not an address")
    return parts


async def found_for(host: str) -> list[str]:
    try:
        return [str(ip_address(host))]
    except ValueError:
        pass
    if host == "localhost" or host.endswith(".localhost"):
        return ["127.0.0.1"]
    ask: Callable[[str], Coroutine[Any, Any, list[str]]]
    if host in names_allowed():
        ask = ask_system
    else:
        ask = import_string(settings.WEBHOOK_RESOLVER)
    try:
        return await ask(host)
    except (OSError, ValueError, dns.exception.DNSException) as error:
        raise Unfindable(f"{host} cannot be found") from error


class Pinned(AbstractResolver):
    """Knows only the addresses that were checked for one call."""

    def __init__(self, places: list[str]) -> None:
        self.places = places

    async def resolve(
        self, host: str, port: int = 0, family: Any = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        return [
            ResolveResult(
                hostname=host,
                host=each,
                port=port,
                family=socket.AF_INET6 if ":" in each else socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
            )
            for each in self.places
        ]

    def open(self, info: Any) -> socket.socket:
        """Make the socket of a connection: the last gate, whoever chose the address."""
        family, kind, proto, _name, place = info
        if str(place[0]) not in self.places:
            raise Refused(f"{place[0]} was not checked")
        return socket.socket(family=family, type=kind, proto=proto)

    async def close(self) -> None:
        """Nothing is held."""
