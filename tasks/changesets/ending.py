"""The end of change-sets that nobody can undo any more; history keeps its entries."""

from datetime import timedelta
from typing import Final

from django.db import transaction
from django.db.models.functions import Now

from organizations.tenancy import no_context, tenant
from tasks.changesets.models import DAYS_KEPT, ChangeSet, ChangeSetItem
from tasks.changesets.statements import organization_with_old_changes

SETS: Final = 200
ITEMS: Final = 5_000
LASTS: Final = timedelta(days=DAYS_KEPT)


def purge() -> None:
    """Delete old change-sets, one organization after another."""
    while organization := organization_with_old_changes():
        with no_context(), tenant(organization):
            while purge_some():
                pass


@transaction.atomic
def purge_some() -> bool:
    """Delete some change-sets, or some items of them; False when none are left."""
    old = ChangeSet.objects.filter(created_at__lte=Now() - LASTS).order_by("pk")
    sets = list(old.values_list("pk", flat=True)[:SETS])
    rows = ChangeSetItem.objects.filter(change_set__in=sets)
    items = list(rows.values_list("pk", flat=True)[:ITEMS])
    if items:
        ChangeSetItem.objects.filter(pk__in=items).delete()
    else:
        ChangeSet.objects.filter(pk__in=sets).delete()
    return bool(sets)
