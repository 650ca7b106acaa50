"""How code asks whether something is on."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import structlog
from django.http import Http404, HttpResponseBase

from organizations.flags import known
from organizations.flags.judging import judged

log = structlog.get_logger("insula.flags")


def is_enabled(key: str, organization: Any = None) -> bool:
    """Return whether a flag is on for an organization, else for the active one.

    It is right within a second of a change. An unknown key is off, and is logged.
    """
    found = known.flags()
    rules = found.rules.get(key)
    if rules is None:
        log.warning("flag.unknown", flag=key)
        return False
    who = known.asker(rules, organization)
    return bool(judged(rules, who, found.ranks).verdict)


def require_flag(key: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Answer a view only where a flag is on; elsewhere there is no such page.

    It stands below the declaration of who may call the view.
    """

    def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def checked(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not is_enabled(key, request.organization):
                raise Http404
            answer: HttpResponseBase = view(request, *args, **kwargs)
            return answer

        return checked

    return decorate
