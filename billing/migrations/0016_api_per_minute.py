"""What each plan allows a key, and what organizations on it have from then on."""

from typing import Any

from django.db import migrations, models

from organizations.tenancy.operations import TenantRunPython

RATES = {"free": 60, "starter": 300, "pro": 1000, "enterprise": 5000}
COPY = """
UPDATE organizations_organization o SET api_per_minute = p.api_per_minute
  FROM billing_plan p WHERE p.code = o.plan"""


def rate(apps: Any, schema_editor: Any) -> None:
    rows = apps.get_model("billing", "Plan").objects
    for code, most in RATES.items():
        found = rows.using(schema_editor.connection.alias).filter(code=code)
        found.update(api_per_minute=most)


def copy(apps: Any, schema_editor: Any) -> None:
    schema_editor.execute(COPY)


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0015_item_at_stripe"),
        ("organizations", "0034_api_per_minute"),
    ]

    operations = [
        migrations.AddField(
            model_name="plan",
            name="api_per_minute",
            field=models.PositiveIntegerField(
                db_default=60,
                default=60,
                help_text="Requests to the API that each key may make.",
                verbose_name="API requests a minute",
            ),
        ),
        migrations.RunPython(rate, migrations.RunPython.noop),
        TenantRunPython(copy, migrations.RunPython.noop),
    ]
