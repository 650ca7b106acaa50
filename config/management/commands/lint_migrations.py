from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.migrations.loader import MigrationLoader

from config import frozen


class Command(BaseCommand):
    help = "Refuse migrations that would keep people waiting, or were edited"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--freeze",
            action="store_true",
            help="list all as released: from now on nobody edits them",
        )
        parser.add_argument(
            "--accept",
            action="append",
            default=[],
            metavar="PATH",
            help="freeze this one whatever is found; repeatable",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        found = frozen.findings(MigrationLoader(None))
        wrong = list(frozen.edited())
        for path, reasons in found.items():
            if path not in options["accept"]:
                wrong += [f"{path}: {reason}" for reason in reasons]
        for line in wrong:
            self.stdout.write(line)
        if wrong:
            raise CommandError(f"{len(wrong)} things must not be released like this.")
        if options["freeze"]:
            frozen.freeze(list(found))
            self.stdout.write(f"{len(found)} migrations are frozen.")
        else:
            self.stdout.write(f"{len(found)} migrations since the last release, fine.")
