"""Who no longer belongs to an organization no longer does its tasks: the key says so."""

from django.db import migrations

from organizations.tenancy.operations import TenantRunPython


def forget_strangers(apps, schema_editor):
    using = schema_editor.connection.alias
    assignees = apps.get_model("tasks", "TaskAssignee")._base_manager.using(using)
    members = apps.get_model("organizations", "Membership")._base_manager.using(using)
    for organization in set(assignees.values_list("organization_id", flat=True)):
        there = members.filter(organization_id=organization).values("user_id")
        rows = assignees.filter(organization_id=organization)
        rows.exclude(user_id__in=there).delete()


class Migration(migrations.Migration):
    dependencies = [("tasks", "0001_initial"), ("organizations", "0001_initial")]

    operations = [
        TenantRunPython(forget_strangers, migrations.RunPython.noop),
        migrations.RunSQL(
            "ALTER TABLE tasks_taskassignee ADD CONSTRAINT tasks_assignee_is_member"
            " FOREIGN KEY (organization_id, user_id)"
            " REFERENCES organizations_membership (organization_id, user_id)"
            " ON DELETE CASCADE DEFERRABLE INITIALLY IMMEDIATE",
            "ALTER TABLE tasks_taskassignee DROP CONSTRAINT tasks_assignee_is_member",
        ),
    ]
