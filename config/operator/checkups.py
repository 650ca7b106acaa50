"""The console's pages about the installation itself: the doctor, and the proof."""

from datetime import timedelta
from typing import Any, Final

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from config.doctor import APART, CHECKS, examine
from config.doctor.codes import CODES
from config.doctor.finding import Finding
from config.proofs import BROKEN, PROVEN, checks
from organizations.audit.models import PlatformEntry
from organizations.tenancy import identity
from organizations.tenancy.policies import walls

MACHINE_RIGHT: Final = "procrastinate.view_procrastinatejob"
TRUST_RIGHT: Final = "audit.view_platformentry"
KEPT: Final = "console:doctor"
KEPT_SECONDS: Final = 24 * 3600
# Looking again so soon would find the same.
PAUSE: Final = timedelta(minutes=1)
SHOWN: Final = 20

CLAIMS: Final = (
    gettext_lazy(
        "Row security is switched on and forced for each table that holds an"
        " organization's rows, so not even the tables' owner reads past it."
    ),
    gettext_lazy(
        "Each policy is letter for letter the one that the code asks for, and there"
        " is no further one."
    ),
    gettext_lazy(
        "The role that serves pages is no superuser, is a member of no other role, and"
        " has exactly the rights that it needs."
    ),
    gettext_lazy(
        "No key points from one organization's row to another's: the organization is a"
        " part of every key."
    ),
    gettext_lazy(
        "No view, function or trigger opens a way round: the few that look across"
        " organizations are named, and what they say is known."
    ),
)


def doctor(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """Show what the doctor found last; by POST, look again."""
    require(request, MACHINE_RIGHT)
    # The cache is the product's own, and not the operator's.
    with identity():
        kept = cache.get(KEPT)
    if request.method == "POST":
        look_again(request, kept)
        return HttpResponseRedirect(reverse("admin:doctor"))
    counted = {"checks": len(APART) + len(CHECKS)}
    found = told(kept["findings"]) if kept else []
    told_last = {"kept": kept, "findings": found}
    context = page(site, request, _("Doctor")) | told_last | counted
    return TemplateResponse(request, "admin/doctor.html", context)


def told(kept: list[dict[str, str]]) -> list[Finding]:
    """Return findings as this reader's language tells how to mend them.

    A code that this version no longer knows says nothing.
    """
    known = (each for each in kept if each["code"] in CODES)
    return [Finding(each["code"], each["what"]) for each in known]


def look_again(request: HttpRequest, kept: dict[str, Any] | None) -> None:
    """Examine the installation, unless that was done a moment ago."""
    now = timezone.now()
    if kept and now - kept["at"] < PAUSE:
        messages.info(request, _("That was a moment ago. Look again in a minute."))
        return
    found = [finding.as_dict() for finding in examine()]
    with identity():
        cache.set(KEPT, {"at": now, "findings": found}, KEPT_SECONDS)


def isolation(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """Show the last results of the proof, and what they prove."""
    require(request, TRUST_RIGHT)
    rows = PlatformEntry.objects.filter(action__in=[PROVEN, BROKEN])
    context = page(site, request, _("Isolation proof")) | {
        "results": list(rows.order_by("-created_at", "-id")[:SHOWN]),
        "claims": CLAIMS,
        "proven": PROVEN,
        "tables": len(walls()),
        "checks": len(checks()),
    }
    return TemplateResponse(request, "admin/isolation.html", context)


def require(request: HttpRequest, right: str) -> None:
    """Refuse staff who may not look at the lists a page is about."""
    if not request.user.has_perm(right):  # type: ignore[union-attr]
        raise PermissionDenied


def page(site: AdminSite, request: HttpRequest, title: str) -> dict[str, Any]:
    request.current_app = site.name  # type: ignore[attr-defined]
    return site.each_context(request) | {"title": title}
