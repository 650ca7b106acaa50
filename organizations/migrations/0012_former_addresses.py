"""Addresses that organizations had before."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import organizations.tenancy.fields
import organizations.tenancy.models


class Migration(migrations.Migration):
    dependencies = [
        ("organizations", "0011_joining_role"),
    ]

    operations = [
        migrations.CreateModel(
            name="FormerAddress",
            fields=[
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        editable=False,
                    ),
                ),
                ("updated_at", organizations.tenancy.fields.UpdatedAt()),
                (
                    "id",
                    models.UUIDField(
                        default=organizations.tenancy.models.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("slug", models.SlugField(db_index=False)),
                ("left_at", models.DateTimeField()),
                (
                    "organization",
                    organizations.tenancy.fields.OrganizationKey(
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="organizations.organization",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "default_manager_name": "objects",
                "indexes": [
                    models.Index(fields=["slug"], name="organizations_former_slug")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "slug"),
                        name="organizations_former_uniq",
                    )
                ],
            },
        ),
    ]
