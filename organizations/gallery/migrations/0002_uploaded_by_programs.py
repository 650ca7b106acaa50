"""A picture can be uploaded by a program, whose key belongs to no person."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("gallery", "0001_initial")]

    operations = [
        migrations.AlterField(
            "image",
            "uploaded_by",
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
