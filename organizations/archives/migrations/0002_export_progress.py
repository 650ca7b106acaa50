from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("archives", "0001_export")]

    operations = [
        migrations.AddField(
            model_name="export",
            name="done",
            field=models.BigIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="export",
            name="total",
            field=models.BigIntegerField(db_default=0, default=0),
        ),
    ]
