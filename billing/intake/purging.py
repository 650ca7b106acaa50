"""The end of events: what is applied is of no use after a while."""

from datetime import timedelta
from typing import Final

from django.db.models.functions import Now

from billing.intake.models import EventState, StripeEvent

KEPT: Final = timedelta(days=90)


def purge_old() -> None:
    """Delete what was applied or ignored long ago; what still waits or failed stays."""
    done = StripeEvent.objects.filter(
        state__in=(EventState.APPLIED, EventState.IGNORED)
    )
    done.filter(received_at__lte=Now() - KEPT).delete()
