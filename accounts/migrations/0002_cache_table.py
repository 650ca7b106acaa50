"""The table of Django's database cache, which all processes share."""

from django.db import migrations

CREATE = """
CREATE TABLE insula_cache (
    cache_key varchar(255) NOT NULL PRIMARY KEY,
    value text NOT NULL,
    expires timestamp with time zone NOT NULL
)"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [
        migrations.RunSQL(CREATE, "DROP TABLE insula_cache"),
        migrations.RunSQL(
            "CREATE INDEX insula_cache_expires ON insula_cache (expires)",
            migrations.RunSQL.noop,
        ),
    ]
