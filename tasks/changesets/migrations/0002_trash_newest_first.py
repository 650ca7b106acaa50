"""The trash is read from the task deleted last, and most tasks are not in it."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("changesets", "0001_initial"),
        ("tasks", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(
            "CREATE INDEX tasks_task_trash ON tasks_task"
            " (organization_id, deleted_at DESC, id DESC)"
            " WHERE deleted_at IS NOT NULL",
            "DROP INDEX tasks_task_trash",
        ),
    ]
