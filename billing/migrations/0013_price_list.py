"""The price list: seats, yearly prices, trials and what each plan holds.

Only plans that nobody changed since they were first written are changed.
"""

from typing import Any

from django.db import migrations

GB = 10**9
PLANS = {
    "free": {
        "was": 0,
        "description": "For a few people who want to see whether it fits.",
        "limits": {
            "members": 5,
            "tasks": 1_000,
            "storage_bytes": 10**8,
            "api_keys": 1,
            "webhooks": 1,
        },
    },
    "starter": {
        "was": 900,
        "description": "For a team that works in it every day.",
        "monthly_cents": 900,
        "yearly_cents": 9_000,
        "is_per_seat": True,
        "trial_days": 14,
        "limits": {
            "members": 15,
            "tasks": 20_000,
            "storage_bytes": 5 * GB,
            "api_keys": 5,
            "webhooks": 5,
        },
    },
    "pro": {
        "was": 2900,
        "description": "For several teams that connect their other tools.",
        "monthly_cents": 1_900,
        "yearly_cents": 19_000,
        "is_per_seat": True,
        "trial_days": 14,
        "limits": {
            "members": 100,
            "storage_bytes": 100 * GB,
            "api_keys": 50,
            "webhooks": 50,
        },
    },
    "enterprise": {
        "was": 9900,
        "description": "For those who need a contract, an invoice and no limits.",
        "monthly_cents": 0,
        "yearly_cents": 0,
        "is_for_sale": False,
        "limits": {},
    },
}


def price(apps: Any, schema_editor: Any) -> None:
    plan = apps.get_model("billing", "Plan")
    for code, values in PLANS.items():
        values = dict(values)
        rows = plan.objects.using(schema_editor.connection.alias)
        rows.filter(code=code, monthly_cents=values.pop("was")).update(**values)


class Migration(migrations.Migration):
    dependencies = [("billing", "0012_late")]

    operations = [migrations.RunPython(price, migrations.RunPython.noop)]
