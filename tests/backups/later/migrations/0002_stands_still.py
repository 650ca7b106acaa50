"""A migration under which nobody reads labels for most of a second."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("lab", "0001_initial")]
    operations = [
        migrations.RunSQL("ALTER TABLE lab_label ADD COLUMN later integer"),
        migrations.RunSQL("SELECT pg_sleep(0.7)"),
    ]
