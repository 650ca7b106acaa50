from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.models import User
from organizations.audit.recording import record
from organizations.personal import archive
from organizations.tenancy import identity


class Command(BaseCommand):
    help = "Write everything that is kept about a person to a ZIP, as they could"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--to", required=True, metavar="FILE", type=Path)

    def handle(self, *args: Any, email: str, to: Path, **options: Any) -> None:
        with identity():
            person = User.objects.filter(email=email.strip().lower()).first()
            if person is None:
                raise CommandError(f"Nobody has the address {email}.")
            try:
                with to.open("xb") as out:
                    to.chmod(0o600)
                    archive.write(person, out)
            except OSError as error:
                raise CommandError(
                    f"{to} cannot be written: {error.strerror}."
                ) from error
            with transaction.atomic():
                record("user.exported", person)
        self.stdout.write(f"{to}: {to.stat().st_size} bytes")
