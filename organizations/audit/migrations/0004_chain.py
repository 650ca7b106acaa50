"""The database chains every entry, and those from before."""

from typing import Any

from django.db import migrations

from organizations.audit.chain import linking
from organizations.tenancy.operations import TenantRunPython


def chain(apps: Any, editor: Any) -> None:
    # Today's text is that time's text: the chain knows only one.
    for statement in linking():
        editor.execute(statement, None)


def unchain(apps: Any, editor: Any) -> None:
    editor.execute("DROP TRIGGER audit_chain ON audit_auditentry", None)


class Migration(migrations.Migration):
    dependencies = [("audit", "0003_sequence_and_hash")]

    operations = [TenantRunPython(chain, unchain)]
