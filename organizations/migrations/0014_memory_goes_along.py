"""Where people were last goes with the organization, whoever deletes its row."""

from django.db import migrations

TABLE = "organizations_lastorganization"
BEFORE = "organizations_lastor_organization_id_9f9ed126_fk_organizat"
NOW = "organizations_last_goes_along"
KEY = (
    f"ALTER TABLE {TABLE} DROP CONSTRAINT {{old}}, ADD CONSTRAINT {{new}}"
    " FOREIGN KEY (organization_id) REFERENCES organizations_organization (id)"
)


class Migration(migrations.Migration):
    dependencies = [("organizations", "0013_logo_below_its_organization")]

    operations = [
        migrations.RunSQL(
            KEY.format(old=BEFORE, new=NOW)
            + " ON DELETE CASCADE DEFERRABLE INITIALLY IMMEDIATE",
            KEY.format(old=NOW, new=BEFORE) + " DEFERRABLE INITIALLY DEFERRED",
        ),
    ]
