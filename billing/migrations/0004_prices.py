"""The prices at Stripe that a plan has or had."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import organizations.tenancy.fields


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0003_plan_terms"),
    ]

    operations = [
        migrations.CreateModel(
            name="Price",
            fields=[
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        editable=False,
                    ),
                ),
                ("updated_at", organizations.tenancy.fields.UpdatedAt()),
                (
                    "id",
                    models.CharField(max_length=255, primary_key=True, serialize=False),
                ),
                (
                    "interval",
                    models.CharField(
                        choices=[("month", "Monthly"), ("year", "Yearly")],
                        max_length=5,
                        verbose_name="interval",
                    ),
                ),
                ("cents", models.PositiveIntegerField(verbose_name="cents")),
                ("currency", models.CharField(max_length=3, verbose_name="currency")),
                (
                    "is_current",
                    models.BooleanField(default=True, verbose_name="current"),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="prices",
                        to="billing.plan",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_current", True)),
                        fields=("plan", "interval"),
                        name="billing_price_current",
                    )
                ],
            },
        ),
    ]
