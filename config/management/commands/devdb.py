import shutil
import subprocess
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config import devdb
from config.devdb import cluster, life, locks
from config.devdb.paths import DevDatabaseError, place

ACTIONS = ("start", "stop", "status", "psql", "reset")


class Command(BaseCommand):
    help = "Look after the embedded PostgreSQL of this checkout"
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("action", choices=ACTIONS)
        parser.add_argument("rest", nargs="*", help="for psql, last, after --")
        parser.add_argument("--role", default=cluster.ADMINISTRATOR, help="for psql")
        parser.add_argument("--force", action="store_true", help="stop it in use")
        parser.add_argument("--yes", action="store_true", help="reset without asking")

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        try:
            getattr(self, f"do_{action}")(options)
        except DevDatabaseError as error:
            raise CommandError(str(error)) from error

    def do_start(self, options: dict[str, Any]) -> None:
        devdb.hold()
        life.keep(place())
        devdb.release()
        self.do_status(options)

    def do_stop(self, options: dict[str, Any]) -> None:
        here = place()
        here.prepare()
        with locks.exclusive(here.base / "start.lock"):
            life.keep_no_longer(here)
            if devdb.is_held_elsewhere() and not options["force"]:
                self.stdout.write("In use: it stops with the last process using it.")
                return
            cluster.stop(here)
        self.stdout.write("The development database is stopped.")

    def do_status(self, options: dict[str, Any]) -> None:
        here = place()
        pid = cluster.server_pid(here)
        stays = pid is not None and life.is_kept(here)
        rows = {
            "state": f"running as process {pid}" if pid else "stopped",
            "in use": "yes" if devdb.is_held_elsewhere() else "no",
            "stops": "by `devdb stop`" if stays else "with its last user",
            "address": devdb.url(life.PREFIX + "_app"),
            "data": here.data,
            "log": here.log,
        }
        for name, value in rows.items():
            self.stdout.write(f"{name:<8} {value}")

    def do_psql(self, options: dict[str, Any]) -> None:
        devdb.hold()
        address = devdb.url(options["role"])
        psql = place().programs() / "psql"
        ended = subprocess.run([psql, address, *options["rest"]], check=False)  # noqa: S603
        raise SystemExit(ended.returncode)

    def do_reset(self, options: dict[str, Any]) -> None:
        here = place()
        here.prepare()
        with locks.exclusive(here.base / "start.lock"):
            if devdb.is_held_elsewhere():
                raise CommandError(
                    "The development database is in use: stop that first."
                )
            if not options["yes"] and not _agreed(f"Delete all data in {here.data}?"):
                raise CommandError("Nothing was deleted.")
            cluster.stop(here)
            shutil.rmtree(here.data, ignore_errors=True)
            if settings.BILLING_DOUBLE:
                # Its customers are organizations that are gone.
                settings.BILLING_DOUBLE.unlink(missing_ok=True)
        self.stdout.write("The development database is deleted.")


def _agreed(question: str) -> bool:
    return input(f"{question} [y/N] ").strip().lower() in {"y", "yes"}
