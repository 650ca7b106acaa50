"""The isolation proof's results, kept in the platform's log."""

from collections.abc import Sequence
from typing import Final

from django.db import connections, transaction

from organizations.audit.models import PlatformEntry
from organizations.audit.recording import record
from organizations.tenancy import identity, no_context, operator
from organizations.tenancy.policies import walls
from organizations.tenancy.proof import Finding, prove
from organizations.tenancy.proof.breaks import planned_breaks

PROVEN: Final = "isolation.proven"
BROKEN: Final = "isolation.broken"


def note(found: Sequence[Finding]) -> None:
    """Record what a proof has found: how much was looked at, or the codes of holes."""
    codes = sorted({finding.code for finding in found if not finding.is_warning})
    scope = {"tables": len(walls()), "checks": len(checks())}
    with no_context(), identity(), transaction.atomic():
        if codes:
            record(BROKEN, after={"codes": codes} | scope)
        else:
            record(PROVEN, after=scope)


def checks() -> set[str]:
    """Return the codes of all that the proof looks at."""
    return {planned.code for planned in planned_breaks()}


def prove_and_note() -> None:
    """Make the proof and record it, where the owner who reads the catalog is at hand."""
    if "owner" not in connections:
        return
    with no_context(), transaction.atomic(using="owner"):
        found = prove(connections["owner"].cursor())
    note(found)


def newest(*actions: str) -> PlatformEntry | None:
    """Return the newest entry of these actions, as staff see the log."""
    with operator(None, "doctor"):
        rows = PlatformEntry.objects.filter(action__in=actions)
        return rows.order_by("-created_at", "-id").first()
