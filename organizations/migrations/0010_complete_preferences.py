"""Preferences are complete, so that each key can be asked for in a query."""

from django.db import migrations, models

import organizations.preferences
from organizations.tenancy.operations import TenantRunPython

DEFAULTS = {
    "theme": "system",
    "language": "en",
    "notifications": {"email": True, "push": False},
}


def complete(apps, schema_editor):
    organizations = apps.get_model("organizations", "Organization")._base_manager
    # The owner's own connection: a new database gives nobody else a right yet.
    for organization in organizations.using(schema_editor.connection.alias):
        organization.settings = DEFAULTS | organization.settings
        organization.save(update_fields=["settings"])


class Migration(migrations.Migration):
    dependencies = [("organizations", "0001_initial")]

    operations = [
        migrations.AlterField(
            model_name="organization",
            name="settings",
            field=models.JSONField(
                blank=True,
                default=organizations.preferences.default_preferences,
                validators=[organizations.preferences.valid_preferences],
                verbose_name="preferences",
            ),
        ),
        TenantRunPython(complete, migrations.RunPython.noop),
    ]
