"""How many comments a task has, so that lists need not count them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tasks", "0012_sorted")]

    operations = [
        migrations.AddField(
            "task",
            "comment_count",
            models.SmallIntegerField(default=0, db_default=0, editable=False),
        ),
    ]
