"""Subscriptions given by staff, and what belongs to none of Stripe's."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0010_endings"),
    ]

    operations = [
        migrations.AddField(
            model_name="subscription",
            name="billing_email",
            field=models.EmailField(
                blank=True, max_length=254, verbose_name="invoices go to"
            ),
        ),
        migrations.AddField(
            model_name="subscription",
            name="comped_until",
            field=models.DateTimeField(
                blank=True, null=True, verbose_name="given until"
            ),
        ),
        migrations.AddField(
            model_name="subscription",
            name="is_comped",
            field=models.BooleanField(default=False, verbose_name="given by staff"),
        ),
        migrations.AddField(
            model_name="subscription",
            name="metadata",
            field=models.JSONField(blank=True, default=dict),
        ),
    ]
