"""One route of each kind, and every route of the map with a sample address."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from django.urls import URLPattern, URLResolver, get_resolver

PAGE = "/accounts/login/"
STATIC = "/static/css/tokens.css"
KINDS = {
    "form": PAGE,
    "product": "/tasks/",
    "console": "/admin/",
    "health": "/healthz",
    "readiness": "/readyz",
    "static": STATIC,
    "missing": "/no/such/page/",
}
SAMPLE = "01a1fb63-c118-76a7-8279-952e6f9b68a8"


class Route(NamedTuple):
    """A line of the map."""

    pattern: str
    name: str
    view: object

    @property
    def address(self) -> str:
        """An address that leads here."""
        sample = re.sub(r"<int:[^>]+>", "1", self.pattern)
        sample = re.sub(r"<[^>]+>", SAMPLE, sample)
        return "/" + re.sub(r"\^?\(\?P.*", "auth/", sample)


def every_route(
    patterns: list | None = None, prefix: str = "", space: str = ""
) -> Iterator[Route]:
    """Walk the resolver, so that a new route is never forgotten."""
    known = get_resolver().url_patterns if patterns is None else patterns
    for entry in known:
        pattern = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from every_route(entry.url_patterns, pattern, inner)
        elif isinstance(entry, URLPattern):
            name = f"{space}{entry.name}" if entry.name else ""
            yield Route(pattern, name, entry.callback)
