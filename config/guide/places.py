"""The pages that somebody may open from anywhere: their names, and no rights.

A page's right is what its view declares, so a page is listed for whoever it opens for.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any, Final, NamedTuple

from django.urls import resolve, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.doors import takes_newcomers
from config.guide.searching import words_of
from config.routes import owner_of
from config.templatetags.frame import shows_console
from organizations.permissions import ABILITIES

PUBLIC, SIGNED_IN = "public", "signed in"
Pages = tuple[tuple[str, Promise], ...]
WORK: Final[Pages] = (
    ("tasks:task_list", _("Tasks")),
    ("tasks:task_board", _("Board")),
    ("tasks:my_tasks", _("My tasks")),
    ("notifications:inbox", _("Inbox")),
    ("tasks:task_create", _("New task")),
    ("changesets:task_several", _("Add several tasks")),
    ("labels:label_list", _("Labels")),
    ("changesets:change_list", _("Recent changes")),
    ("changesets:trash", _("Trash")),
    ("imports:import_list", _("Import tasks")),
    ("exports:task_export", _("Export tasks")),
    ("gallery:image_list", _("Gallery")),
)
ORGANIZATION: Final[Pages] = (
    ("members:member_list", _("Members")),
    ("teams:team_list", _("Teams")),
    ("invitations:invitation_list", _("Invitations")),
    ("invitations:invitation_create", _("Invite people")),
    ("domains:request_list", _("Requests to join")),
    ("domains:domain_list", _("Domains")),
    ("roles:role_list", _("Roles")),
    ("members:ownership", _("Ownership")),
    ("billing:overview", _("Billing")),
    ("billing:invoice_list", _("Invoices")),
    ("limits:limits", _("Limits")),
    ("api:key_list", _("API keys")),
    ("webhooks:endpoint_list", _("Webhooks")),
    ("events:event_list", _("Events")),
    ("audit:entry_list", _("Audit log")),
    ("organizations:organization_settings", _("Settings")),
    ("support:access", _("Support access")),
    ("archives:export_list", _("Export the organization")),
    ("notifications:preferences", _("Notifications")),
)
ACCOUNT: Final[Pages] = (
    ("accounts:profile", _("Profile")),
    ("account_email", _("E-mail")),
    ("account_change_password", _("Password")),
    ("mfa_index", _("Security")),
    ("usersessions_list", _("Signed-in devices")),
    ("accounts:keyboard", _("Keyboard")),
    ("personal:data", _("Your data")),
    ("organizations:organization_list", _("All my organizations")),
    ("organizations:organization_create", _("New organization")),
)
STRANGERS: Final[Pages] = (
    ("organizations:landing", _("About Insula")),
    ("account_login", _("Sign in")),
)
OPEN: Final[Pages] = (
    ("guide:contents", _("Docs")),
    ("billing:plan_list", _("Pricing")),
    ("reference:api_reference", _("API reference")),
)


class Place(NamedTuple):
    """One page: what it is called, and where it is."""

    title: str
    url: str


class Group(NamedTuple):
    """Pages under one title."""

    title: Promise | str
    places: list[Place]


def groups(request: Any) -> Iterator[Group]:
    """Yield the pages that somebody may open, by what they are about."""
    person = request.user
    if person.is_authenticated:
        if request.organization:
            yield Group(_("Work"), listed(WORK, request))
            yield Group(str(request.organization), listed(ORGANIZATION, request))
        yield Group(_("Your account"), [*listed(ACCOUNT, request), *console(person)])
        yield Group("Insula", listed(OPEN, request))
    else:
        entrance = [*listed(STRANGERS, request), *newcomers(request)]
        yield Group("Insula", [*entrance, *listed(OPEN, request)])


def listed(pages: Pages, request: Any) -> list[Place]:
    return [
        Place(str(title), reverse(name))
        for name, title in pages
        if opens(access_of(name), request)
    ]


@cache
def access_of(name: str) -> str:
    """Return what a page's view declares; sign-in pages are their person's own."""
    view = resolve(reverse(name)).func
    declared: str = getattr(view, "access", "")
    if not declared and name == "account_login":
        return PUBLIC
    return declared or (SIGNED_IN if owner_of(name) else "")


def opens(access: str, request: Any) -> bool:
    """Whether a page that declares this opens for somebody; unknown words open none."""
    if access in ABILITIES:
        return access in request.abilities
    return access == PUBLIC or (access == SIGNED_IN and request.user.is_authenticated)


def console(person: Any) -> list[Place]:
    """Return the way to the console that staff have in their menu."""
    if not shows_console(person.is_staff):
        return []
    return [Place(str(_("Operator console")), reverse("admin:index"))]


def newcomers(request: Any) -> list[Place]:
    if not takes_newcomers(request):
        return []
    return [Place(str(_("Create an account")), reverse("account_signup"))]


def matching(found: Group, words: list[str]) -> Group:
    """Return a group with the pages whose titles hold the beginning of every word."""
    left = [one for one in found.places if names(one.title, words)]
    return Group(found.title, left)


def names(title: str, words: list[str]) -> bool:
    known = words_of(title)
    return all(any(one.startswith(word) for one in known) for word in words)
