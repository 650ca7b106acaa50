"""`migrate` runs as the owner, and wholly inside the operator's context."""

from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import connections

from organizations.tenancy.apply import boot
from organizations.tenancy.context import operator
from organizations.tenancy.locking import patiently, short_waits


class Command(migrate.Command):
    """Migrates on the owner's connection; a foreign key added there sees every row.

    Without the context, a key added by the owner would be validated against no
    visible row, and a violating one accepted.
    """

    def handle(self, *args: Any, **options: Any) -> None:
        if options["database"] == "default":
            options["database"] = "owner"
        if options["database"] not in connections:
            raise CommandError("Set DATABASE_OWNER_URL: migrations run as the owner.")
        connection = connections[options["database"]]
        boot(connection)
        with short_waits(connection), operator(None, "migrate"):
            patiently(lambda: super(Command, self).handle(*args, **options), self.say)

    def say(self, sentence: str) -> None:
        self.stderr.write(sentence)
