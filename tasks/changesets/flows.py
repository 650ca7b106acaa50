"""Journeys of change-sets: changing many tasks, and taking that back."""

from collections.abc import Iterable
from itertools import islice
from typing import Any

from django.db import transaction

from organizations.tenancy.context import as_uuid
from tasks.changesets import statements
from tasks.changesets.models import ChangeSet, Kind, State

BATCH = 5_000


def keep_created(
    tasks: Iterable[Any], *, by: Any, label: str, into: ChangeSet | None = None
) -> ChangeSet:
    """Keep new tasks, or their ids, as a change-set that can be undone.

    Undoing moves those nobody has touched to the trash. `into` adds to a change-set
    that an earlier call has returned: an import need not hold all its tasks at once.
    """
    with transaction.atomic():
        kept = into or ChangeSet.objects.create(
            kind=Kind.IMPORT, state=State.DONE, label=label[:200], made_by_id=by.pk
        )
        ids = iter([as_uuid(task) for task in tasks])
        while batch := list(islice(ids, BATCH)):
            kept.count += statements.keep(kept.pk, batch)
        kept.total = kept.done = kept.count
        kept.save(update_fields=["count", "total", "done"])
    return kept
