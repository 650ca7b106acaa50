"""Hot pages, drawn once for everybody whose look is the same, and filled in for each.

`render(request, name, context, using="drawn")` draws a page as the other engine does,
from the same template. Its context tells two things apart: `parts`, the markup that is
somebody's own and takes the place of a slot, and the rest, which decides how the page
is drawn and must be few values.
"""

from collections.abc import Mapping
from functools import lru_cache
from types import SimpleNamespace
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest
from django.template import engines
from django.template.backends.base import BaseEngine
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from config.templatetags.design import theme_of
from config.templatetags.frame import INDENTATION, SLOT, SLOTS, fill


class Look(NamedTuple):
    """What a page shows of who asks, apart from what is theirs alone."""

    language: str | None
    view: str
    abilities: frozenset[str]
    is_staff: bool
    hotkeys: bool
    theme: str


class Anybody:
    """A request of nobody in particular: slots stand where somebody's own would."""

    def __init__(self, look: Look) -> None:
        self.COOKIES = {"theme": look.theme}
        self.abilities = look.abilities
        self.csp_nonce = SLOTS["nonce"]
        self.is_drawn = True
        self.organization = SimpleNamespace(
            pk=SLOTS["organization_id"], name=SLOTS["organization_name"]
        )
        self.resolver_match = SimpleNamespace(view_name=look.view)
        self.user = SimpleNamespace(is_staff=look.is_staff, hotkeys=look.hotkeys)


class Parts(dict[str, SafeString]):
    """A slot for every name."""

    def __missing__(self, name: str) -> SafeString:
        return SafeString(f"<!--slot {name}-->")  # a name of a template


class DrawnOnce(BaseEngine):
    """The engine of pages that are drawn once; it has no templates of its own."""

    def __init__(self, params: dict[str, Any]) -> None:
        params.pop("OPTIONS")
        super().__init__(params)

    def get_template(self, template_name: str) -> "Drawn":  # type: ignore[override]
        return Drawn(engines["django"].get_template(template_name), template_name)


class Drawn:
    """One page; with messages to show, or while it is worked on, it is drawn anew."""

    def __init__(self, template: Any, name: str) -> None:
        self.template, self.name = template, name

    def render(self, context: dict[str, Any], request: Any) -> str:
        if settings.DEBUG or len(get_messages(request)):
            drawn: str = self.template.render(context, request)
            return drawn
        known = dict(context)
        parts: Mapping[str, str] = known.pop("parts")
        # As a template would: only what says that it is markup is taken for it.
        filled = {name: str(conditional_escape(part)) for name, part in parts.items()}
        pieces = skeleton(self.name, look_of(request), frozenset(known.items())).copy()
        fill(pieces, request, filled)
        return SafeString("".join(pieces))  # a template's answer


def look_of(request: HttpRequest) -> Look:
    who: Any = request
    return Look(
        get_language(),
        who.resolver_match.view_name,
        frozenset(who.abilities),
        who.user.is_staff,
        who.user.hotkeys,
        theme_of(request),
    )


@lru_cache(maxsize=256)
def skeleton(name: str, look: Look, known: frozenset[tuple[str, Any]]) -> list[str]:
    """Draw a page: its pieces, every second one a slot's name."""
    context = {
        **dict(known),
        "request": Anybody(look),
        "csrf_token": SLOTS["csrf_token"],
        "parts": Parts(),
    }
    drawn = engines["django"].get_template(name).render(context)
    return SLOT.split(INDENTATION.sub("\n", drawn))
