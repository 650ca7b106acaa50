"""Which item of a subscription is changed when its plan is."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0014_found_by_customer"),
    ]

    operations = [
        migrations.AddField(
            model_name="subscription",
            name="stripe_item_id",
            field=models.CharField(blank=True, max_length=255, verbose_name="item"),
        ),
    ]
