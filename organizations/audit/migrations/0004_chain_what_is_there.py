"""Entries that are there become a chain: each hash covers all before it."""

from django.db import migrations

from organizations.audit.chain import TEXT

TABLE = "audit_auditentry"
REFUSAL = f"ALTER TABLE {TABLE} {{}} TRIGGER append_only_update"
# One pass in the order of time; the database's own text makes the hashes.
CHAIN = f"""
DO $do$
DECLARE house uuid; one record; place bigint; digest bytea;
BEGIN
  FOR house IN SELECT DISTINCT organization_id FROM {TABLE} LOOP
    place := 0; digest := ''::bytea;
    FOR one IN SELECT id FROM {TABLE} WHERE organization_id = house
        ORDER BY created_at, id LOOP
      place := place + 1;
      UPDATE {TABLE} SET sequence = place
        WHERE organization_id = house AND id = one.id;
      UPDATE {TABLE} e SET hash = sha256(digest || convert_to({TEXT.format(row="e")},
        'UTF8')) WHERE organization_id = house AND id = one.id
        RETURNING hash INTO digest;
    END LOOP;
  END LOOP;
END $do$"""  # noqa: S608


class Migration(migrations.Migration):
    dependencies = [("audit", "0003_places")]

    operations = [
        migrations.RunSQL(REFUSAL.format("DISABLE"), migrations.RunSQL.noop),
        migrations.RunSQL(CHAIN, migrations.RunSQL.noop),
        # The checks that wait for the end of the transaction stand in the way.
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.RunSQL(REFUSAL.format("ENABLE"), migrations.RunSQL.noop),
    ]
