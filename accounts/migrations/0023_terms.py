from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0022_external_identity")]

    operations = [
        migrations.AddField(
            "user",
            "terms_version",
            models.CharField(
                blank=True,
                db_default="",
                default="",
                editable=False,
                max_length=40,
                verbose_name="accepted terms",
            ),
        ),
        migrations.AddField(
            "user",
            "terms_accepted_at",
            models.DateTimeField(
                editable=False, null=True, verbose_name="terms accepted"
            ),
        ),
    ]
