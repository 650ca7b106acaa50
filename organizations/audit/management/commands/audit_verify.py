"""audit_verify: prove that no entry of the audit log was changed or taken out."""

import json
from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from organizations.audit.chain import Verdict, links, verdict_on
from organizations.models import Organization
from organizations.tenancy import operator


class Command(BaseCommand):
    help = (
        "Read each organization's chain of audit entries, name the first bad one, and"
        " exit with 1 if there is any."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--organization", default="", help="only this one, by address or id"
        )
        parser.add_argument(
            "--json",
            action="store_true",
            help="a line of JSON each, with the heads to keep elsewhere",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.HAS_CONSOLE:
            raise CommandError(
                "audit_verify reads as staff: set DATABASE_OPERATOR_URL."
            )
        with operator(None, "audit_verify"):
            bad = sum(
                self.tell(house, verdict_on(links(house.pk, "operator")), **options)
                for house in chosen(options["organization"])
            )
        if bad:
            raise CommandError(f"{bad} of the audit logs cannot be trusted.")

    def tell(self, house: Organization, verdict: Verdict, **options: Any) -> bool:
        """Write what was found of one organization; True when it is bad."""
        if options["json"]:
            facts = {"organization": house.slug, "id": str(house.pk)}
            self.stdout.write(json.dumps(facts | vars(verdict)))
        elif verdict.fault:
            where = f"entry {verdict.sequence} ({verdict.entry})"
            self.stdout.write(f"{house.slug}: {where}: {verdict.fault}")
        else:
            self.stdout.write(f"{house.slug}: {verdict.length} entries, {verdict.head}")
        return bool(verdict.fault)


def chosen(name: str) -> list[Organization]:
    """Return the organizations asked for, deleted ones included."""
    rows = Organization.objects.order_by("slug", "pk")
    if not name:
        return list(rows)
    try:
        found = rows.filter(pk=UUID(name))
    except ValueError:
        found = rows.filter(slug=name)
    if not found:
        raise CommandError(f"No organization has the address or id {name}.")
    return list(found)
