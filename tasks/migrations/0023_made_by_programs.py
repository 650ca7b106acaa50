"""A task can be made by a program, whose key belongs to no person."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tasks", "0022_counted")]

    operations = [
        migrations.AlterField(
            "task",
            "created_by",
            models.ForeignKey(
                settings.AUTH_USER_MODEL,
                models.PROTECT,
                null=True,
                related_name="+",
                editable=False,
                db_index=False,
            ),
        ),
    ]
