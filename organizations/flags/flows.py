"""What staff do to flags: one for everybody, one for an organization."""

from typing import Any

from django.db import transaction
from django.db.models import F

from organizations.audit.recording import record, using
from organizations.flags.models import FeatureFlag, OrganizationFeatureFlag
from organizations.models import Organization
from organizations.tenancy import tenant


def override_flag(
    *,
    organization: Organization,
    flag: FeatureFlag,
    enabled: bool | None,
    by: Any,
    reason: str,
) -> bool:
    """Switch a flag for one organization; None leaves it to the flag again.

    The organization's log has it with its reason. False when it is so already.
    """
    with tenant(organization, by), transaction.atomic(using=using()):
        # In one order with the others, and a sign for what processes remember.
        touch(flag)
        own = OrganizationFeatureFlag.objects.filter(flag=flag)
        found = own.values_list("enabled", flat=True).first()
        if found == enabled:
            return False
        if enabled is None:
            own.delete()
        elif not own.update(enabled=enabled):
            OrganizationFeatureFlag.objects.create(flag=flag, enabled=enabled)
        record(
            "flag.overridden" if enabled is not None else "flag.override_removed",
            organization,
            by=by,
            label=flag.name,
            before={} if found is None else {"flag": flag.key, "enabled": found},
            after={"flag": flag.key, "reason": reason}
            | ({} if enabled is None else {"enabled": enabled}),
        )
    return True


def touch(flag: FeatureFlag) -> None:
    """Move a flag's `updated_at`, which the database writes with any change."""
    FeatureFlag.objects.filter(pk=flag.pk).update(key=F("key"))


def kill_flag(*, flag: FeatureFlag, killed: bool, by: Any, reason: str) -> bool:
    """Pull a flag's kill switch, or push it back; False when it is so already."""
    with transaction.atomic(using=using()):
        rows = FeatureFlag.objects.filter(pk=flag.pk, is_killed=not killed)
        if not rows.update(is_killed=killed):
            return False
        flag.is_killed = killed
        action = "flag.killed" if killed else "flag.revived"
        record(action, flag, by=by, after={"reason": reason})
    return True
