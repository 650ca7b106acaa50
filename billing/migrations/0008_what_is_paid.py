"""What a subscription costs, and who bought it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "__first__"),
        ("billing", "0007_at_stripe"),
    ]

    operations = [
        migrations.AddField(
            model_name="subscription",
            name="buyer",
            field=models.ForeignKey(
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="subscription",
            name="card",
            field=models.JSONField(blank=True, default=dict, verbose_name="card"),
        ),
        migrations.AddField(
            model_name="subscription",
            name="cents",
            field=models.PositiveIntegerField(default=0, verbose_name="price in cents"),
        ),
        migrations.AddField(
            model_name="subscription",
            name="currency",
            field=models.CharField(blank=True, max_length=3, verbose_name="currency"),
        ),
        migrations.AddField(
            model_name="subscription",
            name="interval",
            field=models.CharField(
                choices=[("month", "Monthly"), ("year", "Yearly")],
                default="month",
                max_length=5,
                verbose_name="interval",
            ),
        ),
    ]
