import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from config.archives.finding import is_here, the_organization
from organizations.archives import arriving, people, signing
from organizations.archives.arriving import Journey
from organizations.archives.reading import ArchiveFile, Unreadable
from organizations.archives.writing import FORMAT_VERSION
from organizations.flows import SlugTaken, is_free
from organizations.forms import OrganizationForm
from organizations.limits.refusals import LimitReached
from organizations.tenancy.models import uuid7

NAME = "org_import"


class Command(BaseCommand):
    help = (
        "Take an organization's archive in: as itself when it has gone, over itself"
        f" (--over), or as a new one (--as-new); format version {FORMAT_VERSION}"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        place = parser.add_mutually_exclusive_group()
        place.add_argument("--over", metavar="ORG", help="the one it was written of")
        place.add_argument("--as-new", metavar="NAME", help="a new one's name")
        parser.add_argument("--slug", default="", help="the address it is to have")
        parser.add_argument("--owner", default="", help="who stands in for the unknown")
        parser.add_argument("--create-people", action="store_true")
        parser.add_argument("--trust", action="append", default=[], metavar="KEY")
        parser.add_argument("--dry-run", action="store_true")
        parser.add_argument("--yes", action="store_true", help="ask nothing")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            with file.open("rb") as opened:
                archive = ArchiveFile(
                    opened, signing.own_keys() | set(options["trust"])
                )
                archive.verify()
                self.take(archive, options)
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
        except (Unreadable, LimitReached) as error:
            raise CommandError(f"Nothing was changed. {error}") from error
        except SlugTaken as error:
            raise CommandError(
                f"Nothing was changed. The address {error} is taken: give --slug."
            ) from error

    def take(self, archive: ArchiveFile, options: dict[str, Any]) -> None:
        if options["dry_run"]:
            journey = journey_of(archive, options)
            self.report(journey, arriving.look(journey), options)
            return
        if not options["yes"]:
            self.confirm(archive)
        # Accounts are made for good only with the rows that need them.
        with transaction.atomic():
            journey = journey_of(archive, options)
            found = arriving.take_in(journey, by=None)
        self.report(journey, found, options)

    def confirm(self, archive: ArchiveFile) -> None:
        name = archive.manifest["organization"]["slug"]
        typed = input(f"Type {name} to take its archive in: ")
        if typed.strip() != name:
            raise CommandError("Nothing was changed.")

    def report(self, journey: Journey, found: Any, options: dict[str, Any]) -> None:
        if options["json"]:
            self.stdout.write(json.dumps(described(journey, found), indent=2))
            return
        for one in found:
            if one or one.kept:
                self.stdout.write(
                    f"{one.table.name}: {one.added} added, {one.changed} changed,"
                    f" {one.removed} removed, {one.kept} kept"
                )
                for example in one.examples:
                    self.stdout.write(f"    {example}")
        for name, count in journey.left_out.items():
            self.stdout.write(f"{name}: {count} left out, of people who are unknown")
        for person in journey.people.unknown:
            self.stdout.write(f"unknown: {person['email'] or person['id']}")
        for email in journey.people.made:
            self.stdout.write(f"account made: {email}")
        done = "would become" if options["dry_run"] else "is now"
        slug = journey.organization_row()["slug"]
        self.stdout.write(f"The archive {done} {slug} ({journey.target}).")


def journey_of(archive: ArchiveFile, options: dict[str, Any]) -> Journey:
    """Return where an archive goes and as what; CommandError when it cannot."""
    target, here = archive.organization_id, is_here(archive.organization_id, NAME)
    names = given_names(options)
    if options["as_new"] is not None:
        if not names["slug"]:
            raise CommandError("--as-new needs --slug.")
        target, here = uuid7(), False
    elif options["over"] is not None:
        if the_organization(options["over"], NAME).pk != target:
            raise CommandError("The archive is another organization's.")
    elif here:
        raise CommandError("The organization is here: choose --over or --as-new.")
    slug = names["slug"] or archive.manifest["organization"]["slug"]
    if not here and not is_free(slug):
        raise SlugTaken(slug)
    create = options["create_people"] and not options["dry_run"]
    try:
        found = people.matched(archive, options["owner"], create=create)
    except LookupError as error:
        raise CommandError(f"Nobody has the address {error}.") from error
    return Journey(archive, found, target, here, names["name"], names["slug"])


def given_names(options: dict[str, Any]) -> dict[str, str]:
    """Return the name and the address that were given, "" where none was.

    CommandError when an owner could not have chosen them either.
    """
    given = {"name": options["as_new"], "slug": options["slug"] or None}
    form = OrganizationForm(given)
    form.is_valid()
    for name, value in given.items():
        if value is not None and name in form.errors:
            raise CommandError(f"{value!r}: {form.errors[name][0]}")
    return {name: form.cleaned_data.get(name, "") for name in given}


def described(journey: Journey, found: Any) -> dict[str, Any]:
    """Return what an import changes as JSON knows it."""
    return {
        "organization": str(journey.target),
        "slug": journey.organization_row()["slug"],
        "archive": journey.archive.sha256,
        "tables": {one.table.name: one.as_dict() for one in found},
        "left_out": journey.left_out,
        "unknown": journey.people.unknown,
        "people_made": journey.people.made,
    }
