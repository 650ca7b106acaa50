"""Who may change an organization's plan, for those who may not."""

from collections.abc import Collection
from typing import Any, Final

from django.db.models import Q
from django.urls import NoReverseMatch, reverse
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from organizations.models import Membership
from organizations.permissions import roles_with

ABILITY: Final = "billing.edit"
# More names help nobody.
SHOWN: Final = 3


def billing_page(abilities: Collection[str]) -> str:
    """Return where somebody with these abilities changes the plan; nothing for others.

    Billing stands above this room, which knows its page by name only.
    """
    if ABILITY not in abilities:
        return ""
    try:
        return reverse("billing:overview")
    except NoReverseMatch:
        return ""


def payers() -> list[Any]:
    """Return the people of the active organization who may change its plan."""
    by_role = Q(custom_role=None, role__in=roles_with(ABILITY))
    by_own_role = Q(custom_role__abilities__contains=ABILITY)
    rows = Membership.objects.filter(by_role | by_own_role, suspended_at=None)
    found = rows.select_related("user").order_by("created_at", "pk")
    return [member.user for member in found if member.user.may_sign_in]


def who_can(abilities: Collection[str], *, pay: bool = False) -> str:
    """Return who may change the plan, in a sentence for somebody with these abilities.

    `pay` says it of a bill instead.
    """
    if ABILITY in abilities:
        return _("You can pay it.") if pay else _("You can change the plan.")
    found = [str(person) for person in payers()[:SHOWN]]
    if not found:
        return ""
    words = _("%(names)s can pay it.") if pay else _("%(names)s can change the plan.")
    return words % {"names": get_text_list(found, _("or"))}
