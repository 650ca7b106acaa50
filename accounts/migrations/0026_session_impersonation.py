from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0025_welcomed")]

    operations = [
        migrations.AddField(
            "session",
            "impersonation_id",
            models.UUIDField(editable=False, null=True),
        ),
    ]
