"""From here on the database links each new entry to the one before it."""

from django.db import migrations, models

from organizations.audit.chain import link_function


class Migration(migrations.Migration):
    dependencies = [("audit", "0004_chain_what_is_there")]

    operations = [
        migrations.AlterField(
            "auditentry", "sequence", models.BigIntegerField(editable=False)
        ),
        migrations.AlterField("auditentry", "hash", models.BinaryField(editable=False)),
        migrations.AddConstraint(
            "auditentry",
            models.UniqueConstraint(
                fields=["organization", "sequence"], name="audit_entry_place"
            ),
        ),
        migrations.RunSQL(link_function(), "DROP FUNCTION app.link_entry() CASCADE"),
        migrations.RunSQL(
            "CREATE TRIGGER link_entry BEFORE INSERT ON audit_auditentry"
            " FOR EACH ROW EXECUTE FUNCTION app.link_entry()",
            migrations.RunSQL.noop,
        ),
    ]
