"""A change of many tasks can be a program's: then it has a name in its maker's place."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("changesets", "0003_labels_made")]

    operations = [
        migrations.AlterField(
            "changeset",
            "made_by",
            models.ForeignKey(
                settings.AUTH_USER_MODEL,
                models.PROTECT,
                null=True,
                related_name="+",
                db_index=False,
            ),
        ),
        migrations.AddField(
            "changeset",
            "program",
            models.CharField(
                "program",
                max_length=201,
                blank=True,
                default="",
                db_default="",
                editable=False,
            ),
        ),
    ]
