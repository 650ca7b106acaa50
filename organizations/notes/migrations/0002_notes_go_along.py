"""Notes about an organization go with it, whoever deletes its row; a note that only calls
another one the same stays without saying so."""

from django.db import migrations

TABLE = "notes_staffnote"
# Django gave the keys names with a hash in them.
RENAMED = f"""
DO $do$ DECLARE side text; ending text; old text; BEGIN
  FOREACH side IN ARRAY ARRAY['house', 'same_house'] LOOP
    ending := CASE side WHEN 'house' THEN 'CASCADE' ELSE 'SET NULL' END;
    SELECT c.conname INTO STRICT old FROM pg_constraint c
      JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
      WHERE c.conrelid = '{TABLE}'::regclass AND c.contype = 'f'
        AND a.attname = side || '_id';
    EXECUTE format('ALTER TABLE {TABLE} DROP CONSTRAINT %I', old);
    EXECUTE format('ALTER TABLE {TABLE} ADD CONSTRAINT %I'
      ' FOREIGN KEY (%I) REFERENCES organizations_organization (id)'
      ' ON DELETE %s DEFERRABLE INITIALLY IMMEDIATE',
      'notes_' || side || '_goes_along', side || '_id', ending);
  END LOOP;
END $do$"""  # noqa: S608


class Migration(migrations.Migration):
    dependencies = [("notes", "0001_initial")]

    operations = [migrations.RunSQL(RENAMED, migrations.RunSQL.noop)]
