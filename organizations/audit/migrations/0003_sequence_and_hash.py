"""Entries get a place and a hash; both stay empty until the next migration."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_append_only")]

    operations = [
        migrations.AddField(
            "auditentry", "sequence", models.BigIntegerField(editable=False, null=True)
        ),
        migrations.AddField(
            "auditentry", "hash", models.BinaryField(editable=False, null=True)
        ),
    ]
