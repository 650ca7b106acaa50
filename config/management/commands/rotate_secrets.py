import secrets
import sys
from argparse import ArgumentParser
from typing import Any, Final

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.rotation import Count, rotate

NEW: Final = ("SECRET_KEY", "TENANCY_SEAL_KEY", "WEBHOOK_SECRETS_KEY")


class Command(BaseCommand):
    help = "Lock what rests in the database with the present keys; former ones can go"

    def add_arguments(self, parser: ArgumentParser) -> None:
        one = parser.add_mutually_exclusive_group()
        one.add_argument(
            "--check",
            action="store_true",
            help="change nothing; exit code 1 while a former key is still needed",
        )
        one.add_argument(
            "--new", action="store_true", help="print new keys, and change nothing"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["new"]:
            for name in NEW:
                self.stdout.write(f"{name}={secrets.token_urlsafe(60)}")
            return
        if not settings.HAS_CONSOLE:
            raise CommandError(
                "Set DATABASE_OPERATOR_URL: the secrets are of every organization."
            )
        found = rotate(dry_run=options["check"])
        for name, count in found.items():
            self.stdout.write(told(name, count, is_check=options["check"]))
        if not all(fine(count, is_check=options["check"]) for count in found.values()):
            sys.exit(1)


def told(name: str, count: Count, *, is_check: bool) -> str:
    turned = "still under a former key" if is_check else "locked anew"
    line = f"{name}: {count.values} in all, {count.turned} {turned}"
    if count.unreadable:
        line += f", {count.unreadable} under a key that is not given"
    return line


def fine(count: Count, *, is_check: bool) -> bool:
    return not count.unreadable and not (is_check and count.turned)
