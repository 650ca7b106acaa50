from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.management.commands import createsuperuser
from django.db import transaction

from accounts.models import User
from organizations.audit.recording import record
from organizations.tenancy import identity


class Command(createsuperuser.Command):
    help = "Make somebody who may do everything in the operator's console"

    def handle(self, *args: Any, **options: Any) -> None:
        # Whoever runs this vouches for the address: a new server may not mail yet.
        with identity(), transaction.atomic():
            super().handle(*args, **options)
            without = User.objects.filter(is_superuser=True, emailaddress=None)
            for user in without.order_by("date_joined"):
                EmailAddress.objects.create(
                    user=user, email=user.email, verified=True, primary=True
                )
                record("user.made_superuser", user, after={"email": user.email})
