"""Whoever leaves an organization has no inbox there: by keys."""

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
    dependencies = [
        ("notifications", "0001_initial"),
        ("organizations", "0001_initial"),
    ]

    operations = [
        belonging("notifications_notification", "notifications_is_member"),
        belonging("notifications_preference", "notifications_choice_is_member"),
        belonging("notifications_mute", "notifications_mute_is_member"),
        belonging("notifications_digestday", "notifications_digest_is_member"),
    ]
