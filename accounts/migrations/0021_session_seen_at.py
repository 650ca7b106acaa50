from django.db import migrations, models
from django.db.models.functions import Now


class Migration(migrations.Migration):
    dependencies = [("accounts", "0020_ban_message")]

    operations = [
        migrations.AddField(
            model_name="session",
            name="seen_at",
            field=models.DateTimeField(db_default=Now(), editable=False),
        ),
    ]
