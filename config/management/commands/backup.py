from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.backups import BackupError, making, manifest, restoring, shelf
from config.backups.report import table


class Command(BaseCommand):
    help = "Back up the database and all files, or verify a backup"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--to", type=Path, help="a folder (or BACKUP_DIR)")
        parser.add_argument(
            "--keep",
            type=int,
            default=settings.BACKUP_KEEP,
            help="remove all but the newest so many",
        )
        parser.add_argument(
            "--verify",
            metavar="BACKUP",
            help="make none: restore this one beside, compare it and drop it again",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["keep"] < 1:
            raise CommandError("Keep one backup at least.")
        try:
            if options["verify"] is not None:
                self.verify(shelf.chosen(options["verify"], options["to"]))
                return
            made = making.back_up(shelf.folder(options["to"]), options["keep"])
        except (BackupError, OSError, psycopg.Error) as error:
            raise CommandError(str(error)) from error
        told = made.as_dict()
        self.stdout.write(
            f"{made.path}: {told['tables']} tables with {told['rows']} rows,"
            f" {told['files']} files, {told['bytes']} bytes in {told['seconds']} s."
        )
        for name in made.gone:
            self.stdout.write(f"Removed {name}.")

    def verify(self, backup: Path) -> None:
        restored = restoring.verify(backup, manifest.read(backup))
        for line in table(restored):
            self.stdout.write(line)
        if restored.problems:
            raise CommandError(f"{backup.name} is not what it was.")
        self.stdout.write(f"{backup.name} is whole: it can be put back.")
