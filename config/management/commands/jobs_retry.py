from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from procrastinate.contrib.django.models import ProcrastinateJob

from config.queue import try_again
from organizations.tenancy import identity


class Command(BaseCommand):
    help = "Try jobs again that were given up"
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("ids", nargs="*", type=int, help="which jobs")
        parser.add_argument("--all", action="store_true", help="all that were given up")

    def handle(self, *args: Any, **options: Any) -> None:
        if bool(options["ids"]) == options["all"]:
            raise CommandError("Name the jobs, or say --all.")
        rows = ProcrastinateJob.objects.filter(status="failed").order_by("pk")
        if not options["all"]:
            rows = rows.filter(pk__in=options["ids"])
        with identity():
            retried = try_again(list(rows), by=None)
        missing = set(options["ids"]) - {job.pk for job in retried}
        if missing:
            numbers = ", ".join(map(str, sorted(missing)))
            raise CommandError(f"Not given up, or not there: {numbers}.")
        self.stdout.write(f"{len(retried)} tried again.")
