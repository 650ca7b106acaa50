"""A dry run tells which labels an import would make."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("imports", "0001_initial")]

    operations = [
        migrations.AddField("import", "new_labels", models.JSONField(default=list)),
    ]
