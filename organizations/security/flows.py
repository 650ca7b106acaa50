"""Journeys of an organization's demands on sign-in."""

from typing import Any

from django.db import transaction

from organizations.audit.recording import record
from organizations.models import Organization


class NoFactorOfOwn(Exception):
    """Whoever asks others for a second step must have one."""


@transaction.atomic
def ask_second_step(*, organization: Organization, by: Any, required: bool) -> bool:
    """Ask members for a second step, or no longer; False when it is so already."""
    if required and not by.has_second_factor:
        raise NoFactorOfOwn
    kept = Organization.objects.select_for_update().get(pk=organization.pk)
    if kept.requires_second_factor == required:
        return False
    kept.requires_second_factor = required
    kept.save(update_fields=["requires_second_factor"])
    record(
        "organization.second_step_required"
        if required
        else "organization.second_step_optional",
        kept,
        by=by,
        before={"requires_second_factor": not required},
        after={"requires_second_factor": required},
    )
    return True
