"""Whoever no longer belongs to an organization is in none of its teams: by a key."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("teams", "0001_initial"), ("organizations", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE teams_teammembership ADD CONSTRAINT teams_member_belongs"
            " FOREIGN KEY (organization_id, user_id)"
            " REFERENCES organizations_membership (organization_id, user_id)"
            " ON DELETE CASCADE DEFERRABLE INITIALLY IMMEDIATE",
            "ALTER TABLE teams_teammembership DROP CONSTRAINT teams_member_belongs",
        ),
    ]
