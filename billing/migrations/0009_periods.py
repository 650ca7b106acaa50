"""The periods of a subscription and of its trial."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0008_what_is_paid"),
    ]

    operations = [
        migrations.AddField(
            model_name="subscription",
            name="current_period_end",
            field=models.DateTimeField(null=True, verbose_name="period to"),
        ),
        migrations.AddField(
            model_name="subscription",
            name="current_period_start",
            field=models.DateTimeField(null=True, verbose_name="period from"),
        ),
        migrations.AddField(
            model_name="subscription",
            name="trial_end",
            field=models.DateTimeField(null=True, verbose_name="trial to"),
        ),
        migrations.AddField(
            model_name="subscription",
            name="trial_reminded_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="subscription",
            name="trial_start",
            field=models.DateTimeField(null=True, verbose_name="trial from"),
        ),
    ]
