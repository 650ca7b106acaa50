"""Where a subscription is found at Stripe."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0006_states"),
    ]

    operations = [
        migrations.AddField(
            model_name="subscription",
            name="stripe_customer_id",
            field=models.CharField(blank=True, max_length=255, verbose_name="customer"),
        ),
        migrations.AddField(
            model_name="subscription",
            name="stripe_price_id",
            field=models.CharField(blank=True, max_length=255, verbose_name="price"),
        ),
        migrations.AddField(
            model_name="subscription",
            name="stripe_schedule_id",
            field=models.CharField(blank=True, max_length=255, verbose_name="schedule"),
        ),
        migrations.AddField(
            model_name="subscription",
            name="stripe_subscription_id",
            field=models.CharField(
                blank=True, max_length=255, verbose_name="subscription at Stripe"
            ),
        ),
        migrations.AddField(
            model_name="subscription",
            name="synced_at",
            field=models.DateTimeField(null=True, verbose_name="read from Stripe"),
        ),
    ]
