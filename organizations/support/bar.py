"""The bar over every page that somebody sees in another person's place."""

import re
from collections.abc import Callable
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation

# Where pages of the app have their bars; all others get it at the top.
PLACES: Final = (re.compile(rb'<div class="app-bars">'), re.compile(rb"<body[^>]*>"))


class BarMiddleware:
    """Puts the bar into whole pages, those of errors too: no template can leave it out."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        response: Any = self.get_response(request)
        stay = getattr(request, "impersonation", None)
        if stay is not None and not request.over and takes_bar(response):
            # The person's language, which is left behind out here.
            with translation.override(request.LANGUAGE_CODE):
                put(response, drawn(request))
        return response


def takes_bar(response: Any) -> bool:
    kind = response.headers.get("Content-Type", "")
    return not response.streaming and kind.startswith("text/html")


def put(response: Any, bar: str) -> None:
    """Put the bar into a page; a part of one has no place for it."""
    for place in PLACES:
        found = place.search(response.content)
        if found:
            before, after = found.end(), response.content
            response.content = after[:before] + bar.encode() + after[before:]
            if response.has_header("Content-Length"):
                response["Content-Length"] = str(len(response.content))
            return


def drawn(request: Any) -> str:
    context = {
        "impersonation": request.impersonation,
        "organization": getattr(request, "organization", None),
        "may_change": getattr(request, "may_change", False),
        "person": request.user,
    }
    return render_to_string("support/bar.html", context, request=request)
