"""The console's navigation: what there is, in the order staff look for it."""

from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from config.operator.checkups import MACHINE_RIGHT, TRUST_RIGHT

# Title, and each model's label with its icon.
SECTIONS = (
    (
        _("Customers"),
        (
            ("organizations.organization", "building-2"),
            ("accounts.user", "users"),
            ("notes.staffnote", "pencil"),
            ("organizations.membership", "user-plus"),
            ("organizations.customrole", "list-checks"),
            ("teams.team", "users"),
            ("invitations.invitation", "mail"),
            ("domains.organizationdomain", "globe"),
            ("tasks.task", "list-todo"),
            ("labels.label", "tag"),
            ("gallery.image", "image"),
            ("comments.comment", "message-square"),
            ("attachments.attachment", "paperclip"),
            ("limits.usage", "archive"),
            ("api.apikey", "key-round"),
            ("changesets.changeset", "history"),
            ("imports.import", "upload"),
            ("archives.export", "download"),
            ("archives.arrival", "rotate-ccw"),
        ),
    ),
    (
        _("Product"),
        (
            ("flags.featureflag", "flag"),
            ("flags.organizationfeatureflag", "toggle-right"),
            ("banners.banner", "megaphone"),
            ("onboarding.welcomestep", "list-checks"),
        ),
    ),
    (
        _("Money"),
        (
            ("billing.subscription", "credit-card"),
            ("billing.invoice", "scroll-text"),
            ("billing.plan", "zap"),
            ("intake.stripeevent", "webhook"),
        ),
    ),
    (
        _("Trust"),
        (
            ("audit.auditentry", "scroll-text"),
            ("audit.platformentry", "scroll-text"),
            ("impersonation.impersonation", "eye"),
            ("support.supportgrant", "pencil"),
            ("usersessions.usersession", "laptop"),
            ("mfa.authenticator", "fingerprint"),
            ("account.emailaddress", "at-sign"),
            ("accounts.externalidentity", "link"),
            ("organizations.externalorganization", "external-link"),
            ("auth.group", "key-round"),
        ),
    ),
    (
        _("Machine"),
        (
            ("procrastinate.procrastinatejob", "activity"),
            ("webhooks.endpoint", "webhook"),
            ("webhooks.delivery", "send"),
            ("events.productevent", "eye"),
        ),
    ),
)

# Pages that are no list: where they stand, their name, title, icon and the right.
PAGES = (
    (_("Trust"), "isolation", _("Isolation proof"), "shield-check", TRUST_RIGHT),
    (_("Machine"), "doctor", _("Doctor"), "wrench", MACHINE_RIGHT),
)


def sections(site: AdminSite, request: HttpRequest) -> list[dict[str, Any]]:
    """Return the sections with the links the member of staff may follow."""
    known = {model._meta.label_lower: model for model in site._registry}
    found = []
    for title, entries in SECTIONS:
        links = [
            link(site, request, known[label], icon)
            for label, icon in entries
            if site._registry[known[label]].has_view_permission(request)
        ]
        links += pages(site, request, title)
        if links:
            found.append({"title": title, "links": links})
    return found


def pages(site: AdminSite, request: HttpRequest, section: Any) -> list[dict[str, Any]]:
    """Return the further pages of a section."""
    return [
        entry(request, reverse(f"{site.name}:{name}"), icon, label)
        for title, name, label, icon, right in PAGES
        if title == section and request.user.has_perm(right)  # type: ignore[union-attr]
    ]


def link(
    site: AdminSite, request: HttpRequest, model: Any, icon: str
) -> dict[str, Any]:
    options = model._meta
    url = reverse(f"{site.name}:{options.app_label}_{options.model_name}_changelist")
    shown: Any = site._registry[model]
    return entry(request, url, icon, shown.title())


def entry(request: HttpRequest, url: str, icon: str, label: Any) -> dict[str, Any]:
    here = request.path.startswith(url)
    return {"url": url, "icon": icon, "label": label, "here": here}
