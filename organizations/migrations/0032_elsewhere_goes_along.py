"""What an organization is elsewhere goes with it, whoever deletes its row."""

from django.db import migrations

TABLE = "organizations_externalorganization"
NOW = "organizations_external_goes_along"
# Django gave the key a name with a hash in it; it is the table's only one.
RENAMED = f"""
DO $do$ DECLARE old text; BEGIN
  SELECT conname INTO STRICT old FROM pg_constraint
    WHERE conrelid = '{TABLE}'::regclass AND contype = 'f';
  EXECUTE format('ALTER TABLE {TABLE} DROP CONSTRAINT %I', old);
  ALTER TABLE {TABLE} ADD CONSTRAINT {NOW}
    FOREIGN KEY (organization_id) REFERENCES organizations_organization (id)
    ON DELETE CASCADE DEFERRABLE INITIALLY IMMEDIATE;
END $do$"""  # noqa: S608


class Migration(migrations.Migration):
    dependencies = [("organizations", "0031_external_organization")]

    operations = [migrations.RunSQL(RENAMED, migrations.RunSQL.noop)]
