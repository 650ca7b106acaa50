from argparse import ArgumentParser
from pathlib import Path
from typing import IO, Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from config.archives.finding import the_organization
from organizations.archives import signing, writing
from organizations.audit.recording import record
from organizations.tenancy import identity


class Command(BaseCommand):
    help = "Write everything an organization has to a signed ZIP"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("organization", help="its address or id")
        parser.add_argument("--to", required=True, metavar="FILE", type=Path)

    def handle(self, *args: Any, organization: str, to: Path, **options: Any) -> None:
        found = the_organization(organization, "org_export")
        try:
            with to.open("xb") as out:
                to.chmod(0o600)
                facts = written(found.pk, out, to)
        except OSError as error:
            raise CommandError(f"{to} cannot be written: {error.strerror}.") from error
        with identity(), transaction.atomic():
            # In the platform's log: the organization's own is what was written.
            record("organization.exported", after=facts, label=found.slug)
        self.stdout.write(
            f"{to}: {facts['rows']} rows, {facts['files']} files,"
            f" {to.stat().st_size} bytes"
        )
        self.stdout.write(f"manifest {facts['sha256']}")
        self.stdout.write(f"signed by {signing.public_key()}")


def written(organization_id: UUID, out: IO[bytes], to: Path) -> dict[str, Any]:
    """Write an archive; what is not whole is not kept."""
    try:
        return writing.write(organization_id, out)
    except BaseException:
        to.unlink()
        raise
