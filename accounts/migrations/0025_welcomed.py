from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0024_hotkeys")]

    operations = [
        migrations.AddField(
            "user",
            "welcomed_at",
            models.DateTimeField(
                editable=False, null=True, verbose_name="set-up finished at"
            ),
        ),
        migrations.AlterField(
            "user",
            "onboarding_completed",
            models.BooleanField(
                default=False, editable=False, verbose_name="set-up finished"
            ),
        ),
    ]
