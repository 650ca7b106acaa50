"""A member may have one of the organization's own roles."""

import django.db.models.deletion
from django.db import migrations, models

import organizations.tenancy.fields


class Migration(migrations.Migration):
    dependencies = [("organizations", "0015_custom_roles")]

    operations = [
        migrations.AddField(
            model_name="membership",
            name="custom_role",
            field=organizations.tenancy.fields.TenantForeignKey(
                blank=True,
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="memberships",
                to="organizations.customrole",
            ),
        ),
        migrations.AddIndex(
            model_name="membership",
            index=models.Index(
                condition=models.Q(("custom_role", None), _negated=True),
                fields=["organization", "custom_role"],
                name="organizations_membership_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("role", "owner"), _negated=True),
                    ("custom_role", None),
                    _connector="OR",
                ),
                name="organizations_owner_is_whole",
            ),
        ),
    ]
