"""What a plan costs a year, whom it is counted for, and whether it can be tried."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0002_plans"),
    ]

    operations = [
        migrations.AddField(
            model_name="plan",
            name="description",
            field=models.CharField(
                blank=True, max_length=200, verbose_name="description"
            ),
        ),
        migrations.AddField(
            model_name="plan",
            name="is_for_sale",
            field=models.BooleanField(
                db_default=True, default=True, verbose_name="for sale"
            ),
        ),
        migrations.AddField(
            model_name="plan",
            name="is_per_seat",
            field=models.BooleanField(
                db_default=False, default=False, verbose_name="priced for each member"
            ),
        ),
        migrations.AddField(
            model_name="plan",
            name="trial_days",
            field=models.PositiveSmallIntegerField(
                db_default=0, default=0, verbose_name="days of trial"
            ),
        ),
        migrations.AddField(
            model_name="plan",
            name="yearly_cents",
            field=models.PositiveIntegerField(default=0, verbose_name="price a year"),
        ),
    ]
