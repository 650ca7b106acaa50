from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from procrastinate.contrib.django import app

from config import devdb
from config.devserver.lifeline import end_with_parent
from organizations.tenancy import startup

SECONDS_TO_FINISH = 8


class Command(BaseCommand):
    help = "Run the jobs of the queue until a signal says to stop"
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--queue", action="append", help="only this one; repeatable"
        )
        parser.add_argument("--concurrency", type=int, default=2)
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
        connector = app.connector.get_worker_connector()  # type: ignore[attr-defined]
        with app.replace_connector(connector) as running:
            running.run_worker(
                queues=options["queue"],
                concurrency=options["concurrency"],
                wait=not options["once"],
                listen_notify=not options["no_listen"],
                shutdown_graceful_timeout=SECONDS_TO_FINISH,
            )
