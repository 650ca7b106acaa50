from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import psycopg
from django.core.files.storage import FileSystemStorage, Storage, default_storage
from django.core.management.base import BaseCommand, CommandError

from config.backups import BackupError, manifest, restoring, shelf
from config.backups.contents import database_name
from config.backups.report import table


class Command(BaseCommand):
    help = "Put a backup back: database, files, walls; compared with what it was"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("backup", help="its folder, or its name in BACKUP_DIR")
        parser.add_argument("--into", default="", help="another database than the set")
        parser.add_argument(
            "--replace", default="", help="the name of a database that is not empty"
        )
        parser.add_argument(
            "--files-to", type=Path, help="put the files in this folder instead"
        )
        parser.add_argument("--yes", action="store_true", help="without it, only look")

    def handle(self, *args: Any, **options: Any) -> None:
        into = options["into"] or options["replace"] or database_name()
        if options["replace"] not in {"", into}:
            raise CommandError(
                "--replace must name the database that is restored into."
            )
        try:
            backup = shelf.chosen(options["backup"])
            kept = manifest.read(backup)
            if not options["yes"]:
                raise CommandError(
                    f"{backup.name} of {kept.made_at} ({kept.rows} rows,"
                    f" {len(kept.files)} files) would become the database {into}:"
                    " nothing was done without --yes."
                )
            restored = restoring.restore(
                backup,
                kept,
                into=into,
                replaces=bool(options["replace"]),
                storage=storage(into, options["files_to"]),
            )
        except (BackupError, OSError, psycopg.Error) as error:
            raise CommandError(str(error)) from error
        for line in table(restored):
            self.stdout.write(line)
        if restored.problems:
            raise CommandError(f"{backup.name} was not put back: it differs.")
        self.stdout.write(
            f"{backup.name} is the database {into} now; everybody signs in."
        )


def storage(into: str, folder: Path | None) -> Storage | None:
    """Return where files are put: with another database than ours, only where told."""
    if folder is not None:
        return FileSystemStorage(location=folder)
    return default_storage if into == database_name() else None
