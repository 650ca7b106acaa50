from django.db import migrations, models

from tasks.ranks import DueOrNever


class Migration(migrations.Migration):
    dependencies = [("tasks", "0011_team")]

    operations = [
        migrations.AddIndex(
            "task",
            models.Index(
                "organization",
                DueOrNever("due_date"),
                "id",
                condition=models.Q(("deleted_at", None)),
                name="tasks_task_by_due",
            ),
        ),
        migrations.AddIndex(
            "task",
            models.Index(
                fields=["organization", "-priority", "-id"],
                condition=models.Q(("deleted_at", None)),
                name="tasks_task_by_priority",
            ),
        ),
    ]
