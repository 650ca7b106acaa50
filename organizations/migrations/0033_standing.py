"""What bills leave an organization, what it is over, and what staff granted it."""

from django.db import migrations, models

STANDINGS = ["good", "read_only", "suspended"]


class Migration(migrations.Migration):
    dependencies = [("organizations", "0032_elsewhere_goes_along")]

    operations = [
        migrations.AddField(
            model_name="organization",
            name="limit_overrides",
            field=models.JSONField(
                blank=True, db_default={}, default=dict, editable=False
            ),
        ),
        migrations.AddField(
            model_name="organization",
            name="over",
            field=models.JSONField(
                blank=True, db_default=[], default=list, editable=False
            ),
        ),
        migrations.AddField(
            model_name="organization",
            name="standing",
            field=models.CharField(
                choices=[
                    ("good", "Good"),
                    ("read_only", "Read-only"),
                    ("suspended", "Suspended"),
                ],
                db_default="good",
                default="good",
                editable=False,
                max_length=10,
                verbose_name="standing",
            ),
        ),
        migrations.AddConstraint(
            model_name="organization",
            constraint=models.CheckConstraint(
                condition=models.Q(standing__in=STANDINGS),
                name="organizations_standing",
            ),
        ),
    ]
