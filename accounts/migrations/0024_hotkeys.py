from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0023_terms")]

    operations = [
        migrations.AddField(
            "user",
            "hotkeys",
            models.BooleanField(
                db_default=True,
                default=True,
                verbose_name="single keys on the keyboard",
            ),
        ),
    ]
