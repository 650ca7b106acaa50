"""What was counted of an organization goes with it, whoever deletes its row."""

from django.db import migrations

TABLE = "events_productevent"
NOW = "events_product_goes_along"
# Django gave the key a name with a hash in it.
RENAMED = f"""
DO $do$ DECLARE old text; BEGIN
  SELECT conname INTO STRICT old FROM pg_constraint
    WHERE conrelid = '{TABLE}'::regclass AND contype = 'f'
      AND confrelid = 'organizations_organization'::regclass;
  EXECUTE format('ALTER TABLE {TABLE} DROP CONSTRAINT %I', old);
  ALTER TABLE {TABLE} ADD CONSTRAINT {NOW}
    FOREIGN KEY (organization_id) REFERENCES organizations_organization (id)
    ON DELETE CASCADE DEFERRABLE INITIALLY IMMEDIATE;
END $do$"""  # noqa: S608


class Migration(migrations.Migration):
    dependencies = [("events", "0001_initial")]

    operations = [migrations.RunSQL(RENAMED, migrations.RunSQL.noop)]
