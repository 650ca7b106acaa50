from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.archives.ending import end_now
from config.archives.finding import the_organization
from organizations.closing import delete_organization
from organizations.models import DAYS_RESTORABLE, Organization
from organizations.tenancy import no_context, tenant


class Command(BaseCommand):
    help = (
        "Delete an organization: its owners can bring it back for"
        f" {DAYS_RESTORABLE} days, unless it ends --now"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("organization", help="its address or id")
        parser.add_argument("--yes", action="store_true", help="ask nothing")
        parser.add_argument(
            "--now", action="store_true", help="end it for good, with its files"
        )

    def handle(self, *args: Any, organization: str, **options: Any) -> None:
        found = the_organization(organization, "org_delete")
        if not options["yes"]:
            self.confirm(found)
        with no_context(), tenant(found):
            deleted = delete_organization(organization=found, by=None)
        if options["now"]:
            end_now(found)
            self.stdout.write(f"{found.slug} ({found.pk}) has ended, with its files.")
        elif deleted:
            self.stdout.write(f"{found.slug} ({found.pk}) is deleted.")
        else:
            raise CommandError(f"{found.slug} is deleted already; --now ends it.")

    def confirm(self, organization: Organization) -> None:
        typed = input(f"Type {organization.slug} to delete it: ")
        if typed.strip() != organization.slug:
            raise CommandError("Nothing was changed.")
