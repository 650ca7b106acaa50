"""The four plans every installation starts with; staff edit them in the console."""

from typing import Any

from django.db import migrations

PLANS = [
    ("free", "Free", 0, 0, {"members": 5, "tasks": 1_000, "storage_bytes": 10**8}),
    ("starter", "Starter", 10, 900, {"members": 15, "tasks": 20_000}),
    ("pro", "Pro", 20, 2900, {"members": 100}),
    ("enterprise", "Enterprise", 30, 9900, {}),
]


def add_plans(apps: Any, schema_editor: Any) -> None:
    plan = apps.get_model("billing", "Plan")
    rows = plan.objects.using(schema_editor.connection.alias)
    for code, name, rank, cents, limits in PLANS:
        rows.get_or_create(
            code=code,
            defaults={
                "name": name,
                "rank": rank,
                "monthly_cents": cents,
                "limits": limits,
            },
        )


class Migration(migrations.Migration):
    dependencies = [("billing", "0001_initial")]

    operations = [migrations.RunPython(add_plans, migrations.RunPython.noop)]
