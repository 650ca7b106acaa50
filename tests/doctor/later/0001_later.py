from django.db import migrations


class Migration(migrations.Migration):
    """What a newer release would bring."""

    initial = True
