"""Whoever leaves an organization is mentioned nowhere and follows nothing: by keys."""

from django.db import migrations


def belonging(table, name):
    return migrations.RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {name}"
        " FOREIGN KEY (organization_id, user_id)"
        " REFERENCES organizations_membership (organization_id, user_id)"
        " ON DELETE CASCADE DEFERRABLE INITIALLY IMMEDIATE",
        f"ALTER TABLE {table} DROP CONSTRAINT {name}",
    )


class Migration(migrations.Migration):
    dependencies = [("comments", "0001_initial"), ("organizations", "0001_initial")]

    operations = [
        belonging("comments_mention", "comments_mention_is_member"),
        belonging("comments_taskwatcher", "comments_watcher_is_member"),
    ]
