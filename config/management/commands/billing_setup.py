from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from billing.gateway import Refused, StripeAway
from billing.intake.equipping import equip
from organizations.tenancy import operator


class Command(BaseCommand):
    help = "Make prices, endpoint and portal at Stripe what the plans ask for"

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.STRIPE_SECRET_KEY:
            raise CommandError("Set STRIPE_SECRET_KEY: there is nobody to ask.")
        if not settings.HAS_CONSOLE:
            raise CommandError("Set DATABASE_OPERATOR_URL: prices are everybody's.")
        try:
            with operator(None, reason="billing_setup"):
                done = list(equip())
        except (StripeAway, Refused) as error:
            raise CommandError(f"Stripe said: {error}") from error
        if options["verbosity"]:
            for line in done or ["Everything is at Stripe already."]:
                self.stdout.write(line)
