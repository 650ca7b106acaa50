"""The first flag: sending everything that failed once more. It is on."""

from typing import Any

from django.db import migrations

KEY = "webhooks_replay_failed"
VALUES = {
    "name": "Replay of all failed deliveries",
    "description": "Members send everything to a webhook once more that failed in the"
    " last days. One that is pulled spares the queue.",
    "default_enabled": True,
}


def add_flag(apps: Any, schema_editor: Any) -> None:
    flags = apps.get_model("flags", "FeatureFlag").objects
    rows = flags.using(schema_editor.connection.alias)
    rows.get_or_create(key=KEY, defaults=VALUES)


class Migration(migrations.Migration):
    dependencies = [("flags", "0001_initial")]

    operations = [migrations.RunPython(add_flag, migrations.RunPython.noop)]
