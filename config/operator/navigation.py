"""The console's navigation: what there is, in the order staff look for it."""

from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

# Title, and each model's label with its icon.
SECTIONS = (
    (
        _("Customers"),
        (
            ("organizations.organization", "building-2"),
            ("accounts.user", "users"),
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
            ("changesets.changeset", "history"),
            ("imports.import", "upload"),
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
            ("audit.platformentry", "shield-check"),
            ("usersessions.usersession", "laptop"),
            ("mfa.authenticator", "fingerprint"),
            ("account.emailaddress", "at-sign"),
            ("accounts.externalidentity", "link"),
            ("organizations.externalorganization", "external-link"),
            ("auth.group", "key-round"),
        ),
    ),
    (_("Machine"), (("procrastinate.procrastinatejob", "activity"),)),
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
        if links:
            found.append({"title": title, "links": links})
    return found


def link(
    site: AdminSite, request: HttpRequest, model: Any, icon: str
) -> dict[str, Any]:
    options = model._meta
    url = reverse(f"{site.name}:{options.app_label}_{options.model_name}_changelist")
    shown: Any = site._registry[model]
    return {
        "url": url,
        "icon": icon,
        "label": shown.title(),
        "here": request.path.startswith(url),
    }
