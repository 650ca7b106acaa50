"""A migration that leaves a table without walls, and loses rows."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("lab", "0001_initial")]
    operations = [
        migrations.RunSQL("CREATE TABLE oops (organization_id uuid)"),
        migrations.RunSQL("DELETE FROM tasks_taskassignee"),
    ]
