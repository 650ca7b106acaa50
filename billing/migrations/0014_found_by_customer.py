"""Finding whose customer an event is about."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0013_price_list"),
        ("organizations", "0032_elsewhere_goes_along"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="subscription",
            index=models.Index(
                condition=models.Q(("stripe_customer_id", ""), _negated=True),
                fields=["stripe_customer_id", "organization"],
                name="billing_subscription_customer",
            ),
        ),
    ]
