import asyncio
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from procrastinate.contrib.django import app

from config import devdb, lanes
from config.devserver.lifeline import end_with_parent
from config.metrics import note_job
from organizations.tenancy import startup

SECONDS_TO_FINISH = 8


class Command(BaseCommand):
    help = "Run the jobs of the queue until a signal says to stop"
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--queue", action="append", help="only this one; repeatable"
        )
        parser.add_argument(
            "--concurrency", type=int, default=2, help="places but for the lanes'"
        )
        parser.add_argument("--once", action="store_true", help="end when it is empty")
        parser.add_argument(
            "--no-listen",
            action="store_true",
            help="poll only, for a pooled connection",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        end_with_parent()
        if devdb.is_used():
            devdb.hold()
        startup.guard()
        settled = {
            "wait": not options["once"],
            "listen_notify": not options["no_listen"],
            "shutdown_graceful_timeout": SECONDS_TO_FINISH,
            "worker_middleware": [note_job] if settings.METRICS_TOKEN else [],
        }
        queues, places = options["queue"], options["concurrency"]
        with app.replace_connector(lanes.connector()) as running:
            if options["once"]:
                # What one queue's jobs put in another is done as well.
                running.run_worker(queues=queues, concurrency=places, **settled)
            else:
                served = lanes.shares(running, queues, places)
                asyncio.run(lanes.serve(running, served, **settled))
