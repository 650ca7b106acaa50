import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from django.db import connections
from django.db.models import QuerySet

from organizations.audit.checking import Verdict, verify
from organizations.models import Organization
from organizations.tenancy import operator, tenant

Kept = dict[UUID, tuple[int, str]]


class Command(BaseCommand):
    help = "Verify the chain of each organization's audit log; exit 1 if one is broken"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--organization", help="only this one: its address or id")
        parser.add_argument(
            "--json", action="store_true", help="print the heads as JSON, to be kept"
        )
        parser.add_argument(
            "--kept", type=Path, help="heads printed earlier with --json, to be met"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if "operator" not in connections:
            raise CommandError(
                "Set DATABASE_OPERATOR_URL: the operator reads all logs."
            )
        kept = heads(options["kept"])
        with operator(None, "audit_verify"):
            chosen = organizations(options["organization"])
            found = [(one, self.verdict(one, kept)) for one in chosen]
        if options["json"]:
            rows = [described(one, verdict) for one, verdict in found]
            self.stdout.write(json.dumps(rows, indent=2))
        else:
            for one, verdict in found:
                self.stdout.write(line(one, verdict))
        broken = [one for one, verdict in found if verdict.problem]
        gone = kept.keys() - {one.pk for one in chosen} if kept else set()
        if gone and not options["organization"]:
            raise CommandError(
                f"Kept, and no longer here: {', '.join(map(str, gone))}."
            )
        if broken:
            raise CommandError(f"{len(broken)} of {len(found)} logs are broken.")

    def verdict(self, organization: Organization, kept: Kept) -> Verdict:
        with tenant(organization):
            return verify(organization.pk, kept.get(organization.pk))


def organizations(wanted: str | None) -> list[Organization]:
    """Return the named organization, or all of them; deleted ones have logs too."""
    rows: QuerySet[Organization] = Organization.objects.order_by("slug", "pk")
    if wanted is None:
        return list(rows)
    try:
        found = list(rows.filter(pk=UUID(wanted)))
    except ValueError:
        found = list(rows.filter(slug=wanted))
    if not found:
        raise CommandError(f"There is no organization {wanted}.")
    return found


def heads(path: Path | None) -> Kept:
    """Return each organization's last place and hash, as an earlier run printed them."""
    if path is None:
        return {}
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
        return {
            UUID(row["organization"]): (row["entries"], row["head"]) for row in rows
        }
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CommandError(f"{path} holds no heads: {error}") from error


def described(organization: Organization, verdict: Verdict) -> dict[str, Any]:
    """Return what is known of one log, as it is printed and kept."""
    return {
        "organization": str(organization.pk),
        "slug": organization.slug,
        **verdict.as_dict(),
    }


def line(organization: Organization, verdict: Verdict) -> str:
    """Return one log's verdict in words."""
    if verdict.problem is None:
        head = verdict.head or "none"
        return f"{organization.slug}: {verdict.entries} entries, head {head}"
    problem = verdict.problem
    entry = f" ({problem.entry})" if problem.entry else ""
    return (
        f"{organization.slug}: entry {problem.sequence}{entry} is {problem.kind}:"
        f" {problem.text}"
    )
