"""What is said about a task is found as its title is."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("comments", "0002_people_are_members")]

    operations = [
        migrations.AddField(
            "comment",
            "search",
            models.GeneratedField(
                db_persist=True,
                expression=SearchVector("body", config="simple"),
                output_field=SearchVectorField(),
            ),
        ),
        migrations.AddIndex(
            "comment", GinIndex(fields=["search"], name="comments_search")
        ),
    ]
