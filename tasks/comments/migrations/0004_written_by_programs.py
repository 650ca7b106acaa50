"""A comment can be a program's: then it has a name in its author's place."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("comments", "0003_search")]

    operations = [
        migrations.AlterField(
            "comment",
            "author",
            models.ForeignKey(
                settings.AUTH_USER_MODEL,
                models.PROTECT,
                null=True,
                related_name="+",
                db_index=False,
            ),
        ),
        migrations.AddField(
            "comment",
            "author_name",
            models.CharField(
                max_length=201, blank=True, default="", db_default="", editable=False
            ),
        ),
        migrations.AddConstraint(
            "comment",
            models.CheckConstraint(
                condition=models.Q(author__isnull=False) | ~models.Q(author_name=""),
                name="comments_somebody_wrote",
            ),
        ),
    ]
