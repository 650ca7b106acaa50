"""Titles weigh more than descriptions, so that search can put them first.

A generated column's expression cannot be changed: the column is made anew, which
writes the table once.
"""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tasks", "0020_comment_count")]

    operations = [
        migrations.RemoveIndex("task", "tasks_task_search"),
        migrations.RemoveField("task", "search"),
        migrations.AddField(
            "task",
            "search",
            models.GeneratedField(
                expression=SearchVector("title", weight="A", config="simple")
                + SearchVector("description", weight="B", config="simple"),
                output_field=SearchVectorField(),
                db_persist=True,
            ),
        ),
        migrations.AddIndex(
            "task", GinIndex(fields=["search"], name="tasks_task_search")
        ),
    ]
