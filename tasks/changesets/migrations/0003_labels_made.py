"""Undoing an import removes the labels that it made."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("changesets", "0002_trash_newest_first")]

    operations = [
        migrations.AddField(
            "changeset", "labels_made", models.JSONField(default=list, editable=False)
        ),
    ]
