"""Whether an organization's audit log is as it was written, told to staff."""

from typing import Final

from django.contrib import admin, messages
from django.db.models import Max, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from organizations.audit.checking import verify
from organizations.audit.models import AuditEntry
from organizations.models import Organization
from organizations.tenancy import tenant

# What a request has the time for; the command has no such end.
MOST: Final = 100_000


def tell(console: admin.ModelAdmin, request: HttpRequest, rows: QuerySet) -> None:
    """Verify the log of each chosen organization and say what was found."""
    for organization in rows:
        with tenant(organization):
            level, text = verdict(organization)
        console.message_user(request, text, level)


def verdict(organization: Organization) -> tuple[int, str]:
    """Return what is to be said of the log of the active organization."""
    last = AuditEntry.objects.aggregate(last=Max("sequence"))["last"] or 0
    words = {"name": organization, "last": last}
    if last > MOST:
        text = _(
            "%(name)s has %(last)d entries: verify them by manage.py audit_verify."
        )
        return messages.WARNING, text % words
    found = verify(organization.pk)
    if found.problem is None:
        text = _("%(name)s: %(last)d entries, each as it was written. Head %(head)s.")
        return messages.SUCCESS, text % (words | {"head": found.head or "–"})
    text = _("%(name)s: entry %(place)d is %(kind)s: %(text)s.")
    problem = found.problem
    bad = {"place": problem.sequence, "kind": problem.kind, "text": problem.text}
    return messages.ERROR, text % (words | bad)
