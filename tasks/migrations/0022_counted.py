"""Tasks are counted from here on, those that are there as well."""

from typing import Any

from django.db import migrations

from organizations.limits.statements import statements as counter
from organizations.tenancy.operations import TenantRunPython
from tasks.counted import statements as triggers

# To make a trigger takes a lock under which nobody writes until all is counted.
COUNT = """
INSERT INTO limits_usage (id, organization_id, key, used)
SELECT gen_random_uuid(), t.organization_id, 'tasks', count(*) FROM tasks_task t
WHERE t.deleted_at IS NULL GROUP BY t.organization_id
ON CONFLICT (organization_id, key) DO UPDATE SET used = excluded.used"""


def count(apps: Any, schema_editor: Any) -> None:
    for statement in (*counter(), *triggers(), COUNT):
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [
        ("tasks", "0021_search_weights"),
        ("limits", "0002_storage"),
    ]

    operations = [TenantRunPython(count, migrations.RunPython.noop)]
