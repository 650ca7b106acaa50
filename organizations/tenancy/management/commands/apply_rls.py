"""`apply_rls` repairs functions, policies, triggers and grants."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from organizations.tenancy.apply import apply_walls
from organizations.tenancy.context import no_context
from organizations.tenancy.functions import FORGET_PREVIOUS_KEY


class Command(BaseCommand):
    help = "Make every policy, trigger and grant what the models ask for"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--forget-previous-key",
            action="store_true",
            help="refuse seals of the key before the current one from now on",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if "owner" not in connections:
            raise CommandError("Set DATABASE_OWNER_URL: the walls are the owner's.")
        connection = connections["owner"]
        repaired = apply_walls(connection)
        if options["forget_previous_key"]:
            with no_context(), connection.cursor() as cursor:
                cursor.execute(FORGET_PREVIOUS_KEY)
        for table in repaired:
            self.stdout.write(f"mended {table}")
        self.stdout.write(f"The walls stand: {len(repaired)} mended.")
