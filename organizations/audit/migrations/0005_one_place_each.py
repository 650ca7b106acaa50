"""Every entry has a place and a hash, and no place is taken twice."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("audit", "0004_chain")]

    operations = [
        migrations.AlterField(
            "auditentry", "sequence", models.BigIntegerField(editable=False)
        ),
        migrations.AlterField("auditentry", "hash", models.BinaryField(editable=False)),
        migrations.AddConstraint(
            "auditentry",
            models.UniqueConstraint(
                fields=["organization", "sequence"], name="audit_entry_place"
            ),
        ),
    ]
