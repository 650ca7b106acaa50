"""Events end after ninety days; those that were never applied stay."""

from datetime import timedelta

import pytest
from django.utils import timezone

from billing.intake.models import StripeEvent
from billing.intake.purging import KEPT, purge_old
from tests.intake.conftest import event_of, kept, outside, send

pytestmark = pytest.mark.usefixtures("stripe_on")


def age(state, days):
    def change():
        received = timezone.now() - timedelta(days=days)
        StripeEvent.objects.update(state=state, received_at=received)

    outside(change)


@pytest.mark.parametrize(
    ("state", "days", "stays"),
    [
        ("applied", 89, True),
        ("applied", 91, False),
        ("ignored", 91, False),
        ("received", 400, True),
        ("failed", 400, True),
    ],
)
def test_only_what_is_done_with_ends(client, state, days, stays):
    send(client, event_of({"object": "customer", "id": "cus_1"}))
    age(state, days)
    outside(purge_old)
    assert bool(kept()) is stays
    assert timedelta(days=90) == KEPT
