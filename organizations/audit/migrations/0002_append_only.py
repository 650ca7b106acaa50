"""Entries are never changed, by any role: triggers refuse what grants never gave."""

from django.db import migrations

TABLES = ("audit_auditentry", "audit_platformentry")


def refuse(table: str, event: str, level: str) -> migrations.RunSQL:
    name = f"append_only_{event.lower()}"
    return migrations.RunSQL(
        f"CREATE TRIGGER {name} BEFORE {event} ON {table}"
        f" FOR EACH {level} EXECUTE FUNCTION app.refuse_change()",
        f"DROP TRIGGER {name} ON {table}",
    )


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [
        refuse(table, event, level)
        for table in TABLES
        for event, level in (
            ("UPDATE", "ROW"),
            ("DELETE", "ROW"),
            ("TRUNCATE", "STATEMENT"),
        )
    ]
