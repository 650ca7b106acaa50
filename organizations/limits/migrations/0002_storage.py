"""Files' bytes had a table of their own; they are a thing among the others now."""

from typing import Any

from django.db import migrations

from organizations.tenancy.operations import TenantRunPython

# A new database never had that table.
MOVE = """
DO $do$ BEGIN
  IF to_regclass('public.storage_storageuse') IS NOT NULL THEN
    INSERT INTO limits_usage (id, organization_id, key, used)
      SELECT id, organization_id, 'storage_bytes', bytes FROM storage_storageuse;
  END IF;
END $do$"""


def move(apps: Any, schema_editor: Any) -> None:
    schema_editor.execute(MOVE)


class Migration(migrations.Migration):
    dependencies = [("limits", "0001_initial")]

    operations = [
        TenantRunPython(move, migrations.RunPython.noop),
        migrations.RunSQL("DROP TABLE IF EXISTS storage_storageuse"),
    ]
