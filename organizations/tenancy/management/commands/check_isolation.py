"""`check_isolation` proves from the catalog that every tenant is walled in."""

from argparse import ArgumentParser
from collections.abc import Sequence
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connections, transaction

from organizations.tenancy.context import no_context
from organizations.tenancy.policies import walls
from organizations.tenancy.proof import Finding, prove
from organizations.tenancy.proof.rehearsal import rehearse


class Command(BaseCommand):
    help = "Prove from the catalog that every tenant is walled in; exit 1 otherwise"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--mutate",
            action="store_true",
            help="break each wall in a transaction and see the proof notice; takes"
            " locks, so not where people work",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if "owner" not in connections:
            raise CommandError("Set DATABASE_OWNER_URL: the owner reads the catalog.")
        connection = connections["owner"]
        with no_context(), transaction.atomic(using="owner"):
            found = prove(connection.cursor())
        self.note(found)
        for finding in found:
            self.stdout.write(str(finding))
        holes = [finding for finding in found if not finding.is_warning]
        if holes:
            raise CommandError(f"{len(holes)} holes in the walls.")
        self.stdout.write(f"{len(walls())} tables are walled in, and nothing is open.")
        if options["mutate"]:
            self.mutate(connection)

    def note(self, found: Sequence[Finding]) -> None:
        """Be told what was found; a floor above keeps it."""

    def mutate(self, connection: Any) -> None:
        uncaught = caught = 0
        for outcome in rehearse(connection):
            self.stdout.write(str(outcome))
            uncaught += outcome.is_missed
            caught += outcome.is_caught
        if uncaught:
            raise CommandError(f"{uncaught} planted breaks went unnoticed.")
        self.stdout.write(f"{caught} planted breaks, every one noticed.")
