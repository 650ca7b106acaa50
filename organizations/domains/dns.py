"""Asking the domain name system; another resolver can be put in its place."""

from collections.abc import Callable
from typing import Any, Final

import dns.exception
import dns.resolver
from django.conf import settings
from django.utils.module_loading import import_string

SECONDS: Final = 3.0


class NoAnswer(Exception):
    """The domain name system could not be asked, or knows no such domain."""


def lookup_txt(domain: str) -> list[str]:
    """Return the texts that a domain says of itself; NoAnswer when it says none."""
    try:
        answer = dns.resolver.resolve(domain, "TXT", lifetime=SECONDS)
    except (dns.exception.DNSException, ValueError) as error:
        raise NoAnswer(domain) from error
    return [b"".join(record.strings).decode(errors="replace") for record in answer]


def texts_of(domain: str) -> list[str]:
    """Return a domain's texts by the resolver of the settings."""
    resolver: Callable[[str], Any] = import_string(settings.DNS_RESOLVER)
    return [str(text).strip() for text in resolver(domain)]
