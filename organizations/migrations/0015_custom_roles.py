"""Roles that organizations put together themselves."""

import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

import organizations.tenancy.fields
import organizations.tenancy.models


class Migration(migrations.Migration):
    dependencies = [
        ("organizations", "0014_memory_goes_along"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CustomRole",
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
                ("name", models.CharField(max_length=50, verbose_name="name")),
                (
                    "base",
                    models.CharField(
                        choices=[
                            ("owner", "Owner"),
                            ("admin", "Admin"),
                            ("member", "Member"),
                            ("viewer", "Viewer"),
                        ],
                        default="member",
                        max_length=10,
                        verbose_name="built on",
                    ),
                ),
                ("abilities", models.JSONField(default=list, verbose_name="abilities")),
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
            },
        ),
        migrations.AddConstraint(
            model_name="customrole",
            constraint=models.UniqueConstraint(
                models.F("organization"),
                django.db.models.functions.text.Lower("name"),
                name="organizations_role_uniq",
            ),
        ),
        migrations.AddConstraint(
            model_name="customrole",
            constraint=models.CheckConstraint(
                condition=models.Q(("name", ""), _negated=True),
                name="organizations_role_not_empty",
            ),
        ),
        migrations.AddConstraint(
            model_name="customrole",
            constraint=models.CheckConstraint(
                condition=models.Q(("base__in", ["admin", "member", "viewer"])),
                name="organizations_role_base",
            ),
        ),
    ]
