"""Who waits for strangers has places of their own in a worker."""

import asyncio

import pytest
from procrastinate.contrib.django import app

from config import lanes
from organizations.webhooks.trying import FAST, SLOW


def test_each_lane_has_places_of_its_own_and_the_rest_share(settings):
    settings.JOB_LANES = {"webhooks": 50, "webhooks_slow": 7}
    rest, *own = lanes.shares(app, None, 2)
    assert own == [(["webhooks"], 50), (["webhooks_slow"], 7)]
    assert rest[1] == 2
    assert {"default", "events"} <= set(rest[0])
    assert not {"webhooks", "webhooks_slow"} & set(rest[0])


def test_every_queue_is_served():
    served = {
        queue for queues, _places in lanes.shares(app, None, 2) for queue in queues
    }
    assert served >= {task.queue for task in app.tasks.values()}


def test_a_choice_of_queues_is_all_that_is_served():
    assert lanes.shares(app, ["webhooks"], 9) == [(["webhooks"], 9)]


def test_the_queues_of_webhooks_are_lanes(settings):
    assert {FAST, SLOW, "backups"} == set(settings.JOB_LANES)


class Served:
    """An app whose workers do what they are told."""

    def __init__(self, *ends):
        self.ends, self.stopped = list(ends), 0

    def workers(self):
        return [asyncio.create_task(self.work(end)) for end in self.ends]

    async def work(self, end):
        try:
            await asyncio.sleep(0 if end else 30)
        except asyncio.CancelledError:
            self.stopped += 1
            raise
        if isinstance(end, Exception):
            raise end


def first_of(served, *, told):
    async def wait():
        stop = asyncio.Event()
        if told:
            stop.set()
        await lanes.first_of(stop, served.workers())

    asyncio.run(wait())


def test_a_signal_ends_all_of_them_quietly():
    served = Served(None, None, None)
    first_of(served, told=True)
    assert served.stopped == 3


def test_the_failure_of_one_ends_the_others_and_is_raised():
    served = Served(None, OSError("the database is away"), None)
    with pytest.raises(OSError, match="away"):
        first_of(served, told=False)
    assert served.stopped == 2
