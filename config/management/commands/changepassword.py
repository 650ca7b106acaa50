from typing import Any

from django.contrib.auth.management.commands import changepassword
from django.db import transaction

from accounts.models import User
from organizations.audit.recording import record
from organizations.tenancy import identity


class Command(changepassword.Command):
    help = "Set the password of a person, named by their e-mail address"

    def handle(self, *args: Any, **options: Any) -> str | None:
        address = (options["username"] or "").lower()
        with identity(), transaction.atomic():
            told = super().handle(*args, **{**options, "username": address})
            record("user.password_changed", User.objects.get(email=address))
        return told
