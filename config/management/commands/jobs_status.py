import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from config.queue import standing


class Command(BaseCommand):
    help = "Show how the queue stands; exit code 1 when jobs are stalled or dead"
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="for a program")

    def handle(self, *args: Any, **options: Any) -> None:
        found = standing("default")
        if options["json"]:
            self.stdout.write(json.dumps(found.as_dict()))
        else:
            for name, value in found.as_dict().items():
                self.stdout.write(f"{name.replace('_', ' '):<15} {value}")
        if not found.is_fine:
            sys.exit(1)
