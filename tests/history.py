"""What an organization's history holds, for tests that assert it."""

from organizations.audit.models import AuditEntry
from organizations.models import Organization
from organizations.tenancy import no_context, tenant


def entries(organization: Organization, action: str = "") -> list[AuditEntry]:
    """Return an organization's entries, the newest first."""
    with no_context(), tenant(organization):
        rows = AuditEntry.objects.order_by("-created_at", "-pk")
        return list(rows.filter(action=action) if action else rows)
