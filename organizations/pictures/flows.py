"""Journeys of a logo: chosen, replaced, taken away."""

from collections.abc import Mapping
from copy import copy
from typing import Any

from django.db import transaction

from accounts.pictures import discard, keep
from organizations.audit.recording import record, using
from organizations.models import Organization, files_of


def change_logo(
    *, organization: Organization, by: Any, squares: Mapping[int, bytes] | None
) -> bool:
    """Give an organization a logo, or none; False when it has none already."""
    name = keep(files_of(organization.pk), squares) if squares else ""
    try:
        return _write(organization, by, name)
    except BaseException:
        # Nothing names the new file when the change was not kept.
        discard(name)
        raise


@transaction.atomic
def _write(organization: Organization, by: Any, name: str) -> bool:
    rows = Organization.objects.using(using()).select_for_update()
    edited = copy(rows.only("logo").get(pk=organization.pk))
    before = edited.logo.name or ""
    if before == name:
        return False
    edited.logo = name
    edited.save(update_fields=["logo"])
    record(
        "organization.logo_changed",
        organization,
        by=by,
        before={"logo": before},
        after={"logo": name},
    )
    return True
