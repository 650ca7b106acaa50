"""Where tasks stand on the board. Those there already get their places in the order in
which they are stored, which is nearly that of their making."""

from django.db import migrations, models

from tasks.ranks import RankField, Top


class Migration(migrations.Migration):
    dependencies = [("tasks", "0002_assignees_are_members")]

    operations = [
        migrations.AddField(
            "task", "rank", RankField(db_default=Top(), editable=False)
        ),
        migrations.AddIndex(
            "task",
            models.Index(
                condition=models.Q(("deleted_at", None)),
                fields=["organization", "status", "rank", "id"],
                name="tasks_task_board",
            ),
        ),
    ]
