from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0010_active_team")]

    operations = [
        migrations.AddField(
            "user",
            "ban_message",
            models.TextField(
                blank=True, default="", verbose_name="what the person is told"
            ),
        ),
    ]
