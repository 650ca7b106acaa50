"""The frame round a page: drawn once for everybody, filled in for each.

Only a few names differ from person to person. The templates of the frame are drawn
once per language, section and rights with slots where those go, and the slots are
filled on every request, so no tenant's data is kept.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.template.context import Context
from django.template.loader import get_template
from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

from accounts.banners.models import Placement
from accounts.banners.showing import drawn
from config.templatetags.design import avatar, drawing
from organizations.limits.payers import billing_page
from organizations.limits.refusals import BadStanding
from organizations.models import Organization, Standing
from organizations.onboarding.journey import concerns
from organizations.onboarding.kinds import kinds

register = template.Library()

SLOT: Final = re.compile(r"<!--slot (\w+)-->")
# Once is enough to take it out: no page needs the templates' own indentation.
INDENTATION: Final = re.compile(r"\n\s+")
# The link of the frame that leads to a room; what is not named has none.
SECTIONS: Final = {
    "tasks": "tasks",
    "attachments": "tasks",
    "changesets": "tasks",
    "comments": "tasks",
    "exports": "tasks",
    "imports": "tasks",
    "labels": "tasks",
    "gallery": "gallery",
    "members": "members",
    "domains": "members",
    "invitations": "members",
    "roles": "members",
    "teams": "members",
    "audit": "audit",
    "api": "developers",
    "events": "developers",
    "webhooks": "developers",
    "notifications": "inbox",
    "billing": "billing",
    "archives": "settings",
    "limits": "settings",
    "security": "settings",
    "support": "settings",
    "organizations:organization_delete": "settings",
    "organizations:organization_settings": "settings",
    "organizations:organization_settings_preferences": "settings",
    "organizations:organization_settings_joining": "settings",
    "organizations:organization_settings_metadata": "settings",
    "tasks:task_board": "board",
    "tasks:my_tasks": "mine",
}


def places(request: Any) -> SafeString:
    """The rows of the organization switcher: each a button of its one form."""
    rows = [place(request, membership) for membership in request.memberships]
    return SafeString("".join(rows))


def place(request: Any, membership: Any) -> SafeString:
    """One row of the switcher."""
    organization = membership.organization
    state = "open"
    if organization == request.organization:
        state = "current"
    elif membership.suspended_at or not organization.is_active:
        state = "suspended"
    return button(
        organization.pk,
        organization.name,
        str(vars(organization).get("logo") or ""),
        str(membership.role_name),
        state,
        get_language(),
    )


@lru_cache(maxsize=4096)
def button(
    pk: UUID, name: str, logo: str, role: str, state: str, language: str | None
) -> SafeString:
    """A row of the switcher by what it shows, so that nothing else can be in it."""
    organization = Organization(pk=pk, name=name, logo=logo)
    note: Any = role
    attrs = format_html('type="submit" name="organization" value="{}"', pk)
    if state == "current":
        attrs = mark_safe('type="button" aria-current="true"')
        note = drawing("check", "sm")
    elif state == "suspended":
        attrs = mark_safe('type="button" disabled')
        note = gettext("Suspended")
    return format_html(
        '<button {}>{}<span class="truncate">{}</span><span class="sub">{}</span></button>',
        attrs,
        avatar(organization, "square xs"),
        organization.name,
        note,
    )


def standing(request: Any) -> str:
    """The strip over a page of an organization whose bills are unpaid."""
    organization = request.organization
    if organization is None or organization.standing == Standing.GOOD:
        return ""
    refusal = BadStanding(organization.standing)
    billing = billing_page(request.abilities)
    context = {"organization": organization, "refusal": refusal, "billing": billing}
    return get_template("limits/strip.html").render(context)


def unread(request: Any) -> str:
    """How much is new in the inbox; nothing where nothing is.

    A session that has not named its organization yet does not know: the page asks.
    """
    number = getattr(request, "unread", None)
    if number is None:
        return "<span data-unknown></span>"
    return counter(number, get_language()) if number else ""


@lru_cache(maxsize=256)
def counter(number: int, language: str | None) -> SafeString:
    drawn = get_template("notifications/counter.html").render({"number": number})
    return SafeString(drawn.strip())


def welcome(request: Any) -> str:
    """The way on with one's set-up, or to what was announced since it was finished.

    The person's row knows both; nearly always there is nothing.
    """
    user = request.user
    if not user.onboarding_completed:
        context = {
            "title": gettext("Go on with your set-up"),
            "url": reverse("onboarding:start"),
            "dismissable": True,
            "csrf_token": get_token(request),
        }
        return get_template("onboarding/offer.html").render(context)
    for key, kind, title in user.whats_new:
        if kind in kinds and concerns(request, kind, founds=False):
            named = {"title": title or kinds[kind].title}
            url = reverse("onboarding:step", args=[key])
            context = {"title": gettext("What is new: %(title)s") % named, "url": url}
            return get_template("onboarding/offer.html").render(context)
    return ""


FILLERS: Final[dict[str, Callable[[Any], Any]]] = {
    "csrf_token": lambda request: escape(get_token(request)),
    "app_banner": lambda request: drawn(request, Placement.APP),
    "landing_banner": lambda request: drawn(request, Placement.LANDING),
    "nonce": lambda request: escape(getattr(request, "csp_nonce", "")),
    "organization_id": lambda request: str(request.organization.pk),
    "organization_mark": lambda request: avatar(request.organization, "square"),
    "organization_name": lambda request: escape(request.organization.name),
    "person_mark": lambda request: avatar(request.user),
    "person_name": lambda request: escape(str(request.user)),
    "person_email": lambda request: escape(request.user.email),
    "places": places,
    "standing": standing,
    "unread": unread,
    "welcome": welcome,
}
SLOTS: Final = {name: SafeString(f"<!--slot {name}-->") for name in FILLERS}


@lru_cache(maxsize=1024)
def skeleton(
    name: str,
    language: str,
    section: str,
    abilities: frozenset[str],
    *,
    is_staff: bool,
    has_organization: bool,
) -> list[str]:
    """Draw a template of the frame: its pieces, every second one a slot's name."""
    drawn = get_template(name).render(
        {
            "abilities": abilities,
            "console": reverse("admin:index") if shows_console(is_staff) else "",
            "csrf_token": SLOTS["csrf_token"],
            "has_organization": has_organization,
            "section": section,
            "slots": SLOTS,
        }
    )
    return SLOT.split(INDENTATION.sub("\n", drawn))


