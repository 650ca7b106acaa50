"""How often each key of an organization may ask within a minute."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("organizations", "0033_standing")]

    operations = [
        migrations.AddField(
            model_name="organization",
            name="api_per_minute",
            field=models.PositiveIntegerField(
                db_default=60, default=60, editable=False
            ),
        ),
    ]
