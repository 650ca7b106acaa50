"""How late a payment is, and what was done about it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0011_given"),
    ]

    operations = [
        migrations.AddField(
            model_name="subscription",
            name="dunning_step",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="subscription",
            name="past_due_since",
            field=models.DateTimeField(null=True, verbose_name="payment late since"),
        ),
    ]
