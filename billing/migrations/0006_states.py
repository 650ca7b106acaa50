"""All states that a subscription can have at Stripe."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0005_invoices"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="subscription",
            name="billing_subscription_status",
        ),
        migrations.AlterField(
            model_name="subscription",
            name="status",
            field=models.CharField(
                choices=[
                    ("active", "Active"),
                    ("trialing", "Trial"),
                    ("past_due", "Past due"),
                    ("unpaid", "Unpaid"),
                    ("paused", "Paused"),
                    ("canceled", "Canceled"),
                    ("incomplete", "Incomplete"),
                    ("incomplete_expired", "Incomplete, expired"),
                ],
                default="incomplete",
                max_length=20,
                verbose_name="status",
            ),
        ),
        migrations.AddConstraint(
            model_name="subscription",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "status__in",
                        [
                            "active",
                            "trialing",
                            "past_due",
                            "unpaid",
                            "paused",
                            "canceled",
                            "incomplete",
                            "incomplete_expired",
                        ],
                    )
                ),
                name="billing_subscription_status",
            ),
        ),
    ]
