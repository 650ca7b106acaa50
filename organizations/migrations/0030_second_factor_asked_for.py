from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("organizations", "0016_members_with_custom_roles")]

    operations = [
        migrations.AddField(
            model_name="organization",
            name="requires_second_factor",
            field=models.BooleanField(
                db_default=False, default=False, verbose_name="asks for a second step"
            ),
        ),
    ]
