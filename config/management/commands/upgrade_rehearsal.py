from argparse import ArgumentParser
from typing import Any

import psycopg
from django.core.management.base import BaseCommand, CommandError
from django.db import Error

from config.backups import BackupError, manifest, shelf
from config.backups.making import tell
from config.backups.rehearsing import Rehearsal, rehearse


class Command(BaseCommand):
    help = "Try this code's migrations on a restored backup; exit 1 means no-go"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("backup", nargs="?", default="", help="without: the newest")
        parser.add_argument(
            "--longest",
            type=float,
            default=1.0,
            metavar="SECONDS",
            help="how long a table may stand still",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            backup = shelf.chosen(options["backup"])
            found = rehearse(backup, manifest.read(backup), options["longest"])
        except (BackupError, OSError, psycopg.Error) as error:
            raise CommandError(str(error)) from error
        verdict = "go" if found.is_go else "no-go"
        self.report(found)
        self.tell(backup.name, {"verdict": verdict, "migrations": len(found.pending)})
        if not found.is_go:
            raise CommandError(f"no-go: {' '.join(found.problems)}")
        self.stdout.write("go")

    def tell(self, name: str, after: dict[str, Any]) -> None:
        try:
            tell("upgrade.rehearsed", name, after)
        except Error:
            self.stderr.write("The platform's log takes it only after the upgrade.")

    def report(self, found: Rehearsal) -> None:
        lines = [f"{len(found.pending)} migrations in {found.seconds:.1f} s:"]
        lines += [f"  {name}" for name in found.pending]
        lines.append(f"Locks on tables that were there ({found.looks} looks):")
        lines += [f"  {lock}" for lock in found.locks] or ["  none that was seen"]
        lines.append("Tables whose rows changed in number:")
        lines += [f"  {line}" for line in found.changed] or ["  none"]
        self.stdout.write("\n".join(lines))
