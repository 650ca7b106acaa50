import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from config.archives.finding import the_organization
from config.archives.hashing import tenant_hash


class Command(BaseCommand):
    help = "Print the rows and SHA-256 of each table of an organization, and of all"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("organization", help="its address or id")
        parser.add_argument("--json", action="store_true", help="print JSON")

    def handle(self, *args: Any, organization: str, **options: Any) -> None:
        found = tenant_hash(the_organization(organization, "tenant_hash"))
        if options["json"]:
            self.stdout.write(json.dumps(found, indent=2))
            return
        for part in ("tables", "staying"):
            for name, one in found[part].items():
                self.stdout.write(f"{one['rows']:>9}  {one['sha256'][:16]:16}  {name}")
        self.stdout.write(f"everything  {found['everything']}")
        self.stdout.write(f"travelling  {found['sha256']}")
