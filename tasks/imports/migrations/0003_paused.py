"""An import waits where no more tasks fit, and can go on."""

from django.db import migrations, models

STATES = [
    ("uploaded", "Columns to be chosen"),
    ("checking", "Being checked"),
    ("checked", "Ready to start"),
    ("running", "Running"),
    ("paused", "Paused"),
    ("finished", "Finished"),
    ("cancelled", "Cancelled"),
    ("failed", "Stopped"),
]
NAME = "imports_state"


class Migration(migrations.Migration):
    dependencies = [("imports", "0002_new_labels")]

    operations = [
        migrations.RemoveConstraint("import", NAME),
        migrations.AlterField(
            model_name="import",
            name="state",
            field=models.CharField(
                choices=STATES,
                default="uploaded",
                max_length=10,
                verbose_name="state",
            ),
        ),
        migrations.AddConstraint(
            "import",
            models.CheckConstraint(
                condition=models.Q(("state__in", [name for name, _words in STATES])),
                name=NAME,
            ),
        ),
    ]
