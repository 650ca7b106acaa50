"""The queue's jobs about events; the rest is told elsewhere."""

from django.conf import settings

from billing.intake.applying import apply
from billing.intake.kinds import MIRRORED
from billing.intake.mirror import mirror
from billing.intake.models import StripeEvent
from billing.intake.purging import purge_old
from billing.intake.reconciling import repair_all
from organizations.tenancy import identity, no_context
from organizations.tenancy.jobs import enqueue, job, periodic


@job()
def apply_event(*, event_id: str) -> None:
    """Apply an event; it belongs to nobody, whoever had it replayed."""
    with no_context(), identity():
        event = StripeEvent.objects.filter(pk=event_id).first()
        if event is None:
            return
        apply(event)
        if settings.BILLING_MIRROR and event.subject.get("object") in MIRRORED:
            enqueue(mirror_event, event_id=event_id)


@job()
def mirror_event(*, event_id: str) -> None:
    """Copy what an event is about into the mirror."""
    with no_context(), identity():
        event = StripeEvent.objects.filter(pk=event_id).first()
        if event is not None:
            mirror(event)


periodic("37 3 * * *")(purge_old)
periodic("23 4 * * *")(repair_all)
