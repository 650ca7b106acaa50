"""The steps every installation starts with; staff change them in the console."""

from typing import Any

from django.db import migrations

# Whether each can be skipped. The words are those of the kind, in everybody's language.
STEPS = {
    "profile": True,
    "organization": False,
    "colleagues": True,
    "first_tasks": True,
}


def add_steps(apps: Any, schema_editor: Any) -> None:
    step = apps.get_model("onboarding", "WelcomeStep")
    rows = step.objects.using(schema_editor.connection.alias)
    for place, (kind, is_skippable) in enumerate(STEPS.items(), 1):
        rows.get_or_create(
            kind=kind,
            defaults={"position": place * 10, "is_skippable": is_skippable},
        )


class Migration(migrations.Migration):
    dependencies = [("onboarding", "0001_initial")]

    operations = [migrations.RunPython(add_steps, migrations.RunPython.noop)]
