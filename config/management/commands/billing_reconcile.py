from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from billing.intake.reconciling import reconcile
from organizations.tenancy import identity, no_context


class Command(BaseCommand):
    help = "Compare what we say of each organization with Stripe; exit 1 if it differs"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--repair", action="store_true", help="write what Stripe says"
        )
        parser.add_argument("--organization", default="", help="only the one there")

    def handle(
        self, *args: Any, repair: bool, organization: str, **options: Any
    ) -> None:
        if not settings.BILLING_ON:
            raise CommandError("Set STRIPE_SECRET_KEY: there is nobody to ask.")
        wrong = mended = 0
        with no_context(), identity():
            for found in reconcile(repair=repair, slug=organization):
                self.stdout.write(str(found))
                mended += found.is_mended
                wrong += not (found.is_mended or found.is_told)
        if wrong:
            raise CommandError(f"{wrong} things differ from Stripe.")
        told = f"{mended} things were mended." if mended else "Nothing differs."
        self.stdout.write(told)
