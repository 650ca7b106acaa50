"""Whoever was here before the set-up has finished it."""

from typing import Any

from django.db import migrations
from django.utils import timezone

from organizations.tenancy.operations import TenantRunPython


def welcome(apps: Any, schema_editor: Any) -> None:
    people = apps.get_model("accounts", "User").objects
    found = people.using(schema_editor.connection.alias).filter(welcomed_at=None)
    found.update(onboarding_completed=True, welcomed_at=timezone.now())


class Migration(migrations.Migration):
    dependencies = [
        ("onboarding", "0002_first_steps"),
        ("accounts", "0025_welcomed"),
    ]

    operations = [TenantRunPython(welcome, migrations.RunPython.noop)]