def shows_console(is_staff: bool) -> bool:
    return is_staff and settings.HAS_CONSOLE


def section_of(request: HttpRequest) -> str:
    name = getattr(request.resolver_match, "view_name", None) or ""
    return SECTIONS.get(name) or SECTIONS.get(name.partition(":")[0], "")


@register.simple_tag(takes_context=True)
def frame(context: Context, name: str) -> SafeString:
    """Put a template of the frame here, filled for who asks."""
    request = context["request"]
    draw = skeleton.__wrapped__ if settings.DEBUG else skeleton
    drawn = draw(
        name,
        get_language() or "",
        section_of(request),
        frozenset(getattr(request, "abilities", ())),
        is_staff=getattr(getattr(request, "user", None), "is_staff", False),
        has_organization=bool(getattr(request, "organization", None)),
    )
    pieces = drawn.copy()
    if getattr(request, "is_drawn", False):
        pieces[1::2] = [SLOTS[slot] for slot in pieces[1::2]]
    else:
        kept: Any = context.render_context
        fill(pieces, request, kept.setdefault("frame", {}))
    return SafeString("".join(pieces))


def fill(pieces: list[str], request: Any, filled: dict[str, str]) -> None:
    """Put what is somebody's own into the slots; `filled` knows what was asked for."""
    for number in range(1, len(pieces), 2):
        slot = pieces[number]
        if slot not in filled:
            filled[slot] = str(FILLERS[slot](request))
        pieces[number] = filled[slot]
