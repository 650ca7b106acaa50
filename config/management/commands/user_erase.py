import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from config.operator.leftovers import forget_everywhere, leftovers
from organizations.personal.erasure import IsStaff, SoleOwner, erase
from organizations.tenancy import identity


class Command(BaseCommand):
    help = "Erase a person: the row stays, without anything that says who it was"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument(
            "--verify",
            action="store_true",
            help="look for the address and the name in every column; 1 when found",
        )
        parser.add_argument(
            "--name", help="the name to look for, of somebody who is erased already"
        )

    def handle(self, *args: Any, email: str, verify: bool, **options: Any) -> None:
        if not settings.HAS_CONSOLE:
            raise CommandError("Set DATABASE_OPERATOR_URL: erasing looks everywhere.")
        email = email.strip().lower()
        with identity():
            person = User.objects.filter(email=email).first()
            if person is None and not verify:
                raise CommandError(f"Nobody has the address {email}.")
            name = options["name"] or (full_name(person) if person else "")
            if person is not None:
                self.erase(person, email)
        if verify and not self.is_clean([term for term in (email, name) if term]):
            sys.exit(1)

    def erase(self, person: User, email: str) -> None:
        try:
            neutral = erase(user=person, by=None)
        except SoleOwner as error:
            raise CommandError(
                f"The only owner of {error}. Make somebody else owner first."
            ) from error
        except IsStaff as error:
            raise CommandError("Take their staff rights away first.") from error
        forget_everywhere(email, neutral)
        self.stdout.write(f"Erased: {neutral}")

    def is_clean(self, terms: list[str]) -> bool:
        found, closed = leftovers(terms)
        for one in found:
            if one.reason:
                self.stdout.write(f"kept   {one} ({one.reason})")
        bad = [one for one in found if not one.reason]
        for one in bad:
            self.stdout.write(f"found  {one}")
        for table in closed:
            self.stdout.write(f"closed {table}: it cannot be read")
        if not bad and not closed:
            self.stdout.write("Nothing else names them.")
        return not bad and not closed


def full_name(person: User) -> str:
    return f"{person.first_name} {person.last_name}".strip()
