"""What staff and late bills change of what an organization may have."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from billing.entitlement import entitle
from billing.models import Plan
from organizations.audit.recording import record, using
from organizations.limits.over import note_over
from organizations.models import Organization


def override_limits(
    *,
    organization: Organization,
    overrides: Mapping[str, int | None],
    by: Any,
    reason: str,
) -> bool:
    """Grant limits of its own to an organization; False when it has just these."""
    with transaction.atomic(using=using()):
        kept = locked(organization)
        before = kept.limit_overrides
        if before == overrides:
            return False
        kept.limit_overrides = dict(overrides)
        kept.save(update_fields=["limit_overrides"])
        entitle(kept, Plan.objects.get(code=kept.plan))
        note_over(kept)
        record(
            "organization.limits_overridden",
            kept,
            by=by,
            before={"limits": before},
            after={"limits": overrides, "reason": reason},
        )
    return True


def set_standing(
    *, organization: Organization, standing: str, reason: str, by: Any = None
) -> bool:
    """Change what its bills leave an organization; False when it is so already."""
    with transaction.atomic(using=using()):
        kept = locked(organization)
        before = kept.standing
        if before == standing:
            return False
        kept.standing = standing
        kept.save(update_fields=["standing"])
        record(
            "organization.standing_changed",
            kept,
            by=by,
            before={"standing": before},
            after={"standing": str(standing), "reason": reason},
        )
    return True


def locked(organization: Organization) -> Organization:
    return Organization.objects.select_for_update().get(pk=organization.pk)
