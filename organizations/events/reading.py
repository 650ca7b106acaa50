"""Reading an organization's events in their order, each reader at its own pace.

An event is an audit entry: it has one id, and the chain gives it a place that follows
the order of the commits, without gaps. A reader that moves its place in the transaction
of what it made of the entries loses none and makes nothing twice.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Final

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from organizations.audit.models import AuditEntry
from organizations.events.models import ReaderPlace

Reader = Callable[[Sequence[AuditEntry]], None]
BATCH: Final = 200
# What a reader that is new to an organization still hears of.
LOOKS_BACK: Final = timedelta(days=1)

_readers: dict[str, Reader] = {}


def reader(name: str) -> Callable[[Reader], Reader]:
    """Make a function a reader: it is given each entry of each organization once, in
    order and in batches, inside that organization and one transaction. The name is
    kept in the database."""

    def register(function: Reader) -> Reader:
        _readers[name] = function
        return function

    return register


def read_all() -> list[Exception]:
    """Let every reader read what is new in the active organization.

    One that fails keeps its place and no other from reading; the failures are returned.
    """
    failures = []
    for name, function in _readers.items():
        try:
            while read_batch(name, function):
                pass
        except Exception as error:
            failures.append(error)
    return failures


def read_batch(name: str, function: Reader) -> bool:
    """Let one reader read a batch; whether there may be more."""
    with transaction.atomic():
        place = locked_place(name)
        entries = list(
            AuditEntry.objects.filter(sequence__gt=place.sequence).order_by("sequence")[
                :BATCH
            ]
        )
        if not entries:
            return False
        function(entries)
        place.sequence = entries[-1].sequence
        place.save(update_fields=["sequence"])
    return len(entries) == BATCH


def locked_place(name: str) -> ReaderPlace:
    """Return a reader's place, locked; a new one stands a day back at most."""
    rows = ReaderPlace.objects.select_for_update()
    found = rows.filter(reader=name).first()
    if found is None:
        old = AuditEntry.objects.filter(created_at__lt=timezone.now() - LOOKS_BACK)
        last = old.aggregate(Max("sequence"))["sequence__max"]
        ReaderPlace.objects.bulk_create(
            [ReaderPlace(reader=name, sequence=last or 0)], ignore_conflicts=True
        )
        found = rows.get(reader=name)
    return found


def skip_to_end() -> None:
    """Have every reader of the active organization go on after what is recorded now."""
    last = AuditEntry.objects.aggregate(Max("sequence"))["sequence__max"] or 0
    ReaderPlace.objects.all().delete()
    ReaderPlace.objects.bulk_create(
        ReaderPlace(reader=name, sequence=last) for name in _readers
    )
