import django.db.models.deletion
from django.db import migrations, models

from organizations.tenancy.fields import TenantForeignKey


class Migration(migrations.Migration):
    dependencies = [("tasks", "0010_rank"), ("teams", "0002_teams_hold_members_only")]

    operations = [
        migrations.AddField(
            "task",
            "team",
            TenantForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="teams.team",
            ),
        ),
        migrations.AddIndex(
            "task",
            models.Index(fields=["organization", "team"], name="tasks_task_team"),
        ),
    ]
