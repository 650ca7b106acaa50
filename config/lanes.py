"""A worker's places, queue by queue: who waits for strangers takes nobody else's place."""

import asyncio
import signal
from collections.abc import Iterable
from typing import Any, Final

from django.conf import settings
from procrastinate import App
from procrastinate.contrib.django.utils import connector_params
from procrastinate.psycopg_connector import PsycopgConnector

# One for each lane to listen on, and some to fetch and finish jobs with.
CONNECTIONS: Final = 8

Share = tuple[list[str], int]


def shares(app: App, queues: Iterable[str] | None, concurrency: int) -> list[Share]:
    """Return which queues share how many places.

    Without a choice all are served: each lane of the settings by itself, and the rest
    together.
    """
    if queues:
        return [(list(queues), concurrency)]
    lanes = settings.JOB_LANES
    rest = {task.queue for task in app.tasks.values()} - set(lanes)
    return [
        (sorted(rest), concurrency),
        *(([queue], places) for queue, places in lanes.items()),
    ]


def connector() -> PsycopgConnector:
    """Return the worker's own way to the queue."""
    return PsycopgConnector(kwargs=connector_params(), min_size=1, max_size=CONNECTIONS)


async def serve(app: App, served: list[Share], **options: Any) -> None:
    """Serve all shares until a signal says to stop, or until one of them fails."""
    async with app.open_async():
        workers = [
            asyncio.create_task(
                app.run_worker_async(
                    queues=queues,
                    concurrency=places,
                    install_signal_handlers=False,
                    **options,
                )
            )
            for queues, places in served
        ]
        stop = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        await first_of(stop, workers)


async def first_of(stop: asyncio.Event, workers: list[asyncio.Task[None]]) -> None:
    """Wait for the signal or the end of one, then end all; a failure is raised."""
    told = asyncio.create_task(stop.wait())
    await asyncio.wait([told, *workers], return_when=asyncio.FIRST_COMPLETED)
    told.cancel()
    for worker in workers:
        worker.cancel()
    for ended in await asyncio.gather(*workers, return_exceptions=True):
        if isinstance(ended, Exception):
            raise ended
